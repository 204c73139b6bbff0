"""One run's figures, indicator by indicator: leaves, sums, hiding, checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from qiportal.dashboard.checks import check_numbers, check_sums
from qiportal.dashboard.facts import (
    Facts,
    Leaf,
    as_given,
    medians,
    only_own_share,
    sum_up,
)
from qiportal.dashboard.hiding import Concealer
from qiportal.dashboard.indicators import Indicator
from qiportal.dashboard.leaves.base import Window
from qiportal.dashboard.tree import Forest


@dataclass(frozen=True)
class Workshop:
    """What every indicator of a run is computed with."""

    window: Window
    forest: Forest
    codes: dict[int, str]

    def figures(self, indicator: Indicator) -> Iterator[Facts]:
        """The checked figures of an indicator, or of each member of its family.

        Raises RollupRefused or UnsafeFigures when they must not be published.
        """
        if not indicator.prefix:
            yield self._figure(
                indicator, indicator.code, indicator.leaf_rows(self.window)
            )
            return
        families = cast(Mapping[str, list[Leaf]], indicator.leaf_rows(self.window))
        totals: dict[str, Facts] = {}
        for code, rows in sorted(families.items()):
            total = totals.get(code.rpartition(".")[0])
            totals[code] = self._figure(indicator, code, rows, total)
            yield totals[code]

    def _figure(
        self,
        indicator: Indicator,
        code: str,
        rows: Iterable[Any],
        total: Facts | None = None,
    ) -> Facts:
        facts = self._added_up(indicator, code, list(rows))
        check_numbers(facts, indicator.kind)
        if indicator.hide:
            hider = Concealer(self.forest, self.codes, indicator.floor)
            hider.hide(facts, indicator.hide, total)
            check_numbers(facts, indicator.kind)
        return facts

    def _added_up(self, indicator: Indicator, code: str, rows: list) -> Facts:
        if indicator.kind == "median":
            return medians(code, rows, self.forest)
        if indicator.kind == "given":
            return as_given(code, rows)
        shares: list[Leaf] = rows
        if indicator.several_levels:
            shares = only_own_share(rows, self.forest)
        facts = sum_up(code, shares, self.forest)
        check_sums(facts, shares, self.forest)
        return facts
