"""Centre lines and limits against numbers worked out by hand."""

import pytest

from qiportal.spc import SpcError, analyse
from qiportal.spc.limits import size_factors

NOT = None


def near(*numbers):
    return [None if x is None else pytest.approx(x, abs=5e-5) for x in numbers]


def lines(analysis, row=0):
    return [analysis.lcl[row], analysis.cl[row], analysis.ucl[row]]


def test_xmr_alternating():
    found = analyse([10, 12] * 7, method="xmr")
    assert lines(found, 13) == near(5.68, 11, 16.32)
    assert found.segments[0].mean_range == 2.0


def test_i_alternating():
    found = analyse([10, 12] * 7, method="i")
    assert lines(found) == near(11 - 6 / 1.128, 11, 11 + 6 / 1.128)


def test_mr_plots_ranges_with_a_fixed_factor():
    found = analyse([1, 4, 2, 7], method="mr")
    assert found.y == (None, 3.0, 2.0, 5.0)
    assert lines(found) == near(0, 10 / 3, 10.89)
    assert not any(found.sigma_signal)


def test_mr_signals_a_range_beyond_its_limit_but_never_a_run():
    found = analyse([1, 2] * 10 + [30], method="mr")
    assert found.sigma_signal[-1]
    assert not found.segments[0].runs_signal


def test_run_chart_has_a_median_and_no_limits():
    found = analyse([1, 9, 4, 2], method="run")
    assert lines(found) == [None, 3.0, None]
    assert found.segments[0].lcl is None


def test_c_chart_of_534_events_in_36_periods():
    found = analyse([14, 15, 15, 15, 15, 15] * 6, method="c")
    assert lines(found) == near(3.2791, 14.8333, 26.3876)


def test_c_chart_cannot_go_below_zero():
    assert lines(analyse([1, 1, 1], method="c")) == near(0, 1, 4)


def test_p_chart_limits_follow_each_group_size():
    found = analyse([3, 12], denominators=[50, 100], method="p")
    assert found.y == (0.06, 0.12)
    assert lines(found, 0) == near(0, 0.1, 0.227279)
    assert lines(found, 1) == near(0.01, 0.1, 0.19)
    assert found.segments[0].ucl is None


def test_p_chart_cannot_go_above_one():
    found = analyse([18, 18], denominators=[20, 20], method="p")
    assert lines(found) == near(0.698754, 0.9, 1)


@pytest.mark.parametrize(("events", "centre"), [([0, 0], 0.0), ([5, 9], 1.0)])
@pytest.mark.parametrize("method", ["p", "pp"])
def test_proportion_of_none_or_all_has_limits_on_the_centre(method, events, centre):
    found = analyse(events, denominators=[5, 9], method=method)
    assert lines(found, 1) == [centre, centre, centre]
    assert found.sigma_signal == (False, False)


@pytest.mark.parametrize("method", ["u", "up"])
def test_no_events_at_all_has_limits_on_zero(method):
    found = analyse([0, 0], denominators=[5, 9], method=method)
    assert lines(found) == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("method", ["p", "pp", "u", "up"])
def test_a_single_group_without_events_has_limits_on_zero(method):
    assert lines(analyse([0], denominators=[5], method=method)) == [0.0, 0.0, 0.0]


def test_nothing_is_flagged_where_one_limit_is_missing():
    found = analyse([-0.5, -0.5], method="g")
    assert found.ucl == (None, None)
    assert found.sigma_signal == (False, False)


def test_a_quotient_too_large_is_missing():
    found = analyse([1e308, 1], denominators=[1e-10, 2], method="i")
    assert found.y == (None, 0.5)


def test_impossible_proportion_has_no_limits():
    found = analyse([6, 7], denominators=[5, 5], method="p")
    assert lines(found) == near(NOT, 1.3, NOT)


def test_u_chart_limits_follow_each_exposure():
    found = analyse([2, 18], denominators=[100, 400], method="u")
    assert lines(found, 0) == near(0, 0.04, 0.1)
    assert lines(found, 1) == near(0.01, 0.04, 0.07)


def test_p_prime_widens_by_the_range_of_z():
    # P = 0.5, sigma = 0.05 each; z = -2, 2, -2: mean range 4
    found = analyse([40, 60, 40, 60], denominators=[100] * 4, method="pp")
    half = 3 * 0.05 * 4 / 1.128
    assert lines(found) == near(0, 0.5, min(1, 0.5 + half))
    assert found.segments[0].mean_range == pytest.approx(4)


def test_u_prime_widens_by_the_range_of_z():
    # U = 4, sigma = sqrt(4 / 4) = 1 each; z = -1, 1, -1: mean range 2
    found = analyse([12, 20, 12, 20], denominators=[4] * 4, method="up")
    assert lines(found) == near(0, 4, 4 + 6 / 1.128)


def test_g_chart_draws_the_median_and_limits_from_the_mean():
    found = analyse([1, 2, 3, 10], method="g")
    assert lines(found) == near(0, 2.5, 4 + 3 * 20**0.5)


