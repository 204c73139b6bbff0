"""The four rules at their boundaries, and their precedence."""

import pytest

from qiportal.spc import analyse

C, UP, DOWN = "Common Cause", "Above UCL", "Below LCL"
RISE, FALL = "7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"
TWO_UP, TWO_DOWN = "2 in 3 Above CL", "2 in 3 Below CL"
HIGH, LOW = "7 Points Above CL", "7 Points Below CL"

# a fixed baseline of 12 points: mean 10, mean range 2, limits 4.68 and 15.32,
# outer zone beyond 6.4533 and 13.5467
BASE = [9, 11] * 6


def labels(tail, **options):
    options = {"fix_after_n": 12, "method": "xmr"} | options
    return list(analyse(BASE + tail, **options).special_cause[12:])


def test_a_point_on_a_limit_is_inside():
    assert labels([15.32, 10, 4.68]) == [C, C, C]
    assert labels([15.33, 10, 4.67]) == [UP, C, DOWN]


def test_a_limit_is_met_within_a_billionth():
    assert labels([15.32 + 1e-9]) == [C]
    assert labels([15.32 + 1e-6]) == [UP]


def test_points_within_a_billionth_of_the_mean_are_on_it():
    assert labels([9, 11] + [10 + 5e-9] * 7) == [C] * 9
    assert labels([11] + [10 - 5e-9] * 7) == [C] * 8


def test_points_within_a_billionth_of_the_outer_zone_are_outside_it():
    up, down = 10 + 2 / 3 * 5.32 + 5e-9, 10 - 2 / 3 * 5.32 - 5e-9
    assert labels([up, 11, up]) == [C, C, C]
    assert labels([9, down, 9, down]) == [C, C, C, C]


def test_steps_within_a_billionth_are_ties():
    assert labels([8, 8.5, 9, 9.5, 9.5 + 5e-9, 10.5, 11, 11.5]) == [C] * 8
    assert labels([12, 11.5, 11, 10.5, 10.5 - 5e-9, 9.5, 9, 8.5]) == [C] * 8


def test_two_of_three_in_the_outer_zone():
    assert labels([14, 11, 14]) == [TWO_UP, C, TWO_UP]
    assert labels([6, 6, 10]) == [C, C, C]
    assert labels([6, 6, 9]) == [TWO_DOWN, TWO_DOWN, C]


def test_two_of_three_needs_all_three_on_one_side():
    assert labels([14, 9, 14]) == [C, C, C]
    assert labels([14, 10, 14]) == [C, C, C]


def test_two_of_three_counts_a_point_beyond_the_limit():
    assert labels([16, 11, 14]) == [UP, C, TWO_UP]


def test_the_outer_zone_starts_beyond_its_line():
    zone = 10 + 2 / 3 * 5.32
    assert labels([zone, 11, 14]) == [C, C, C]


def test_seven_points_on_one_side():
    # the baseline ends on 11, above the mean, so a point below comes first
    assert labels([9] + [11, 12] * 3) == [C] * 7
    assert labels([9] + [11, 12] * 3 + [11]) == [C] + [HIGH] * 7


def test_a_point_on_the_mean_breaks_a_shift():
    assert labels([9, 11, 12, 11, 10, 11, 12, 11]) == [C] * 8


def test_the_baseline_counts_towards_a_shift():
    found = analyse(BASE + [12, 11] * 3, method="xmr", fix_after_n=12)
    assert list(found.special_cause[11:]) == [HIGH] * 7


def test_seven_points_rising():
    tail = [8, 8.5, 9, 9.5, 10.5, 11, 11.5]
    assert labels(tail) == [RISE] * 7
    assert labels(tail[:-1]) == [C] * 6


def test_a_tie_breaks_a_trend():
    assert labels([8, 8.5, 9, 9, 9.5, 10.5, 11, 11.5]) == [C] * 8


def test_the_turning_point_takes_the_direction_it_goes_on_in():
    up = [7, 8, 9, 9.5, 10.5, 11, 11.5]
    found = labels([*up, *reversed(up[:-1])])
    assert found == [RISE] * 6 + [FALL] * 7


def test_a_trend_that_crosses_the_mean_keeps_its_direction():
    found = analyse(
        BASE + [12.5, 12, 11.5, 10.5, 9.5, 9, 8.5],
        method="xmr",
        fix_after_n=12,
        improvement_direction="increase",
    )
    assert found.special_cause[12:] == (FALL,) * 7
    assert found.point_type[12] == "special_cause_concern"


def test_stronger_rules_win():
    assert labels([10.5, 11, 12, 13, 13.1, 13.2, 16]) == [RISE] * 6 + [UP]
    assert labels([9, 11, 11, 14, 14, 11, 11, 11]) == [
        *(C, HIGH, HIGH, TWO_UP, TWO_UP, HIGH, HIGH, HIGH),
    ]
    assert labels([9, 8.9, 8.8, 8.7, 8.6, 8.5, 8.4]) == [FALL] * 7


def test_low_labels():
    assert labels([9, 8, 9, 8, 9, 8, 9]) == [LOW] * 7
    assert labels([9.9, 5, 5]) == [C, TWO_DOWN, TWO_DOWN]


def test_nothing_runs_across_a_rebase():
    values = [9, 11] * 6 + [12] * 6
    found = analyse(values + [12.5], method="xmr", rebase_at=[12])
    assert set(found.special_cause[:12]) == {C}
    assert found.cl[11] == 10.0


def test_runs_join_across_missing_and_excluded_points():
    tail = [9, 11, 12, 11, 12, 11, 12, 11]
    assert labels([*tail[:4], None, *tail[4:]])[5:] == [HIGH] * 4
    assert labels([*tail[:4], 3, *tail[4:]], exclude=[16])[4:] == [DOWN] + [HIGH] * 4


def test_an_excluded_point_is_only_tested_against_the_limits():
    tail = [14, 11, 14]
    assert labels(tail, exclude=[14]) == [C, C, C]
    assert labels([14, 11, 16], exclude=[14]) == [C, C, UP]
    assert labels([6, 9, 4], exclude=[14]) == [C, C, DOWN]


def test_series_shorter_than_a_rule_are_common_cause():
    for count in range(1, 7):
        found = analyse(list(range(count)), method="xmr")
        assert set(found.special_cause) == {C}


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        ("increase", "special_cause_improvement", "special_cause_concern"),
        ("decrease", "special_cause_concern", "special_cause_improvement"),
        ("neutral", "special_cause_neutral_high", "special_cause_neutral_low"),
    ],
)
def test_point_types_follow_the_direction(direction, high, low):
    found = analyse(
        [*BASE, 16, None, 3, 10],
        method="xmr",
        fix_after_n=12,
        improvement_direction=direction,
    )
    assert found.point_type[12:] == (high, None, low, "common_cause")
    assert found.special_cause[13] is None
