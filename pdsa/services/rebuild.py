"""Every measure's state from scratch, for the night and after large imports.

All points are read once, laid out as series x periods by chart type and length, and
analysed together. No loop runs over points, and none over measures but for the few
that have phases.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from pdsa import engine
from pdsa.models import Measure, Phase
from pdsa.selectors.series import DIRECTIONS, DIVIDED, period_steps, with_target
from qiportal.spc import ENGINE_VERSION, Batch, analyse_many

UNDIVIDED = ("c", "g", "t")
EMPTY = (0, 0, None, None, None, None, None, None, "", "", False, ENGINE_VERSION)


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


def measure_states_rebuild() -> dict[str, int]:
    """Analyses every living measure afresh and keeps the results.

    Returns {"measures": n, "written": states that were new or differ}. Computed
    outside a write transaction, then written in one.
    """
    points = engine.points_packed()
    facts = _facts()
    phases = _phases()
    rows = [(key, *EMPTY) for key in facts.keys() - set(points["measure"].tolist())]
    for group in _groups(points, facts):
        rows += _analysed(points, group, phases)
    with transaction.atomic():
        written = engine.states_upsert(rows)
    return {"measures": len(rows), "written": written}


def _facts() -> dict[int, Facts]:
    alive = Measure.objects.filter(deleted_at=None, project__deleted_at=None)
    columns = ("id", "chart_type", "frequency", "direction", "screen", "target_now")
    rows = with_target(alive).order_by().values_list(*columns)
    return {
        key: Facts(key, method, often, direction, screen, _number(target))
        for key, method, often, direction, screen, target in rows
    }


def _number(target: Any) -> float:
    return np.nan if target is None else float(target)


def _phases() -> dict[int, list[Phase]]:
    """measure id -> its phases not undone, oldest first."""
    found: dict[int, list[Phase]] = defaultdict(list)
    for phase in Phase.objects.filter(undone_at=None).order_by("starts_on", "id"):
        found[phase.measure_id].append(phase)
    return found


def _groups(
    points: NDArray[np.void], facts: dict[int, Facts]
) -> Iterator[tuple[str, bool, list[Laid]]]:
    """(method, divided?, series): alike in method and about as long."""
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
        yield method, has_sizes, series


def _method(wanted: str, divided: bool, timeless: bool) -> str:
    """The measure's own chart, or a run chart where that cannot be drawn."""
    if (wanted in DIVIDED and not divided) or (wanted == "t" and timeless):
        return "run"
    return wanted


def _positions(days: NDArray[Any], frequency: str) -> NDArray[np.int64]:
    """The column of each of one series' points; missing periods leave gaps."""
    steps = period_steps(days.astype("datetime64[D]"), frequency)
    return np.concatenate([[0], np.cumsum(steps)])


def _analysed(
    points: NDArray[np.void],
    group: tuple[str, bool, list[Laid]],
    phases: dict[int, list[Phase]],
) -> list[tuple]:
    method, has_sizes, series = group
    places = [
        _positions(points["day"][s.first : s.last], s.facts.frequency) for s in series
    ]
    shape = len(series), max(int(place[-1]) for place in places) + 1
    row = np.repeat(np.arange(len(series)), [len(place) for place in places])
    column = np.concatenate(places)
    taken = np.concatenate([np.arange(s.first, s.last) for s in series])
    matrix, sizes = np.full(shape, np.nan), np.full(shape, np.nan)
    days, excluded = np.zeros(shape, np.int64), np.zeros(shape, bool)
    matrix[row, column] = points["numerator"][taken]
    sizes[row, column] = points["denominator"][taken]
    days[row, column] = points["day"][taken]
    excluded[row, column] = points["excluded"][taken] > 0
    options = _options(method, series, places, points, phases, shape)
    batch = analyse_many(
        matrix,
        method=method,
        denominators=sizes if has_sizes else None,
        exclude=excluded,
        improvement_direction=[DIRECTIONS[s.facts.direction] for s in series],
        target=[s.facts.target for s in series],
        screen_outliers=[s.facts.screen for s in series],
        **options,
    )
    return _state_rows(batch, series, days)


def _options(
    method: str,
    series: Sequence[Laid],
    places: Sequence[NDArray[np.int64]],
    points: NDArray[np.void],
    phases: dict[int, list[Phase]],
    shape: tuple[int, int],
) -> dict[str, Any]:
    """Rebases and fixed limits; only measures with phases are looked at."""
    rebase, fix = np.zeros(shape, bool), np.zeros(shape, np.int64)
    freeze = np.zeros(shape[0], np.int64)
    for row, laid in enumerate(series):
        days = points["day"][laid.first : laid.last]
        for number, phase in enumerate(phases.get(laid.facts.id, ())):
            start = (np.datetime64(phase.starts_on) - engine.EPOCH).astype(np.int64)
            after = int(np.searchsorted(days, start)) if number else 0
            if after < len(days):
                column = int(places[row][after])
                rebase[row, column] |= column > 0
                fix[row, column] = phase.freeze_after_n or 0
        freeze[row] = fix[row, 0]
    if method == "xmr":
        return {"rebase": rebase, "fix_after_n": fix if fix.any() else None}
    return {"rebase": rebase, "freeze_after_n": freeze}


def _state_rows(
    batch: Batch, series: Sequence[Laid], days: NDArray[np.int64]
) -> list[tuple]:
    """One row per series, in the order of engine.STATE_COLUMNS."""
    every, latest = np.arange(len(series)), np.maximum(batch.latest, 0)
    first = batch.valid.argmax(axis=1)
    columns = [
        batch.valid.sum(axis=1).tolist(),
        batch.rows.n[batch.last_row].tolist(),
        (engine.EPOCH + days[every, first]).tolist(),
        (engine.EPOCH + days[every, latest]).tolist(),
        *(
            _numbers(cells[every, latest])
            for cells in (batch.y, batch.cl, batch.lcl, batch.ucl)
        ),
        [icon or "" for icon in batch.variation_icons()],
        [icon or "" for icon in batch.assurance_icons()],
        batch.rows.runs_signal[batch.last_row].tolist(),
    ]
    return [
        (laid.facts.id, *values, ENGINE_VERSION) if known else (laid.facts.id, *EMPTY)
        for laid, known, *values in zip(
            series, (batch.latest >= 0).tolist(), *columns, strict=True
        )
    ]


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    known = np.isfinite(values).tolist()
    return [v if k else None for v, k in zip(values.tolist(), known, strict=True)]
