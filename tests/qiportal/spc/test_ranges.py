"""The screened mean moving range and its guard."""

import pytest

from qiportal.spc import analyse

# sixteen ranges of 1, then two of 20: mean 56/18 = 3.11, cut-off 10.16
SPIKE = [5, 6] * 8 + [5, 25, 5]


def test_screening_drops_large_ranges_once():
    [segment] = analyse(SPIKE, method="xmr").segments
    assert segment.mean_range == 1.0
    assert segment.screened_out == 2
    assert segment.n_used == 19  # their points stay in the mean


def test_screening_can_be_switched_off():
    [segment] = analyse(SPIKE, method="xmr", screen_outliers=False).segments
    assert segment.mean_range == pytest.approx(56 / 18)
    assert segment.screened_out == 0


def test_screening_is_not_repeated():
    # ranges 1 x 10, 8 and 40; mean 58/12, cut-off 15.79: 8 stays, although
    # 8 > 3.267 x 18/11
    values = [0, 1] * 5 + [0, 8, 48]
    [segment] = analyse(values, method="xmr").segments
    assert segment.mean_range == pytest.approx(18 / 11)


def test_a_range_exactly_on_the_cut_off_is_dropped():
    # 32 ranges of 901/32... in thousandths: mean 1000, cut-off 3267
    small = (33_000 - 3_267) / 32
    values = [0, small] * 16 + [0, 3267]
    [segment] = analyse(values, method="i").segments
    assert segment.screened_out == 1


def test_guard_keeps_the_unscreened_mean_when_only_zeros_remain():
    found = analyse([5] * 11 + [9] + [5] * 8, method="xmr")
    assert found.segments[0].mean_range == pytest.approx(8 / 19)
    assert found.segments[0].screen_fallback
    assert "screen_fallback" in found.notes
    assert found.special_cause[0] != "Below LCL"


def test_guard_is_silent_without_screening():
    found = analyse([5] * 11 + [9] + [5] * 8, method="xmr", screen_outliers=False)
    assert "screen_fallback" not in found.notes


@pytest.mark.parametrize("method", ["xmr", "i", "t"])
def test_constant_series_has_limits_on_its_mean_and_no_flags(method):
    found = analyse([0.3] * 15, method=method)
    assert found.ucl[0] == pytest.approx(0.3)
    assert found.lcl[0] == pytest.approx(0.3)
    assert not any(found.sigma_signal)
    assert found.notes == ("constant",)
    assert set(found.special_cause) <= {"Common Cause", None}


def test_ranges_join_across_a_dropped_row_in_xmr_only():
    values = [1, 2, None, 10, 12]
    assert analyse(values, method="xmr", screen_outliers=False).segments[
        0
    ].mean_range == pytest.approx(11 / 3)
    assert analyse(values, method="i", screen_outliers=False).segments[
        0
    ].mean_range == pytest.approx(3 / 2)


@pytest.mark.parametrize("method", ["xmr", "i"])
def test_ranges_join_across_an_excluded_point(method):
    found = analyse([1, 2, 99, 10, 12], method=method, exclude=[2])
    assert found.cl[0] == 6.25
    assert found.segments[0].mean_range == pytest.approx(11 / 3)


def test_mr_joins_across_an_excluded_point_and_still_draws_it():
    found = analyse([1, 2, 99, 10, None, 12, 15], method="mr", exclude=[2])
    assert found.y == (None, 1.0, 97.0, 8.0, None, None, 3.0)
    assert found.cl[0] == 4.0
    assert found.missing == 1
