"""Variation from the latest point, assurance from the newest limits."""

import pytest

from qiportal.spc import analyse

BASE = [9, 11] * 6  # mean 10, limits 4.68 and 15.32


def found(values, **options):
    return analyse(values, method="xmr", fix_after_n=12, **options)


@pytest.mark.parametrize(
    ("last", "direction", "icon"),
    [
        (10, "increase", "common_cause"),
        (16, "increase", "improvement_high"),
        (16, "decrease", "concern_high"),
        (16, "neutral", "neutral_high"),
        (4, "increase", "concern_low"),
        (4, "decrease", "improvement_low"),
        (4, "neutral", "neutral_low"),
    ],
)
def test_variation_is_the_state_of_the_latest_point(last, direction, icon):
    analysis = found([*BASE, last], improvement_direction=direction)
    assert analysis.variation_icon == icon


def test_variation_looks_past_missing_rows_and_forgets_earlier_points():
    assert found([*BASE, 16, None]).variation_icon == "neutral_high"
    assert found([*BASE, 16, 10]).variation_icon == "common_cause"


def test_a_falling_trend_above_the_mean_is_low():
    values = [*BASE, 13, 12.5, 12, 11.5, 11, 10.8, 10.5]
    analysis = found(values, improvement_direction="decrease")
    assert analysis.variation_icon == "improvement_low"


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (15.4, "fail", "pass"),
        (15.32, "hit_or_miss", "hit_or_miss"),
        (10, "hit_or_miss", "hit_or_miss"),
        (4.68, "hit_or_miss", "hit_or_miss"),
        (4.6, "pass", "fail"),
    ],
)
def test_assurance_compares_target_and_limits(target, up, down):
    def icon(direction):
        options = {"target": target, "improvement_direction": direction}
        return found(BASE, **options).assurance_icon

    assert (icon("increase"), icon("decrease"), icon("neutral")) == (up, down, None)


def test_assurance_by_hand_target_on_the_limit():
    analysis = analyse(
        [10, 12] * 7, method="xmr", target=16.32, improvement_direction="increase"
    )
    assert analysis.assurance_icon == "hit_or_miss"


@pytest.mark.parametrize("target", [None, float("nan")])
def test_no_target_no_assurance(target):
    options = {"target": target, "improvement_direction": "increase"}
    assert found(BASE, **options).assurance_icon is None


def test_assurance_uses_the_limits_after_a_rebase():
    values = [9, 11] * 6 + [29, 31] * 6
    analysis = analyse(
        values,
        method="xmr",
        rebase_at=[12],
        target=20,
        improvement_direction="increase",
    )
    assert analysis.assurance_icon == "pass"


def test_without_limits_a_target_is_hit_or_miss():
    options = {"target": 3, "improvement_direction": "increase", "method": "xmr"}
    assert analyse([5], **options).assurance_icon == "hit_or_miss"


@pytest.mark.parametrize("method", ["run", "i", "c"])
def test_other_methods_have_no_icons(method):
    analysis = analyse(
        [*BASE, 99], method=method, target=5, improvement_direction="increase"
    )
    assert (analysis.variation_icon, analysis.assurance_icon) == (None, None)
    assert set(analysis.special_cause) == set(analysis.point_type) == {None}
