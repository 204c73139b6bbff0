"""Rebase, fix, freeze, exclusion, missing rows, notes."""

import pytest

from qiportal.spc import SpcError, analyse, few_points_status, run_verdict_allowed


def spans(analysis):
    return [(s.start, s.end, s.n, s.n_used) for s in analysis.segments]


def test_segments_tile_the_series():
    found = analyse([1] * 10, method="xmr", rebase_at=[7, 3, 3])
    assert spans(found) == [(0, 2, 3, 3), (3, 6, 4, 4), (7, 9, 3, 3)]


@pytest.mark.parametrize("at", [0, -1, 10, 99])
def test_a_rebase_outside_the_series_is_ignored(at):
    assert spans(analyse([1] * 10, method="xmr", rebase_at=[at])) == [(0, 9, 10, 10)]


def test_row_numbers_count_missing_rows():
    found = analyse([1, None, 1, None, 5, 5], method="xmr", rebase_at=[3])
    assert found.cl == (1.0, None, 1.0, None, 5.0, 5.0)
    assert spans(found) == [(0, 2, 2, 2), (3, 5, 2, 2)]


def test_a_segment_without_points_has_no_centre():
    found = analyse([1, 2, None], method="run", rebase_at=[2])
    assert found.cl == (1.5, 1.5, None)
    assert found.segments[1].centre is None


def test_fix_takes_the_first_non_missing_points():
    values = [9, None, 11] + [9, 11] * 5 + [50, 60]
    found = analyse(values, method="xmr", fix_after_n=12)
    assert found.cl[0] == found.cl[-1] == 10.0
    assert spans(found) == [(0, 14, 14, 12)]
    assert found.special_cause[13:] == ("Above UCL", "Above UCL")


def test_fix_skips_excluded_points_among_its_first():
    values = [9, 500, 11] + [9, 11] * 5
    found = analyse(values, method="xmr", fix_after_n=13, exclude=[1])
    assert (found.cl[0], found.segments[0].n_used) == (10.0, 12)


def test_fix_per_segment():
    values = [9, 11] * 7 + [90] * 2 + [1, 3] * 7 + [90] * 2
    found = analyse(values, method="xmr", rebase_at=[16], fix_after_n=[None, 14])
    assert [s.n_used for s in found.segments] == [16, 14]
    assert (found.cl[0], found.cl[-1]) == (20.0, 2.0)


def test_fix_for_a_segment_that_has_not_begun():
    found = analyse([9, 11] * 7, method="xmr", rebase_at=[14], fix_after_n=[12, 12])
    assert spans(found) == [(0, 13, 14, 12)]


def test_fix_longer_than_the_series_uses_all_of_it():
    assert spans(analyse([1, 2], method="xmr", fix_after_n=12)) == [(0, 1, 2, 2)]


@pytest.mark.parametrize("fix", [11, 0, -1, [12, 11]])
def test_fix_below_twelve_is_refused(fix):
    with pytest.raises(SpcError) as caught:
        analyse([1] * 30, method="xmr", rebase_at=[15], fix_after_n=fix)
    assert caught.value.code == "fix_too_short"


@pytest.mark.parametrize(
    ("fix", "code"),
    [([12], "length_mismatch"), ([12] * 3, "length_mismatch"), (12.5, "bad_input")],
)
def test_fix_must_name_each_segment(fix, code):
    with pytest.raises(SpcError) as caught:
        analyse([1] * 30, method="xmr", rebase_at=[15], fix_after_n=fix)
    assert caught.value.code == code


def test_fix_concerns_xmr_alone():
    assert analyse([1, 2, 9], method="i", fix_after_n=2).cl[0] == 4.0


def test_freeze_counts_rows():
    found = analyse([4, None, 6, 100], method="c", freeze_after_n=3)
    assert (found.cl[3], found.segments[0].n_used) == (5.0, 2)
    assert found.sigma_signal == (False, False, False, True)


@pytest.mark.parametrize("freeze", [None, 0, -2, 99])
def test_freeze_of_nothing_or_everything_changes_nothing(freeze):
    assert analyse([1, 2, 9], method="i", freeze_after_n=freeze).cl[0] == 4.0


def test_freeze_is_ignored_after_a_rebase_and_by_xmr():
    rebased = analyse([1, 3, 5, 7], method="i", freeze_after_n=1, rebase_at=[2])
    assert rebased.cl == (2.0, 2.0, 6.0, 6.0)
    assert analyse([1, 2, 9], method="xmr", freeze_after_n=1).cl[0] == 4.0


def test_excluded_points_are_drawn_and_tested():
    found = analyse([10, 12] * 6 + [60], method="i", exclude=[12, 99, -1])
    assert found.y[12] == 60.0
    assert found.cl[0] == 11.0
    assert found.sigma_signal[12]
    assert found.excluded == (False,) * 12 + (True,)


def test_everything_excluded_leaves_no_centre():
    found = analyse([1, 2, 3], method="xmr", exclude=[0, 1, 2])
    assert found.cl == (None, None, None)
    assert set(found.special_cause) == {"Common Cause"}


def test_provisional_below_twelve_points_of_a_segment():
    values = [1, 2] * 6 + [None] + [1, 2] * 5
    found = analyse(values, method="xmr", rebase_at=[12])
    assert found.provisional == (False,) * 12 + (None,) + (True,) * 10


@pytest.mark.parametrize(
    ("values", "method", "notes"),
    [
        ([1, 2] * 6, "xmr", ()),
        ([1, 2] * 5, "xmr", ("trial_limits",)),
        ([1, 2] * 5, "run", ()),
        ([1, 2, None], "xmr", ("missing_dropped:1", "too_few_points")),
        ([1, 2, None], "run", ("missing_dropped:1", "too_few_points")),
        ([1, None, None], "c", ("missing_gap:2", "too_few_points")),
        ([], "xmr", ()),
        ([7], "xmr", ("too_few_points",)),
    ],
)
def test_notes(values, method, notes):
    assert analyse(values, method=method).notes == notes


@pytest.mark.parametrize(
    ("n", "status"),
    [
        *((0, "too_few"), (7, "too_few"), (8, "trial"), (11, "trial")),
        *((12, "full"), (500, "full")),
    ],
)
@pytest.mark.parametrize("method", ["run", "xmr", "p", "s"])
def test_few_points_status(n, status, method):
    assert few_points_status(n, method) == status


def test_few_points_status_needs_a_method():
    with pytest.raises(SpcError) as caught:
        few_points_status(3, "pie")
    assert caught.value.code == "unknown_method"


@pytest.mark.parametrize(
    ("n", "useful", "allowed"),
    [
        *((7, 7, False), (8, 8, False), (9, 9, False), (10, 10, True)),
        *((11, 10, True), (11, 9, False), (8, None, False), (12, 2, True)),
    ],
)
def test_run_verdict_needs_ten_useful_points_below_twelve(n, useful, allowed):
    assert run_verdict_allowed(n, useful) is allowed
