"""Small numbers, hidden in a run's figures before anybody can read them.

How subgroups relate to people decides how they are checked:
  separate  each subgroup is a question of its own (items, stages)
  labels    the subgroups describe the same people as the empty one and share its mask;
            where it is hidden, they are left out
  cut       the subgroups split the trust's people (staff groups): published at the top
            only, and checked together with the unit tree
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qiportal.dashboard.facts import Facts
from qiportal.dashboard.suppression import Tree, suppress, tree_build, unsafe_cells
from qiportal.dashboard.tree import Forest, PeriodTree, month_end

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
MODES = ("separate", "labels", "cut")


class UnsafeFigures(Exception):
    """A published residual would be 1 to K-1: the run must not be published."""


@dataclass(frozen=True)
class Concealer:
    """What hiding needs to know of the trust: its tree, unit codes and K."""

    forest: Forest
    codes: Mapping[int, str]
    k: int

    def hide(self, facts: Facts, mode: str, base: Facts | None = None) -> None:
        """Blanks the rows that must not be shown.

        `base` (the total that `facts` is a part of) passes its own hidden cells on.
        Raises UnsafeFigures if the result would still give a small number away.
        """
        if mode == "cut":
            facts.keep(self._at_top_or_whole(facts))
        mask = np.zeros(len(facts), dtype=bool)
        for tree, periods in self._trees(facts):
            rows = np.flatnonzero(np.isin(facts.period, periods))
            mask[rows] = self._mask(facts, rows, tree, mode)
        if base is not None:
            mask |= _hidden_in(base, facts)
        facts.blank(mask)
        if mode == "labels":
            facts.keep(~facts.hidden | _whole(facts))

    def _at_top_or_whole(self, facts: Facts) -> Bools:
        """Whole units, and subgroups of a single top unit; no other cut is shown."""
        if not facts.periods:
            return _whole(facts)
        tops = list(self.forest.on(facts.periods[-1]).roots)
        at_top = np.isin(facts.unit, tops) & (len(tops) == 1)
        return _whole(facts) | at_top

    def _trees(self, facts: Facts) -> Iterator[tuple[PeriodTree, list[int]]]:
        """Each distinct tree with the periods (positions) that have it."""
        by_tree: dict[int, tuple[PeriodTree, list[int]]] = {}
        for i, period in enumerate(facts.periods):
            tree = self.forest.on(month_end(period.replace(day=1)))
            by_tree.setdefault(id(tree), (tree, []))[1].append(i)
        yield from by_tree.values()

    def _mask(self, facts: Facts, rows: Ints, period: PeriodTree, mode: str) -> Bools:
        cut = mode == "cut" and any(facts.subgroups[i] for i in set(facts.subgroup))
        tree = self._tree(period, facts.subgroups if cut else [])
        node, column, width, counted = self._cells(facts, rows, mode)
        counts = np.zeros((len(tree.codes), width))
        n = np.where(facts.hidden[rows], np.nan, facts.n[rows])
        counts[node[counted], column[counted]] = n[counted]
        hidden = suppress(tree, counts, k=self.k)
        if unsafe_cells(tree, counts, hidden, k=self.k):
            raise UnsafeFigures(f"{facts.code} would give a small number away")
        return hidden[node, column]

    def _cells(
        self, facts: Facts, rows: Ints, mode: str
    ) -> tuple[Ints, Ints, int, Bools]:
        """(node, column, number of columns, rows that carry the counts)."""
        node = self.forest.positions(facts.unit[rows].tolist())
        column, subgroup = facts.period[rows], facts.subgroup[rows]
        whole = _whole(facts)[rows]
        width = len(facts.periods)
        if mode == "separate":
            column = subgroup * width + column
            return node, column, width * len(facts.subgroups), np.ones(len(rows), bool)
        if mode == "labels":
            return node, column, width, whole
        extra = np.cumsum([name != "" for name in facts.subgroups]) - 1
        node = np.where(whole, node, len(self.forest.units) + extra[subgroup])
        return node, column, width, np.ones(len(rows), bool)

    def _tree(self, period: PeriodTree, subgroups: list[str]) -> Tree:
        parents = {
            self.codes[unit]: self.codes[up] if up is not None else None
            for unit, up in period.parents_by_id().items()
        }
        cells = [f"~{name}" for name in subgroups if name]
        return tree_build(parents, {"subgroup": cells} if cells else None)


def _whole(facts: Facts) -> Bools:
    """Rows about all people of a cell, not about a subgroup."""
    named = np.array([name == "" for name in facts.subgroups], dtype=bool)
    return named[facts.subgroup]


def _hidden_in(base: Facts, facts: Facts) -> Bools:
    """Which rows of `facts` lie in a unit and period that `base` hides."""
    hidden = {
        (unit, base.periods[period])
        for unit, period in zip(
            base.unit[base.hidden].tolist(),
            base.period[base.hidden].tolist(),
            strict=True,
        )
    }
    cells = zip(facts.unit.tolist(), facts.period.tolist(), strict=True)
    found = [(unit, facts.periods[period]) in hidden for unit, period in cells]
    return np.array(found, dtype=bool)
