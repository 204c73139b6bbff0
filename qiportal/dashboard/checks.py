"""What must hold of a run's figures before it may be published."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from qiportal.dashboard.facts import Facts, Leaf
from qiportal.dashboard.tree import Forest, month_end


class RollupRefused(Exception):
    """A figure contradicts its parts: the run stays unpublished. Names no number."""


def check_sums(facts: Facts, leaves: Sequence[Leaf], forest: Forest) -> None:
    """The top of the tree holds exactly what the leaves add up to.

    Raises RollupRefused. Must run before small numbers are hidden.
    """
    for column in ("numerator", "denominator", "n"):
        if _of_leaves(leaves, column) != _of_roots(facts, column, forest):
            raise RollupRefused(f"{facts.code}: {column} of the top is not its parts'")


def _of_leaves(leaves: Sequence[Leaf], column: str) -> dict[tuple[date, str], float]:
    found: dict[tuple[date, str], float] = {}
    for leaf in leaves:
        number = getattr(leaf, column)
        if number is not None and not leaf.hidden:
            key = leaf.period, leaf.subgroup
            found[key] = found.get(key, 0.0) + number
    return found


def _of_roots(facts: Facts, column: str, forest: Forest) -> dict:
    found: dict[tuple[date, str], float] = {}
    roots = [forest.on(_day(period)).roots for period in facts.periods]
    rows = zip(
        facts.unit.tolist(),
        facts.period.tolist(),
        facts.subgroup.tolist(),
        getattr(facts, column).tolist(),
        strict=True,
    )
    for unit, period, subgroup, number in rows:
        if unit in roots[period] and np.isfinite(number):
            key = facts.periods[period], facts.subgroups[subgroup]
            found[key] = found.get(key, 0.0) + number
    return found


def _day(period: date) -> date:
    return month_end(period.replace(day=1))


def check_numbers(facts: Facts, kind: str) -> None:
    """Every row has its numbers, or none at all and a reason. Raises RollupRefused."""
    shown = ~facts.hidden
    main = facts.value if kind in ("median", "given") else facts.numerator
    columns = (facts.numerator, facts.denominator, facts.value, facts.n)
    if not np.isfinite(main[shown]).all():
        raise RollupRefused(f"{facts.code}: a figure without its number")
    if any(np.isinf(column).any() for column in columns):
        raise RollupRefused(f"{facts.code}: an infinite number")
    if any(np.isfinite(column[facts.hidden]).any() for column in columns):
        raise RollupRefused(f"{facts.code}: a hidden figure holds a number")
    if (facts.n[shown] < 0).any() or (facts.denominator[shown] < 0).any():
        raise RollupRefused(f"{facts.code}: a count below zero")
