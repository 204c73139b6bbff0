"""From leaf rows to the figures of every unit: sums up the tree, medians per unit.

Pure numpy. Numerators, denominators and n are whole numbers or halves, so float64 adds
them exactly and in any order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qiportal.dashboard.tree import Forest, month_end

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
HIDDEN = "small_number"


class Leaf(NamedTuple):
    """One unit's own share of a figure. `hidden`: its publisher withheld the numbers.

    A None denominator is a plain count. `n` counts the people or things behind it.
    """

    unit_id: int
    period: date
    subgroup: str = ""
    numerator: float | None = None
    denominator: float | None = None
    n: float | None = None
    hidden: bool = False


class Raw(NamedTuple):
    """One observation behind a median."""

    unit_id: int
    period: date
    subgroup: str
    value: float


class Fact(NamedTuple):
    """One published figure, read back from its snapshot; numbers None when hidden."""

    indicator: str
    subgroup: str
    period: date
    numerator: float | None
    denominator: float | None
    value: float | None
    n: int | None
    hidden: bool


@dataclass
class Facts:
    """The figures of one indicator code, one row per (unit, subgroup, period).

    `unit` holds unit ids; `subgroup` and `period` index `subgroups` and `periods`.
    NaN means "no number".
    """

    code: str
    periods: list[date]
    subgroups: list[str]
    unit: Ints
    subgroup: Ints
    period: Ints
    numerator: Floats
    denominator: Floats
    value: Floats
    n: Floats
    hidden: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        if len(self.hidden) != len(self.unit):
            self.hidden = np.zeros(len(self.unit), dtype=bool)

    def __len__(self) -> int:
        return len(self.unit)

    def blank(self, rows: Bools) -> None:
        """Hides rows: no number of theirs is written anywhere."""
        self.hidden |= rows
        for column in (self.numerator, self.denominator, self.value, self.n):
            column[rows] = np.nan

    def keep(self, rows: Bools) -> None:
        """Drops every row not marked."""
        for name in ("unit", "subgroup", "period", "numerator", "denominator", "value"):
            setattr(self, name, getattr(self, name)[rows])
        self.n, self.hidden = self.n[rows], self.hidden[rows]

    def rows(self) -> Iterator[tuple]:
        """(code, unit, subgroup, period, numerator, denominator, value, n, reason)."""
        columns = (self.numerator, self.denominator, self.value, self.n)
        numbers = zip(*map(_numbers, columns), strict=True)
        keys = zip(
            self.unit.tolist(),
            [self.subgroups[i] for i in self.subgroup.tolist()],
            [self.periods[i] for i in self.period.tolist()],
            self.hidden.tolist(),
            strict=True,
        )
        for (unit, subgroup, period, hidden), found in zip(keys, numbers, strict=True):
            yield (self.code, unit, subgroup, period, *found, HIDDEN if hidden else "")


def _numbers(column: Floats) -> list[float | None]:
    known = np.isfinite(column).tolist()
    return [v if k else None for v, k in zip(column.tolist(), known, strict=True)]


@dataclass
class _Table:
    """Leaf rows spread over their ancestors: one row per leaf and unit above it."""

    periods: list[date]
    subgroups: list[str]
    keys: Ints
    source: Ints
    unit: Ints
    subgroup: Ints
    period: Ints


def sum_up(code: str, leaves: Sequence[Leaf], forest: Forest) -> Facts:
    """The figures of every unit with a leaf at or below it: parents are sums of parts.

    A denominator is missing only where no leaf has one. Rows whose publisher hid them
    count for nobody and come out hidden, whatever lies beneath them.
    """
    table = _spread(leaves, forest)
    first, place = _groups(table)
    numerator, denominator, n = _columns(leaves)
    withheld = np.array([leaf.hidden for leaf in leaves], dtype=bool)
    own = np.flatnonzero(_is_own(table, leaves) & withheld[table.source])
    hidden = np.zeros(len(first), dtype=bool)
    hidden[place[own]] = True
    facts = Facts(
        code=code,
        periods=table.periods,
        subgroups=table.subgroups,
        unit=table.unit[first],
        subgroup=table.subgroup[first],
        period=table.period[first],
        numerator=_total(numerator, table, place, len(first)),
        denominator=_total(denominator, table, place, len(first)),
        value=np.full(len(first), np.nan),
        n=_total(n, table, place, len(first)),
        hidden=hidden,
    )
    facts.blank(hidden)
    return facts


def medians(code: str, rows: Sequence[Raw], forest: Forest) -> Facts:
    """The median of each unit from the pooled rows at and below it, with its n."""
    table = _spread(rows, forest)
    first, place = _groups(table)
    values = np.array([row.value for row in rows], dtype=np.float64)[table.source]
    order = np.lexsort((values, place))
    values = values[order]
    sizes = np.bincount(place, minlength=len(first))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    low, high = starts + (sizes - 1) // 2, starts + sizes // 2
    empty = np.full(len(first), np.nan)
    middle = (values[low] + values[high]) / 2 if len(values) else empty
    return Facts(
        code=code,
        periods=table.periods,
        subgroups=table.subgroups,
        unit=table.unit[first],
        subgroup=table.subgroup[first],
        period=table.period[first],
        numerator=empty.copy(),
        denominator=empty.copy(),
        value=middle,
        n=sizes.astype(np.float64),
    )


def as_given(code: str, leaves: Sequence[Leaf]) -> Facts:
    """Published scores (the leaves' numerators), which do not add up: kept as value."""
    periods, subgroups = _names(leaves)
    scores, _, n = _columns(leaves)
    nothing = np.full(len(leaves), np.nan)
    facts = Facts(
        code=code,
        periods=periods,
        subgroups=subgroups,
        unit=np.array([leaf.unit_id for leaf in leaves], dtype=np.int64),
        subgroup=_positions([leaf.subgroup for leaf in leaves], subgroups),
        period=_positions([leaf.period for leaf in leaves], periods),
        numerator=nothing,
        denominator=nothing.copy(),
        value=scores,
        n=n,
        hidden=np.array([leaf.hidden for leaf in leaves], dtype=bool),
    )
    facts.blank(facts.hidden.copy())
    return facts


def only_own_share(leaves: Iterable[Leaf], forest: Forest) -> list[Leaf]:
    """Leaves of units that are published at several levels, made to add up.

    A survey may publish a division and, beside it, its wards. The division's figure
    already holds its wards, so what is left after taking the nearest published units
    beneath it is its own share; summed up again, every published figure comes out as
    it was given.
    """
    known: dict[tuple[date, str], dict[int, Leaf]] = {}
    rows = list(leaves)
    for leaf in rows:
        if not leaf.hidden:
            known.setdefault((leaf.period, leaf.subgroup), {})[leaf.unit_id] = leaf
    for (period, _), units in known.items():
        shares = dict(units)
        for unit, leaf in units.items():
            above = _nearest_above(unit, units, forest, period)
            if above is not None:
                shares[above] = _less(shares[above], leaf)
        units.update(shares)
    return [
        leaf if leaf.hidden else known[leaf.period, leaf.subgroup][leaf.unit_id]
        for leaf in rows
    ]


def _nearest_above(unit: int, units: dict, forest: Forest, period: date) -> int | None:
    ancestors = forest.on(month_end(period.replace(day=1))).ancestors.get(unit, ())
    return next((up for up in ancestors if up in units), None)


def _less(whole: Leaf, part: Leaf) -> Leaf:
    return whole._replace(
        numerator=_minus(whole.numerator, part.numerator),
        denominator=_minus(whole.denominator, part.denominator),
        n=_minus(whole.n, part.n),
    )


def _minus(whole: float | None, part: float | None) -> float | None:
    return whole if whole is None or part is None else whole - part


def _spread(rows: Sequence[Leaf] | Sequence[Raw], forest: Forest) -> _Table:
    periods, subgroups = _names(rows)
    unit = forest.positions([row.unit_id for row in rows])
    period = _positions([row.period for row in rows], periods)
    subgroup = _positions([row.subgroup for row in rows], subgroups)
    above = _ancestors(unit, period, periods, forest)
    source, level = np.nonzero(above >= 0)
    reached = above[source, level]
    keys = (reached * len(subgroups) + subgroup[source]) * len(periods) + period[source]
    return _Table(
        periods=periods,
        subgroups=subgroups,
        keys=keys,
        source=source,
        unit=forest.units[reached],
        subgroup=subgroup[source],
        period=period[source],
    )


def _ancestors(unit: Ints, period: Ints, periods: list[date], forest: Forest) -> Ints:
    """Positions of each row's unit and its ancestors in the tree of its period."""
    trees = [forest.on(month_end(day.replace(day=1))) for day in periods]
    depth = max((tree.above.shape[1] for tree in trees), default=1)
    above = np.full((len(unit), depth), -1, dtype=np.int64)
    for i, tree in enumerate(trees):
        mine = period == i
        above[mine, : tree.above.shape[1]] = tree.above[unit[mine]]
    return above


def _names(rows: Sequence[Leaf] | Sequence[Raw]) -> tuple[list[date], list[str]]:
    return sorted({row.period for row in rows}), sorted({row.subgroup for row in rows})


def _positions(values: list, names: list) -> Ints:
    place = {name: i for i, name in enumerate(names)}
    return np.array([place[value] for value in values], dtype=np.int64)


def _groups(table: _Table) -> tuple[Ints, Ints]:
    """First row of each (unit, subgroup, period), and each row's group."""
    _, first, place = np.unique(table.keys, return_index=True, return_inverse=True)
    return first, place


def _columns(leaves: Sequence[Leaf]) -> tuple[Floats, Floats, Floats]:
    def column(name: str) -> Floats:
        found = [getattr(leaf, name) for leaf in leaves]
        return np.array([np.nan if v is None else v for v in found], dtype=np.float64)

    return column("numerator"), column("denominator"), column("n")


def _total(column: Floats, table: _Table, place: Ints, size: int) -> Floats:
    """Sums per group; NaN where no row of the group has a number."""
    spread = column[table.source]
    known = np.isfinite(spread)
    total = np.bincount(place, weights=np.where(known, spread, 0), minlength=size)
    counted = np.bincount(place, weights=known, minlength=size)
    return np.where(counted > 0, total, np.nan)


def _is_own(table: _Table, leaves: Sequence[Leaf]) -> Bools:
    own = np.array([leaf.unit_id for leaf in leaves], dtype=np.int64)
    return table.unit == own[table.source]
