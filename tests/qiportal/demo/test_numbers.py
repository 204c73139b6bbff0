"""Figures of measures: plausible sizes, and signals where a change was meant."""

from datetime import date

import numpy as np
import pytest

from qiportal.demo.content import archetypes
from qiportal.demo.seed.numbers import figures, level_of, periods, with_gaps
from qiportal.demo.seed.world import binomial, poisson, stream, weighted
from qiportal.spc import analyse

FIRST, TURN, LAST = date(2024, 1, 1), date(2025, 1, 1), date(2025, 12, 31)
MEASURES = [
    pytest.param(measure, id=f"{kind.slug}-{number}")
    for kind in archetypes()
    for number, measure in enumerate(kind.measures)
]


def test_whole_periods_only():
    assert periods("monthly", date(2025, 1, 15), date(2025, 4, 20)) == [
        date(2025, 1, 1),
        date(2025, 2, 1),
        date(2025, 3, 1),
    ]
    assert periods("weekly", date(2025, 1, 1), date(2025, 1, 14)) == [
        date(2024, 12, 30),
        date(2025, 1, 6),
    ]


def test_levels_move_as_they_are_told():
    shift = level_of("shift", 40.0, 80.0, TURN)
    assert [shift(FIRST), shift(TURN)] == [40.0, 80.0]
    trend = level_of("trend", 40.0, 80.0, TURN)
    assert trend(date(2025, 3, 17)) == 60.0
    assert level_of("fade", 40.0, 80.0, TURN)(LAST) == 46.0
    assert level_of("worse", 40.0, 80.0, TURN)(LAST) == 26.0
    assert level_of("none", 40.0, 80.0, None)(LAST) == 40.0


@pytest.mark.parametrize("text", MEASURES)
def test_figures_fit_their_measure(text):
    level = level_of("none", text.start, text.goal, None)
    found = figures(stream(text.name), text, level, FIRST, LAST, 1000)
    days = [figure.day for figure in found]
    assert found
    assert days == sorted(set(days))
    assert all(FIRST.year - 1 <= day.year <= LAST.year for day in days)
    assert all(figure.numerator >= 0 for figure in found)
    divided = text.data_type in ("proportion", "rate")
    assert all((figure.denominator is not None) == divided for figure in found)
    if text.data_type == "proportion":
        assert all(figure.numerator <= figure.denominator for figure in found)
    if text.data_type == "time_between":
        assert min(figure.numerator for figure in found) >= 1


def test_a_shift_is_seen_on_the_chart_and_its_absence_is_not():
    text = archetypes()[0].measures[0]
    seen = {}
    for kind in ("shift", "none"):
        level = level_of(kind, 10.0, 2.0, TURN)
        found = figures(stream(kind), text, level, FIRST, LAST, 100)
        values = [figure.numerator / figure.denominator for figure in found]
        seen[kind] = analyse(values, method="run").segments[-1].runs_signal
    assert seen == {"shift": True, "none": False}


def test_gaps_are_few():
    text = archetypes()[0].measures[1]
    level = level_of("none", 60.0, 60.0, None)
    drawn = figures(stream("gaps"), text, level, FIRST, LAST, 100)
    kept = with_gaps(stream("gaps"), drawn)
    assert 0.8 * len(drawn) < len(kept) < len(drawn)


def test_chance_has_the_right_middle():
    rng = stream("chance")
    assert np.mean([poisson(rng, 3.0) for _ in range(4000)]) == pytest.approx(3, 0.05)
    assert np.mean([poisson(rng, 90.0) for _ in range(2000)]) == pytest.approx(90, 0.02)
    assert np.mean([binomial(rng, 20, 0.3) for _ in range(4000)]) == pytest.approx(
        6, 0.05
    )
    assert np.mean([binomial(rng, 500, 0.3) for _ in range(2000)]) == pytest.approx(
        150, 0.02
    )
    assert poisson(rng, 0) == 0
    assert binomial(rng, 7, 1.3) == 7
    assert weighted(rng, {"only": 1, "never": 0}) == "only"
