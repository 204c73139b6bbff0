"""MeasureState: the newest analysis of each measure, kept for lists and the board."""

from typing import Any

from pdsa.models import Measure, MeasureState
from pdsa.selectors import Series, measure_series, series_analyse
from qiportal.core.dates import now
from qiportal.spc import Analysis

STATE_FIELDS = (
    *("n", "segment_n", "first_at", "last_at", "last_value", "mean", "lower", "upper"),
    *("variation", "assurance", "run_signal", "engine_version"),
)


def state_values(series: Series, analysis: Analysis) -> dict[str, Any]:
    """What a state row holds of an analysed series.

    Where limits differ from point to point, those of the latest point are kept.
    """
    if not analysis.n:
        empty = dict.fromkeys(STATE_FIELDS)
        blank = {"variation": "", "assurance": "", "run_signal": False}
        version = analysis.engine_version
        return {**empty, **blank, "n": 0, "segment_n": 0, "engine_version": version}
    last = max(row for row, y in enumerate(analysis.y) if y is not None)
    first = min(row for row, y in enumerate(analysis.y) if y is not None)
    segment = analysis.segments[-1]
    return {
        "n": analysis.n,
        "segment_n": segment.n,
        "first_at": series.days[first],
        "last_at": series.days[last],
        "last_value": analysis.y[last],
        "mean": analysis.cl[last],
        "lower": analysis.lcl[last],
        "upper": analysis.ucl[last],
        "variation": analysis.variation_icon or "",
        "assurance": analysis.assurance_icon or "",
        "run_signal": segment.runs_signal,
        "engine_version": analysis.engine_version,
    }


def measure_state_refresh(*, measure: Measure) -> MeasureState:
    """Analyses one measure afresh and keeps the result. Call it after each write.

    Part of the caller's transaction; not audited, as it can be rebuilt at any time.
    """
    series = measure_series(measure)
    values = state_values(series, series_analyse(series))
    changed = MeasureState.objects.filter(measure=measure).update(
        **values, updated_at=now()
    )
    if changed:
        return MeasureState(measure=measure, **values)
    return MeasureState.objects.create(measure=measure, **values)
