"""Tombstones of rows that leave the database: what readers of the API must forget.

While a deleted row is there, the API finds out by itself who has seen it (api/tables/
gone.py). Once it is purged only its tombstone is left, so it is settled here: one for
each row a reader may have seen, with the moment it went, and none for other rows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pdsa.models import Cycle, DataPoint, Measure, Phase, Ramp
from projects.models import Barrier, MethodUse, Project, ProjectStatusChange
from projects.services import is_shown
from qiportal.accounts.models import Tombstone

CHUNK = 500
Born = tuple[str, datetime]  # the key of a row, and when it began


def project_gone_at(project: Project) -> datetime | None:
    """When the project left readers' sight; None if it never was in it."""
    stones = Tombstone.objects.filter(resource="project", row_key=str(project.pk))
    return stones.values_list("deleted_at", flat=True).first()


def settle(resource: str, rows: Iterable[Any], path: str) -> None:
    """Keeps the tombstones of rows that were seen; those of others would tell of rows
    nobody saw."""
    unseen = []
    for row in rows:
        project = row
        for name in path.split("__"):
            project = getattr(project, name)
        left = project_gone_at(project)
        if not is_shown(project) and (left is None or row.created_at > left):
            unseen.append(str(row.pk))
    drop(resource, unseen)


def of_measures(measures: Sequence[Measure]) -> None:
    """Points and phases go with their measure, at the moment it went."""
    for measure in measures:
        project = measure.project
        left = project_gone_at(project)
        at = measure.deleted_at if is_shown(project) else left
        for resource, model in (("data_point", DataPoint), ("phase", Phase)):
            rows = model.objects.filter(measure=measure)
            keys = born(rows.values_list("pk", "created_at"))
            until = None if is_shown(project) else left
            told(resource, keys, project, at=at, until=until)


def of_project(project: Project) -> None:
    """All rows of a project that readers saw before it went."""
    left = project_gone_at(project)
    cycles = Cycle.objects.filter(ramp__project=project)
    points = DataPoint.objects.filter(measure__project=project)
    phases = Phase.objects.filter(measure__project=project)
    steps = ProjectStatusChange.objects.filter(project=project)
    uses = MethodUse.objects.filter(project=project)
    found = {
        "cycle": born(cycles.values_list("pk", "created_at")),
        "data_point": born(points.values_list("pk", "created_at")),
        "phase": born(phases.values_list("pk", "created_at")),
        "project_status": born(steps.values_list("pk", "at")),
        "method_use": [
            (f"{project.pk}-{method}", at)
            for method, at in uses.values_list("method_id", "at")
        ],
    }
    for resource, model in (("measure", Measure), ("ramp", Ramp), ("barrier", Barrier)):
        rows = model.objects.filter(project=project)
        found[resource] = born(rows.values_list("pk", "created_at"))
    for resource, keys in found.items():
        told(resource, keys, project, at=left, until=left)


def born(rows: Iterable[tuple[int, datetime]]) -> list[Born]:
    return [(str(key), at) for key, at in rows]


def told(
    resource: str,
    rows: Sequence[Born],
    project: Project,
    *,
    at: datetime | None,
    until: datetime | None,
) -> None:
    """One tombstone a row that began no later than `until`, dated `at`; none for the
    rest. A row that went before keeps its own."""
    seen = [key for key, began in rows if at and (until is None or began <= until)]
    drop(resource, {key for key, _ in rows} - set(seen))
    for start in range(0, len(seen), CHUNK):
        some = seen[start : start + CHUNK]
        marked = Tombstone.objects.filter(resource=resource, row_key__in=some)
        earlier = set(marked.values_list("row_key", flat=True))
        new = [key for key in some if key not in earlier]
        path = project.unit.path
        Tombstone.objects.bulk_create(
            Tombstone(resource=resource, row_key=key, unit_path=path) for key in new
        )
        marked.filter(row_key__in=new).update(deleted_at=at)


def drop(resource: str, keys: Iterable[str]) -> None:
    rest = sorted(keys)
    for start in range(0, len(rest), CHUNK):
        some = rest[start : start + CHUNK]
        Tombstone.objects.filter(resource=resource, row_key__in=some).delete()
