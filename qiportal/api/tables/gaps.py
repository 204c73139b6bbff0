"""How much of the way from baseline to target a project has gone (gap closed)."""

from collections.abc import Iterable, Iterator

import numpy as np

from pdsa.engine import points_packed
from pdsa.models import Measure, Phase
from pdsa.selectors.packed import Layout, analysed, facts_of, groups_of, phases_of
from pdsa.selectors.series import with_target

LEAST_POINTS = 6


def gap_closed(baseline: float, current: float, target: float) -> float | None:
    """(current - baseline) / (target - baseline); None when there is no way to go."""
    if target == baseline:
        return None
    return (current - baseline) / (target - baseline)


def gaps_closed(project_ids: Iterable[int]) -> dict[int, float | None]:
    """project -> gap closed, by its first outcome measure with a target.

    By the centre lines of the first and the newest phase; None while there is one
    phase only, or fewer than 6 points in the newest.
    """
    project_of = _first_measures(project_ids)
    if not project_of:
        return {}
    points = points_packed(project_of)
    facts = facts_of(Measure.objects.filter(pk__in=project_of))
    phases = phases_of(Phase.objects.filter(measure__in=project_of))
    return {
        project_of[measure]: gap
        for group in groups_of(points, facts)
        for measure, gap in _gaps(analysed(points, group, phases))
    }


def _first_measures(project_ids: Iterable[int]) -> dict[int, int]:
    """measure -> project: of each project its first outcome measure with a target."""
    rows = Measure.objects.filter(
        project__in=list(project_ids), kind=Measure.Kind.OUTCOME, deleted_at=None
    )
    targeted = with_target(rows).filter(target_now__isnull=False)
    first: dict[int, int] = {}
    ordered = targeted.order_by("project_id", "position", "id")
    for project, measure in ordered.values_list("project_id", "pk"):
        first.setdefault(project, measure)
    return {measure: project for project, measure in first.items()}


def _gaps(layout: Layout) -> Iterator[tuple[int, float | None]]:
    """(measure, gap) of each series; its phases are neighbours in the row table."""
    rows = layout.batch.rows
    every = np.arange(len(layout.series))
    first, last = np.searchsorted(rows.series, every), layout.batch.last_row
    enough = (last > first) & (rows.n[last] >= LEAST_POINTS)
    old, new = rows.centre[first], rows.centre[last]
    known = (enough & np.isfinite(old) & np.isfinite(new)).tolist()
    ends = known, old.tolist(), new.tolist()
    for laid, told, start, end in zip(layout.series, *ends, strict=True):
        gap = gap_closed(start, end, laid.facts.target) if told else None
        yield laid.facts.id, None if gap is None else round(gap, 4)