def test_t_chart_works_on_the_transformed_scale():
    # z = 1, 2, 1, 2: mean 1.5, mean range 1
    found = analyse([1, 2**3.6, 1, 2**3.6], method="t")
    assert lines(found) == near(0, 1.5**3.6, (1.5 + 3 / 1.128) ** 3.6)


def test_t_chart_refuses_zero_even_where_excluded():
    with pytest.raises(SpcError) as caught:
        analyse([1, 0, 2], method="t", exclude=[1])
    assert caught.value.code == "t_needs_positive"


def test_t_chart_with_a_missing_time_is_fine():
    assert analyse([1, None, 2], method="t").n == 2


def test_xbar_and_s_of_pairs():
    pairs = [[1, 3], [5, 7]]  # means 2 and 6, both sds sqrt(2)
    xbar = analyse(None, subgroups=pairs, method="xbar")
    assert xbar.y == (2.0, 6.0)
    assert lines(xbar) == near(4 - 2.6587 * 2**0.5, 4, 4 + 2.6587 * 2**0.5)
    s = analyse(None, subgroups=pairs, method="s")
    assert lines(s) == near(0, 2**0.5, 3.26655 * 2**0.5)


def test_xbar_of_unequal_sizes_pools_the_sds():
    # sizes 3 and 2, means 2 and 6, sds 1 and sqrt(2)
    found = analyse(None, subgroups=[[1, 2, 3], [5, 7]], method="xbar")
    pooled = ((2 * 1 + 1 * 2) / 3) ** 0.5
    assert lines(found, 0) == near(3.6 - 1.9544 * pooled, 3.6, 3.6 + 1.9544 * pooled)
    assert lines(found, 1) == near(3.6 - 2.6587 * pooled, 3.6, 3.6 + 2.6587 * pooled)


def test_a_subgroup_of_one_is_drawn_without_limits():
    groups = [[1, 3], [4], [5, 7]]
    xbar = analyse(None, subgroups=groups, method="xbar")
    assert xbar.y[1] == 4.0
    assert lines(xbar, 1) == near(NOT, 4, NOT)
    s = analyse(None, subgroups=groups, method="s")
    assert list(s.y) == near(2**0.5, NOT, 2**0.5)
    assert s.missing == 1


def test_an_empty_subgroup_is_missing_and_sizes_stay_equal():
    found = analyse(None, subgroups=[[1, 3], None, [], [5, None, 7]], method="xbar")
    assert (found.n, found.missing) == (2, 2)
    assert lines(found, 0) == near(4 - 2.6587 * 2**0.5, 4, 4 + 2.6587 * 2**0.5)
    assert lines(found, 1) == near(NOT, 4, NOT)


@pytest.mark.parametrize(("method", "centre"), [("xbar", 4.0), ("s", 2**0.5)])
def test_freeze_and_exclude_reach_subgroup_charts(method, centre):
    groups = [[1, 3], [50, 90], [5, 7], [100, 300]]
    found = analyse(
        None, subgroups=groups, method=method, freeze_after_n=3, exclude=[1]
    )
    assert found.cl == (pytest.approx(centre),) * 4
    assert found.segments[0].n_used == 2


# A3, B3, B4 as printed in standard tables of control chart factors
@pytest.mark.parametrize(
    ("size", "a3", "b3", "b4"),
    [
        (2, 2.659, 0, 3.267),
        (5, 1.427, 0, 2.089),
        (6, 1.287, 0.030, 1.970),
        (10, 0.975, 0.284, 1.716),
        (25, 0.606, 0.565, 1.435),
    ],
)
def test_factors_match_the_printed_tables(size, a3, b3, b4):
    assert size_factors(size) == (
        pytest.approx(a3, abs=6e-4),
        pytest.approx(b3, abs=6e-4),
        pytest.approx(b4, abs=6e-4),
    )


@pytest.mark.parametrize("method", ["xmr", "i", "t", "pp"])
def test_one_point_has_a_centre_and_no_limits(method):
    found = analyse([5], denominators=[10], method=method)
    assert found.cl[0] is not None
    assert (found.lcl, found.ucl) == ((None,), (None,))
    assert found.sigma_signal == (False,)


def test_limits_by_size_are_missing_where_the_size_is():
    found = analyse([3, 4, None], denominators=[50, None, 60], method="p")
    assert found.cl == (0.06, 0.06, 0.06)
    assert [x is None for x in found.ucl] == [False, True, True]
    assert found.notes[0] == "missing_gap:2"


def test_constant_limits_stay_at_missing_rows():
    found = analyse([3, None, 5], method="c")
    assert lines(found, 1) == near(0, 4, 10)


@pytest.mark.parametrize("size", [0, -3, float("nan"), None])
@pytest.mark.parametrize("method", ["run", "xmr", "i", "p", "u"])
def test_a_denominator_that_cannot_be_is_missing(method, size):
    found = analyse([1, 2, 3], denominators=[10, size, 10], method=method)
    assert found.y == (0.1, None, 0.3)
    assert found.missing == 1


def test_without_denominators_a_p_chart_has_no_points():
    found = analyse([1, 2], method="p")
    assert (found.n, found.cl) == (0, (None, None))


def test_counts_ignore_denominators():
    assert analyse([3, 5], denominators=[0, 10], method="c").y == (3.0, 5.0)
