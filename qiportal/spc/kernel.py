"""The vectorised kernel: limits, rules and icons of many series at once."""

from dataclasses import dataclass, replace

import numpy as np

from .icons import assurance_find, latest_points, variation_find
from .layout import Layout, layout_build
from .limits import Frame, Limits, limits_find
from .model import NOT_JUDGED, Batch, Bools, Codes, Floats, Ints, RowTable
from .ranges import RELATIVE_TOLERANCE, MeanRange, tolerance_of
from .rules import labels_find
from .runs import Runs, runs_find, runs_none
from .values import Values, moving_ranges

DROPS_MISSING = frozenset({"run", "xmr"})
BLOCK = 1024  # rows judged at a time, so that they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Options:
    """Checked options. Matrices are series x points, the rest one per series."""

    starts: Bools | None
    excluded: Bools | None
    fix: Ints | None
    freeze: Ints
    signs: Codes
    targets: Floats
    screen: Bools


@dataclass(frozen=True, eq=False)
class Findings:
    """What the kernel worked out, per row (limits) and per cell (the rest)."""

    frame: Frame
    limits: Limits
    lower: Floats
    upper: Floats
    label: Codes
    outside: Bools
    runs: Runs | None


@np.errstate(all="ignore")
def kernel_run(method: str, values: Values, options: Options) -> Batch:
    """Everything from prepared values to a Batch."""
    layout = layout_build(
        values.valid, options.excluded, options.starts, method in DROPS_MISSING
    )
    if method == "mr":
        values = moving_ranges(values, layout.kept, layout.spread(layout.start))
    frame = _frame(method, values, layout, options)
    limits = limits_find(method, frame)
    found = _judge(method, frame, limits, options.excluded)
    latest = latest_points(values.valid)
    rows = _row_table(found)
    return Batch(
        method=method,
        y=values.y,
        valid=values.valid,
        cl=_centre(method, frame, limits),
        lcl=found.lower,
        ucl=found.upper,
        sigma_signal=found.outside,
        label=found.label,
        variation=variation_find(method, found.label, latest, options.signs),
        assurance=assurance_find(
            method, rows, layout.last_row, latest, options.signs, options.targets
        ),
        latest=latest,
        last_row=layout.last_row,
        rows=rows,
    )


def _frame(method: str, values: Values, layout: Layout, options: Options) -> Frame:
    packed = layout.pack(values.y)
    if layout.row_of is None:
        tolerance = tolerance_of(packed)
    else:
        tolerance = RELATIVE_TOLERANCE * layout.largest(np.abs(values.y))
    base = ~np.isnan(packed)
    length = _baseline(method, values.valid, layout, options)
    if length is not None:
        base &= np.arange(len(packed))[:, None] < length
    screen = options.screen[layout.series]
    return Frame(values, layout, packed, base, tolerance, screen)


def _baseline(
    method: str, valid: Bools, layout: Layout, options: Options
) -> Ints | None:
    """How many packed positions of each row are its baseline; None: all."""
    if method == "xmr":
        return _fixed(valid, layout, options.fix)
    if not options.freeze.any():
        return None
    points = valid.shape[1]
    whole = np.bincount(layout.series, minlength=layout.shape[0]) == 1
    length = np.where(whole & (options.freeze > 0), options.freeze, points)
    inside = np.arange(points) < length[:, None]
    return layout.count(layout.kept & inside)


def _fixed(valid: Bools, layout: Layout, fix: Ints | None) -> Ints | None:
    if fix is None:
        return None
    length = fix.ravel()[layout.first]
    length = np.where(length > 0, length, valid.shape[1])
    seen = np.cumsum(valid.ravel())  # non-missing points up to each cell
    before: Ints = seen[layout.first] - valid.ravel()[layout.first]
    rank: Ints = seen.reshape(valid.shape) - layout.spread(before)
    return layout.count(layout.kept & (rank <= layout.spread(length)))


def _judge(
    method: str, frame: Frame, limits: Limits, excluded: Bools | None
) -> Findings:
    layout, values = frame.layout, frame.values
    lower, upper = (_to_cells(layout, x) for x in (limits.lower, limits.upper))
    if method == "xmr":
        label = layout.unpack(_labels(frame, limits), NOT_JUDGED)
        if excluded is not None:
            _label_excluded(label, frame, lower, upper, excluded)
        outside = (label == 1) | (label == 2)
        lower, upper = (_where_valid(values, x) for x in (lower, upper))
        return Findings(frame, limits, lower, upper, label, outside, None)
    tolerance = layout.spread(frame.tolerance)
    outside = (values.y > upper + tolerance) | (values.y < lower - tolerance)
    outside &= ~np.isnan(lower) & ~np.isnan(upper)
    label = np.full(layout.shape, NOT_JUDGED, dtype=np.int8)
    runs = runs_find(frame.packed, limits.centre, frame.tolerance)
    if method == "mr":
        runs = replace(runs, signal=np.zeros_like(runs.signal))
    return Findings(frame, limits, lower, upper, label, outside, runs)


def _labels(frame: Frame, limits: Limits) -> Codes:
    """Codes of packed points, NOT_JUDGED where there is none."""
    codes = np.empty(frame.packed.shape, dtype=np.int8)
    for at in range(0, frame.layout.rows, BLOCK):
        part = slice(at, at + BLOCK)
        packed = frame.packed[:, part]
        codes[:, part] = labels_find(
            packed, limits.centre[part], limits.half[part], frame.tolerance[part]
        )
        np.copyto(codes[:, part], NOT_JUDGED, where=np.isnan(packed))
    return codes


def _label_excluded(
    label: Codes, frame: Frame, lower: Floats, upper: Floats, excluded: Bools
) -> None:
    """Excluded points are tested against the limits and nothing else."""
    y, tolerance = frame.values.y, frame.layout.spread(frame.tolerance)
    shown = excluded & frame.values.valid
    label[shown] = 0
    label[shown & (y < lower - tolerance)] = 2
    label[shown & (y > upper + tolerance)] = 1


def _to_cells(layout: Layout, limit: Floats) -> Floats:
    return limit if limit.ndim == 2 else layout.spread(limit)


def _where_valid(values: Values, cells: Floats) -> Floats:
    return cells if values.valid.all() else np.where(values.valid, cells, np.nan)


def _centre(method: str, frame: Frame, limits: Limits) -> Floats:
    cells = frame.layout.spread(limits.centre)
    return _where_valid(frame.values, cells) if method == "xmr" else cells


def _row_table(found: Findings) -> RowTable:
    frame, limits, layout = found.frame, found.limits, found.frame.layout
    none = np.full(layout.rows, np.nan)
    zero = np.zeros(layout.rows, dtype=np.int64)
    ranges = limits.ranges or MeanRange(none, zero, zero.astype(bool))
    runs = found.runs or runs_none(layout.rows)
    return RowTable(
        series=layout.series,
        start=layout.start,
        end=layout.end,
        n=layout.count(frame.values.valid),
        n_used=frame.base.sum(axis=0),
        centre=limits.centre,
        lower=limits.lower if limits.lower.ndim == 1 else none,
        upper=limits.upper if limits.upper.ndim == 1 else none,
        tolerance=frame.tolerance,
        mean_range=ranges.value,
        screened_out=ranges.screened_out,
        screen_fallback=ranges.fallback,
        n_useful=runs.n_useful,
        longest_run=runs.longest,
        longest_run_max=runs.longest_max,
        n_crossings=runs.crossings,
        n_crossings_min=runs.crossings_min,
        runs_signal=runs.signal,
    )
