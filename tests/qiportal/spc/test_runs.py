"""Anhoj rules: bounds, ties, crossings."""

from math import comb

import pytest

from qiportal.spc import analyse
from qiportal.spc.runs import crossings_floor


def figures(values, **options):
    [*_, last] = analyse(values, method="run", **options).segments
    return (
        *(last.n_useful, last.longest_run, last.longest_run_max),
        *(last.n_crossings, last.n_crossings_min, last.runs_signal),
    )


@pytest.mark.parametrize(
    ("n", "longest", "crossings"),
    [(10, 6, 2), (12, 7, 3), (24, 8, 8), (36, 8, 13), (48, 9, 18)],
)
def test_bounds(n, longest, crossings):
    assert figures([0, 1] * (n // 2)) == (n, 1, longest, n - 1, crossings, False)


def test_the_crossings_bound_is_exact_up_to_300_points():
    for n in range(1, 301):
        total, k = 0, -1
        while total * 20 < 2 ** (n - 1):
            k += 1
            total += comb(n - 1, k)
        assert crossings_floor(n) == k


def test_a_run_longer_than_its_limit_signals():
    start = [0, 1] * 7 + [0]  # the median stays 0.5, frozen on the first two
    eight = figures([*start, *[1] * 8, 0], freeze_after_n=2)
    assert eight == (24, 8, 8, 16, 8, False)
    nine = figures([*start, *[1] * 9], freeze_after_n=2)
    assert nine == (24, 9, 8, 15, 8, True)


def test_fewer_crossings_than_expected_signal():
    assert figures([0, 0, 0, 1, 1, 1] * 4) == (24, 3, 8, 7, 8, True)
    assert figures([0, 0, 0, 1, 1, 1] * 3 + [0, 1, 0, 1, 0, 1])[3:] == (11, 8, False)


def test_points_on_the_median_are_passed_over():
    assert figures([1, 2, 2, 1, 3, 2, 3, 2]) == (4, 2, 5, 1, 0, False)


def test_points_within_a_billionth_of_the_median_are_on_it():
    assert figures([1, 2, 2 + 1e-10, 3, 2])[0] == 2


def test_nothing_off_the_median_has_no_figures():
    assert figures([4, 4, 4]) == (0, None, None, None, None, False)


def test_one_point_off_the_centre():
    [segment] = analyse([5, 9], method="run", freeze_after_n=1).segments
    assert (segment.n_useful, segment.longest_run, segment.n_crossings) == (1, 1, 0)


def test_runs_are_counted_within_a_segment():
    values = [0, 1] * 6 + [10, 11] * 6
    found = analyse(values, method="run", rebase_at=[12])
    assert [s.n_useful for s in found.segments] == [12, 12]
    assert [s.centre for s in found.segments] == [0.5, 10.5]


def test_missing_and_excluded_points_take_no_part():
    values = [0, 1, None, 0, 1, 50, 0, 1]
    assert figures(values, exclude=[5]) == (6, 1, 6, 5, 1, False)


def test_frozen_median_judges_later_points():
    found = analyse([1, 2, 3, 9, 9, 9], method="run", freeze_after_n=3)
    assert found.cl == (2.0,) * 6
    assert found.segments[0].longest_run == 4


def test_shewhart_runs_use_their_own_centre():
    [segment] = analyse([0, 0, 0, 8], method="c").segments
    assert (segment.centre, segment.n_useful, segment.longest_run) == (2.0, 4, 3)
