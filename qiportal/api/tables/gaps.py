"""How much of the way from baseline to target a project has gone (gap closed)."""

from collections.abc import Iterable

from pdsa.models import Measure
from pdsa.selectors.series import measures_series, series_analyse, with_target
from qiportal.spc import Analysis

LEAST_POINTS = 6


def gap_closed(baseline: float, current: float, target: float) -> float | None:
    """(current - baseline) / (target - baseline); None when there is no way to go."""
    if target == baseline:
        return None
    return (current - baseline) / (target - baseline)


def gap_of(analysis: Analysis, target: float) -> float | None:
    """The gap by the centre lines of the first and the newest phase.

    None while there is one phase only, or fewer than 6 points in the newest.
    """
    first, last = analysis.segments[0], analysis.segments[-1]
    enough = len(analysis.segments) > 1 and last.n >= LEAST_POINTS
    if not enough or first.centre is None or last.centre is None:
        return None
    gap = gap_closed(first.centre, last.centre, target)
    return None if gap is None else round(gap, 4)


def gaps_closed(project_ids: Iterable[int]) -> dict[int, float | None]:
    """project -> gap closed, by its first outcome measure with a target."""
    rows = Measure.objects.filter(
        project__in=list(project_ids), kind=Measure.Kind.OUTCOME, deleted_at=None
    )
    first: dict[int, Measure] = {}
    for measure in with_target(rows).order_by("project_id", "position", "id"):
        if measure.target_now is not None:
            first.setdefault(measure.project_id, measure)
    series = measures_series(first.values())
    found = {}
    for project_id, measure in first.items():
        one = series[measure.pk]
        if one.known and one.target is not None:
            found[project_id] = gap_of(series_analyse(one), one.target)
    return found
