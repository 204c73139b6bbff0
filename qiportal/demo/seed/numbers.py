"""Figures of a measure over time, with the noise and the signals real ones have.

Pure functions over chance: no rows, no database. Levels are on the scale people read.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from qiportal.core.dates import add_months, month_start
from qiportal.demo.content import MeasureText
from qiportal.demo.seed.world import binomial, poisson

STEPS = {"weekly": 7, "fortnightly": 14}
OVERDISPERSION = 0.02
Level = Callable[[date], float]


@dataclass(frozen=True)
class Figure:
    """One period's number; `denominator` is None for plain values and counts."""

    day: date
    numerator: float
    denominator: float | None = None


def periods(frequency: str, first: date, last: date) -> list[date]:
    """The starts of the whole periods between two days."""
    if frequency in ("monthly", "quarterly"):
        step = 3 if frequency == "quarterly" else 1
        months = (last.year - first.year) * 12 + last.month - first.month
        return [add_months(month_start(first), n) for n in range(0, months, step)]
    step = STEPS[frequency]
    monday = first - timedelta(days=first.weekday())
    count = max(0, (last - monday).days // step)
    return [monday + timedelta(days=step * n) for n in range(count)]


def level_of(kind: str, start: float, goal: float, turn: date | None) -> Level:
    """How a measure's true level moves: not at all, in a step, slowly, or back."""
    span = goal - start

    def level(day: date) -> float:
        passed = (day - turn).days if turn else -1
        if passed < 0 or kind == "none":
            return start
        if kind == "trend":
            return start + span * min(1.0, passed / 150)
        if kind == "fade" and passed > 120:
            return start + span * max(0.15, 1 - (passed - 120) / 100)
        return start - span * 0.35 if kind == "worse" else goal

    return level


def figures(
    rng: Random, text: MeasureText, level: Level, first: date, last: date, factor: int
) -> list[Figure]:
    """The figures of a measure from a first to a last day.

    `factor` is what a rate is multiplied by before people read it.
    """
    if text.data_type in ("time_between", "cases_between"):
        return list(_events(rng, text, level, first, last))
    size = text.size * rng.uniform(0.75, 1.25)
    days = periods(text.frequency, first, last)
    return [_figure(rng, text, level(day), day, size, factor) for day in days]


def _figure(rng, text, level: float, day: date, size: float, factor: int) -> Figure:
    if text.data_type == "proportion":
        return _share(rng, text, level / 100, day, size)
    if text.data_type == "rate":
        whole = max(1, round(rng.gauss(size, size * 0.06)))
        return Figure(day, poisson(rng, max(level, 0) / factor * whole), whole)
    if text.data_type == "count":
        return Figure(day, poisson(rng, max(level, 0)))
    spread = text.size * math.sqrt(max(level, 0.1) / max(text.start, 0.1))
    digits = 0 if text.start >= 50 else 1
    value = max(0.1 if digits else 1, rng.gauss(level, spread))
    return Figure(day, round(value, digits))


def _share(rng, text, share: float, day: date, size: float) -> Figure:
    """Small groups keep their size, large ones vary; thousands vary beyond chance."""
    spread = 0.0 if text.size <= 12 else 0.12
    whole = max(3, round(rng.gauss(size if spread else text.size, size * spread)))
    if text.chart in ("pp", "up"):
        share += rng.gauss(0, OVERDISPERSION)
    return Figure(day, binomial(rng, whole, share), whole)


def _events(rng, text, level: Level, first: date, last: date) -> Iterator[Figure]:
    """Days, or cases, since the one before; no two events on one day."""
    day = first
    while True:
        mean = max(level(day), 1.0)
        gap = max(1, round(rng.expovariate(1 / mean)))
        step = gap if text.data_type == "time_between" else max(1, round(gap * 1.4))
        day += timedelta(days=step)
        if day > last:
            return
        yield Figure(day, gap)


def with_gaps(rng: Random, found: list[Figure]) -> list[Figure]:
    """Leaves out what nobody counted: single periods, and at times a holiday."""
    kept = [figure for figure in found if rng.random() > 0.035]
    if len(kept) > 20 and rng.random() < 0.14:
        hole = rng.randrange(5, len(kept) - 5)
        del kept[hole : hole + rng.randrange(2, 4)]
    return kept
