"""analyse: one series, in plain Python values.

Arguments besides the values (numbers; None or NaN where missing):

dates           strictly ascending, one per value; only checked
denominators    one per value; the values then are numerators
subgroups       xbar and s: a list of members per row; the values are not read
rebase_at       row numbers where a new segment starts
fix_after_n     xmr: n >= 12 for all segments, or one per segment (None: not
                fixed); ignored by other methods
freeze_after_n  other methods: the first n rows are the baseline; ignored with
                `rebase_at` and by xmr
exclude         row numbers left out of centre, ranges and runs

Row numbers start at 0 and count missing rows; those outside the series are
ignored.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .batch import analyse_many
from .checks import dates_check, names_check, options_read, series_read, target_read
from .few import few_points_status
from .kernel import DROPS_MISSING
from .model import (
    ASSURANCE_ICONS,
    FULL_POINTS,
    LABELS,
    NOT_JUDGED,
    VARIATION_ICONS,
    Analysis,
    Batch,
    Bools,
    Floats,
    Segment,
    point_type,
)


def analyse(
    values: Any,
    *,
    method: str,
    dates: Sequence[Any] | None = None,
    denominators: Any = None,
    subgroups: Sequence[Any] | None = None,
    rebase_at: Iterable[int] = (),
    fix_after_n: int | Sequence[int | None] | None = None,
    freeze_after_n: int | None = None,
    exclude: Iterable[int] = (),
    improvement_direction: str = "neutral",
    target: float | None = None,
    screen_outliers: bool = True,
) -> Analysis:
    """Analyse one series.

    Raises SpcError with a code: t_needs_positive, unsorted_dates,
    duplicate_dates, length_mismatch, fix_too_short, unknown_method, bad_input.
    """
    names_check(method, improvement_direction)
    matrix, sizes = series_read(method, values, subgroups, denominators)
    n = matrix.shape[1]
    dates_check(dates, n)
    rows = options_read(method, n, rebase_at, fix_after_n, freeze_after_n, exclude)
    batch = analyse_many(
        matrix,
        method=method,
        denominators=sizes,
        improvement_direction=improvement_direction,
        target=target_read(target),
        screen_outliers=bool(screen_outliers),
        **rows,
    )
    return _analysis(batch, rows["exclude"][0], improvement_direction)


def _analysis(batch: Batch, excluded: Bools, direction: str) -> Analysis:
    codes = batch.label[0].tolist()
    valid = batch.valid[0]
    segments = _segments(batch) if len(valid) else ()
    return Analysis(
        method=batch.method,
        y=_floats(batch.y[0]),
        cl=_floats(batch.cl[0]),
        lcl=_floats(batch.lcl[0]),
        ucl=_floats(batch.ucl[0]),
        sigma_signal=tuple(batch.sigma_signal[0].tolist()),
        special_cause=tuple(None if c == NOT_JUDGED else LABELS[c] for c in codes),
        point_type=tuple(point_type(code, direction) for code in codes),
        provisional=_provisional(segments, valid.tolist()),
        excluded=tuple(excluded.tolist()),
        segments=segments,
        variation_icon=VARIATION_ICONS[batch.variation[0]],
        assurance_icon=ASSURANCE_ICONS[batch.assurance[0]],
        notes=_notes(batch, segments),
        n=int(valid.sum()),
        missing=int((~valid).sum()),
    )


def _floats(row: Floats) -> tuple[float | None, ...]:
    return tuple(
        value if known else None
        for value, known in zip(row.tolist(), np.isfinite(row).tolist(), strict=True)
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _count(value: int) -> int | None:
    return int(value) if value >= 0 else None


def _segments(batch: Batch) -> tuple[Segment, ...]:
    rows = batch.rows
    judged_by_runs = batch.method != "xmr"
    return tuple(
        Segment(
            start=int(rows.start[k]),
            end=int(rows.end[k]),
            n=int(rows.n[k]),
            n_used=int(rows.n_used[k]),
            centre=_number(rows.centre[k]),
            lcl=_number(rows.lower[k]),
            ucl=_number(rows.upper[k]),
            mean_range=_number(rows.mean_range[k]),
            screened_out=int(rows.screened_out[k]),
            screen_fallback=bool(rows.screen_fallback[k]),
            n_useful=int(max(rows.n_useful[k], 0)) if judged_by_runs else None,
            longest_run=_count(rows.longest_run[k]),
            longest_run_max=_count(rows.longest_run_max[k]),
            n_crossings=_count(rows.n_crossings[k]),
            n_crossings_min=_count(rows.n_crossings_min[k]),
            runs_signal=bool(rows.runs_signal[k]),
        )
        for k in range(len(rows.n))
    )


def _provisional(
    segments: tuple[Segment, ...], valid: list[bool]
) -> tuple[bool | None, ...]:
    """Whether each point's segment has too few points for firm limits."""
    return tuple(
        segment.n < FULL_POINTS if valid[row] else None
        for segment in segments
        for row in range(segment.start, segment.end + 1)
    )


def _notes(batch: Batch, segments: tuple[Segment, ...]) -> tuple[str, ...]:
    """Coded remarks; a number after the colon is a count."""
    if not segments:
        return ()
    missing = int((~batch.valid[0]).sum())
    kind = "missing_dropped" if batch.method in DROPS_MISSING else "missing_gap"
    status = few_points_status(segments[-1].n, batch.method)
    found = {
        f"{kind}:{missing}": missing > 0,
        "too_few_points": status == "too_few",
        "trial_limits": status == "trial" and batch.method != "run",
        "screen_fallback": any(segment.screen_fallback for segment in segments),
        "constant": _constant(batch, segments[-1]),
    }
    return tuple(note for note, holds in found.items() if holds)


def _constant(batch: Batch, segment: Segment) -> bool:
    """Whether two or more points of the newest segment are all alike."""
    y = batch.y[0, segment.start :]
    y = y[np.isfinite(y)]
    with np.errstate(over="ignore"):
        return len(y) > 1 and bool(np.ptp(y) <= batch.rows.tolerance[-1])
