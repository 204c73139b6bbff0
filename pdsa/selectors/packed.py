"""Many measures at once: their points side by side, as the engine's batch door wants.

Points come packed (`pdsa.engine.points_packed`), are grouped by chart and length, and
laid out as series x periods. No loop runs over points, and none over measures but for
the few that have phases.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from pdsa import engine
from pdsa.models import Measure, Phase
from pdsa.selectors.series import DIRECTIONS, DIVIDED, period_steps, with_target
from qiportal.spc import Batch, analyse_many

UNDIVIDED = ("c", "g", "t")
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Points = NDArray[np.void]


@dataclass(frozen=True)
class Facts:
    """What the analysis of one measure needs besides its points."""

    id: int
    method: str
    frequency: str
    direction: str
    screen: bool
    target: float


@dataclass(frozen=True)
class Laid:
    """One measure's points: its rows `first` to `last` (exclusive) of all points."""

    facts: Facts
    first: int
    last: int


@dataclass(frozen=True)
class Group:
    """Measures alike in chart and about as long."""

    method: str
    has_sizes: bool
    series: list[Laid]


@dataclass(frozen=True)
class Layout:
    """An analysed group. `row`, `column` say where point `taken` of all points lies.

    `days` (days since 1970, 0 in gaps) and `phase` (counted from 1) are matrices like
    those of the batch.
    """

    series: list[Laid]
    batch: Batch
    row: Ints
    column: Ints
    taken: Ints
    days: Ints
    phase: Ints


def facts_of(measures: QuerySet[Measure]) -> dict[int, Facts]:
    """measure id -> what its analysis needs, in one query."""
    columns = ("id", "chart_type", "frequency", "direction", "screen", "target_now")
    rows = with_target(measures).order_by().values_list(*columns)
    return {
        key: Facts(key, method, often, direction, screen, _number(target))
        for key, method, often, direction, screen, target in rows
    }


def _number(target: Any) -> float:
    return np.nan if target is None else float(target)


def phases_of(phases: QuerySet[Phase]) -> dict[int, list[Phase]]:
    """measure id -> its phases not undone, oldest first."""
    found: dict[int, list[Phase]] = defaultdict(list)
    for phase in phases.filter(undone_at=None).order_by("starts_on", "id"):
        found[phase.measure_id].append(phase)
    return found


def groups_of(points: Points, facts: dict[int, Facts]) -> Iterator[Group]:
    """The measures of these points, grouped so that little padding is needed."""
    keys, firsts = np.unique(points["measure"], return_index=True)
    lasts = np.append(firsts[1:], len(points))
    if not len(keys):
        return
    divided = np.logical_or.reduceat(~np.isnan(points["denominator"]), firsts)
    timeless = np.logical_or.reduceat(points["numerator"] <= 0, firsts)
    groups: dict[tuple, list[Laid]] = defaultdict(list)
    zipped = zip(keys.tolist(), firsts.tolist(), lasts.tolist(), strict=True)
    for at, (key, first, last) in enumerate(zipped):
        if key not in facts:
            continue
        method = _method(facts[key].method, divided[at], timeless[at])
        has_sizes = bool(divided[at]) and method not in UNDIVIDED
        length = int(last - first - 1).bit_length()
        laid = Laid(facts[key], first, last)
        groups[method, has_sizes, length].append(laid)
    for (method, has_sizes, _), series in groups.items():
        yield Group(method, has_sizes, series)


def _method(wanted: str, divided: bool, timeless: bool) -> str:
    """The measure's own chart, or a run chart where that cannot be drawn."""
    if (wanted in DIVIDED and not divided) or (wanted == "t" and timeless):
        return "run"
    return wanted


def _positions(days: NDArray[Any], frequency: str) -> Ints:
    """The column of each of one series' points; missing periods leave gaps."""
    steps = period_steps(days.astype("datetime64[D]"), frequency)
    return np.concatenate([[0], np.cumsum(steps)])


def analysed(points: Points, group: Group, phases: dict[int, list[Phase]]) -> Layout:
    """Lays a group out and analyses it."""
    series = group.series
    places = [
        _positions(points["day"][s.first : s.last], s.facts.frequency) for s in series
    ]
    shape = len(series), max(int(place[-1]) for place in places) + 1
    row = np.repeat(np.arange(len(series)), [len(place) for place in places])
    column = np.concatenate(places)
    taken = np.concatenate([np.arange(s.first, s.last) for s in series])

    def matrix(name: str, blank: float, kind: Any) -> NDArray[Any]:
        cells = np.full(shape, blank, kind)
        cells[row, column] = points[name][taken]
        return cells

    begins = _Begins.of(series, places, points, phases, shape)
    batch = analyse_many(
        matrix("numerator", np.nan, float),
        method=group.method,
        denominators=matrix("denominator", np.nan, float) if group.has_sizes else None,
        exclude=matrix("excluded", 0, np.int64) > 0,
        improvement_direction=[DIRECTIONS[s.facts.direction] for s in series],
        target=[s.facts.target for s in series],
        screen_outliers=[s.facts.screen for s in series],
        **begins.options(group.method),
    )
    phase = np.maximum.accumulate(np.maximum(begins.number, 1), axis=1)
    days = matrix("day", 0, np.int64)
    return Layout(series, batch, row, column, taken, days, phase)


@dataclass(frozen=True)
class _Begins:
    """Where phases begin: rebases, fixed limits, and the phases' numbers."""

    rebase: Bools
    fix: Ints
    number: Ints

    @classmethod
    def of(
        cls,
        series: Sequence[Laid],
        places: Sequence[Ints],
        points: Points,
        phases: dict[int, list[Phase]],
        shape: tuple[int, int],
    ) -> "_Begins":
        """Only measures with phases are looked at."""
        rebase, fix = np.zeros(shape, bool), np.zeros(shape, np.int64)
        number = np.zeros(shape, np.int64)
        for row, laid in enumerate(series):
            days = points["day"][laid.first : laid.last]
            for earlier, phase in enumerate(phases.get(laid.facts.id, ())):
                start = (np.datetime64(phase.starts_on) - engine.EPOCH).astype(np.int64)
                after = int(np.searchsorted(days, start)) if earlier else 0
                if after < len(days):
                    column = int(places[row][after])
                    rebase[row, column] |= column > 0
                    fix[row, column] = phase.freeze_after_n or 0
                    number[row, column] = earlier + 1
        return cls(rebase, fix, number)

    def options(self, method: str) -> dict[str, Any]:
        if method != "xmr":
            return {"rebase": self.rebase, "freeze_after_n": self.fix[:, 0]}
        fix = self.fix if self.fix.any() else None
        return {"rebase": self.rebase, "fix_after_n": fix}
