"""The unit tree as it stood in each period, as arrays of ancestors. Pure numpy."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
PART = 9  # eight digits and a slash


def path_ids(path: str) -> list[int]:
    """The unit ids of a materialised path, root first."""
    return [int(path[at : at + PART - 1]) for at in range(0, len(path), PART)]


@dataclass(frozen=True, eq=False)
class PeriodTree:
    """The tree of one or more periods.

    `units` holds all unit ids, ascending; `above[i]` the positions of unit i and its
    ancestors (itself first), -1 where there is none; `parent[i]` the position of its
    parent or -1. `ancestors` names a unit's ancestors by id, nearest first.
    """

    units: Ints
    above: Ints
    parent: Ints
    ancestors: Mapping[int, Sequence[int]]

    @cached_property
    def roots(self) -> frozenset[int]:
        """The ids of the units at the top."""
        return frozenset(self.units[self.parent < 0].tolist())

    def parents_by_id(self) -> dict[int, int | None]:
        """unit id -> parent's id, None for a root."""
        ids = self.units.tolist()
        return {
            unit: ids[up] if up >= 0 else None
            for unit, up in zip(ids, self.parent.tolist(), strict=True)
        }


class Forest:
    """All placements of all units; answers with the tree of a day.

    On a day a unit stands where it was last placed by then. A unit asked about before
    its first placement stands where it was first placed, so that no figure is lost.
    """

    def __init__(self, placements: Iterable[tuple[int, date, str]]) -> None:
        """`placements`: (unit id, valid from, path) rows in any order."""
        self._history: dict[int, tuple[list[date], list[str]]] = {}
        for unit, since, path in sorted(placements):
            days, paths = self._history.setdefault(unit, ([], []))
            days.append(since)
            paths.append(path)
        self.units = np.array(sorted(self._history), dtype=np.int64)
        self._trees: dict[tuple[str, ...], PeriodTree] = {}
        self._days: dict[date, PeriodTree] = {}

    def on(self, day: date) -> PeriodTree:
        """The tree of a day; days with the same tree share one object."""
        if day not in self._days:
            self._days[day] = self._shared(day)
        return self._days[day]

    def _shared(self, day: date) -> PeriodTree:
        paths = tuple(self._path(unit, day) for unit in self._history)
        if paths not in self._trees:
            placed = dict(zip(self._history, paths, strict=True))
            self._trees[paths] = self._build(placed)
        return self._trees[paths]

    def positions(self, units: Sequence[int]) -> Ints:
        """Positions of unit ids in `units`. Raises ValueError for an unplaced unit."""
        wanted = np.array(units, dtype=np.int64)
        known = np.isin(wanted, self.units)
        if not known.all():
            raise ValueError(
                "A figure belongs to a unit that has no place in the tree."
            )
        return np.searchsorted(self.units, wanted)

    def _path(self, unit: int, day: date) -> str:
        days, paths = self._history[unit]
        return paths[max(bisect_right(days, day) - 1, 0)]

    def _build(self, paths: Mapping[int, str]) -> PeriodTree:
        place = {unit: i for i, unit in enumerate(self.units.tolist())}
        chains = [path_ids(paths[unit])[::-1] for unit in place]
        depth = max((len(chain) for chain in chains), default=1)
        above = np.full((len(chains), depth), -1, dtype=np.int64)
        for row, chain in enumerate(chains):
            above[row, : len(chain)] = [place[unit] for unit in chain]
        parent = above[:, 1] if depth > 1 else np.full(len(chains), -1, dtype=np.int64)
        ancestors = {chain[0]: chain[1:] for chain in chains}
        return PeriodTree(self.units, above, parent, ancestors)


def month_end(month: date) -> date:
    """The last day of a month given by its first."""
    nxt = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(nxt.toordinal() - 1)


def months_until(day: date, count: int) -> Sequence[date]:
    """The firsts of the `count` months that end with the day's own, ascending."""
    last = day.year * 12 + day.month - 1
    return [date(i // 12, i % 12 + 1, 1) for i in range(last - count + 1, last + 1)]
