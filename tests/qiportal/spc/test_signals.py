"""Where shifts, trends and runs begin and end."""

import pytest

from qiportal.spc import (
    Signal,
    analyse,
    signal_latest,
    signals_find,
    step_change_suggest,
)

BASE = [9, 11] * 6  # mean 10


def fixed(tail, **options):
    return analyse(BASE + tail, method="xmr", fix_after_n=12, **options)


def test_nothing_sustained():
    assert signals_find(fixed([10, 16])) == []
    assert signal_latest(fixed([])) is None
    assert signals_find(analyse([], method="xmr")) == []


def test_a_shift_starts_where_the_baseline_already_leans():
    assert signals_find(fixed([12] * 6)) == [Signal("shift", "high", 11, 17, 7)]


def test_six_points_are_no_shift():
    assert signals_find(fixed([9, 12, 11, 12, 11, 12, 11])) == []


def test_a_trend_spans_its_first_point_too():
    found = signals_find(fixed([8, 8.5, 9, 9.5, 10.5, 11, 11.5]))
    assert found == [Signal("trend", "high", 12, 18, 7)]


def test_signals_pass_over_missing_and_excluded_points():
    found = signals_find(fixed([9, 8, None, 9, 8, 99, 9, 8, 9], exclude=[17]))
    assert found == [Signal("shift", "low", 12, 20, 7)]


def test_the_latest_signal_ends_last_and_of_two_is_the_longer():
    trend_within_shift = fixed([9, 8.9, 8.8, 8.7, 8.6, 8.5, 8.4])
    assert signal_latest(trend_within_shift) == Signal("trend", "low", 11, 18, 8)
    two = fixed([12] * 7 + [9] * 7)
    assert signal_latest(two) == Signal("shift", "low", 19, 25, 7)


def test_only_the_newest_segment_counts():
    values = BASE + [12] * 9
    assert signals_find(analyse(values, method="xmr", rebase_at=[12])) == []


def test_a_run_counts_useful_points_only():
    values = [0, 1] * 7 + [0] + [1] * 5 + [0.5] + [1] * 5
    found = analyse(values, method="run", freeze_after_n=2)
    assert signals_find(found) == [Signal("run", "high", 15, 25, 10)]


def test_runs_within_their_limit_are_no_signal():
    found = analyse([0, 0, 0, 1, 1, 1] * 4, method="run")
    assert found.segments[0].runs_signal
    assert signals_find(found) == []
    at_limit = analyse([0] * 8 + [1] * 8 + [0] * 4 + [1] * 4, method="run")
    assert at_limit.segments[0].longest_run == at_limit.segments[0].longest_run_max
    assert at_limit.segments[0].runs_signal
    assert signals_find(at_limit) == []


def test_mr_has_no_sustained_signal():
    assert signals_find(analyse([1, 1, 1, 1, 9, 1] * 5, method="mr")) == []


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ([9] + [12] * 8, Signal("shift", "high", 13, 20, 8)),
        ([9] + [12] * 7, None),
        ([9] + [12] * 8 + [9], None),
        ([9] + [12] * 8 + [None], Signal("shift", "high", 13, 20, 8)),
        ([], None),
    ],
)
def test_a_step_change_is_suggested_after_eight_points_up_to_the_latest(tail, expected):
    assert step_change_suggest(fixed(tail)) == expected


def test_a_step_change_on_a_run_chart_and_on_nothing():
    values = [0, 1] * 7 + [0] + [1] * 8
    found = analyse(values, method="run", freeze_after_n=2)
    assert step_change_suggest(found) == Signal("run", "high", 15, 22, 8)
    assert step_change_suggest(analyse([], method="run")) is None
    assert step_change_suggest(analyse([None], method="run")) is None
    assert step_change_suggest(analyse([None], method="xmr")) is None
