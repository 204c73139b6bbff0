"""Writing checked rows: new projects in bulk, known ones through the services."""

from collections import defaultdict
from datetime import date
from typing import Any

from projects.imports.rows import ProjectRow
from projects.models import (
    CLOSED,
    Aim,
    Project,
    ProjectMember,
    ProjectStatusChange,
    Relation,
    Status,
    Visibility,
)
from projects.services import (
    EDITABLE,
    project_delete,
    project_edit,
    references_next,
    status_change,
)
from qiportal.accounts.audit import audit_record
from qiportal.accounts.imports import Written
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.dates import local_midnight, today

CHUNK = 500


def write(rows: list[ProjectRow], batch: ImportBatch) -> Written:
    """Stores a file's rows, inside the caller's transaction."""
    created = [row for row in rows if row.existing is None]
    _create(created, batch)
    changed = [_update(row, batch.by) for row in rows if row.existing]
    return Written(
        created=len(created),
        changed=sum(changed),
        unchanged=len(changed) - sum(changed),
    )


def _create(rows: list[ProjectRow], batch: ImportBatch) -> None:
    numbered = _with_references(rows)
    projects = [_project(row, ref, batch) for row, ref in numbered]
    Project.objects.bulk_create(projects, batch_size=CHUNK)
    pairs = [(row, p) for (row, _), p in zip(numbered, projects, strict=True)]
    ProjectStatusChange.objects.bulk_create(
        [step for row, project in pairs for step in _steps(row, project, batch.by)],
        batch_size=CHUNK,
    )
    ProjectMember.objects.bulk_create(
        [_lead(row, project) for row, project in pairs], batch_size=CHUNK
    )
    Aim.objects.bulk_create(
        [
            Aim(project=project, statement=row.aim, created_by=batch.by)
            for row, project in pairs
        ],
        batch_size=CHUNK,
    )
    for row, project in pairs:
        new = {"reference": project.reference, "title": project.title}
        new["lead"] = row.lead.email
        audit_record(type="project.registered", target=project, by=batch.by, new=new)


def _with_references(rows: list[ProjectRow]) -> list[tuple[ProjectRow, str]]:
    """Each row with its reference, in the order of the file within a year."""
    by_year: dict[int, list[ProjectRow]] = defaultdict(list)
    for row in rows:
        by_year[_registered(row).year].append(row)
    return [
        pair
        for year, group in sorted(by_year.items())
        for pair in zip(group, references_next(year, len(group)), strict=True)
    ]


def _registered(row: ProjectRow) -> date:
    """The day given, else the first day the row names, else today."""
    given = row.values["registered_on"]
    return given or row.values["started_on"] or row.closed_on or today()


def _project(row: ProjectRow, reference: str, batch: ImportBatch) -> Project:
    closed = row.status in CLOSED
    days = [_registered(row), row.values["started_on"], row.closed_on]
    visibility = row.values["visibility"] or Visibility.TRUST
    values = {**row.values, "visibility": visibility}
    values["registered_on"] = _registered(row)
    return Project(
        **values,
        reference=reference,
        status=row.status or Status.IDEA,
        closed_on=row.closed_on,
        closed_by=batch.by if closed else None,
        learning=row.learning,
        last_activity_at=local_midnight(max(day for day in days if day)),
        batch=batch,
        created_by=batch.by,
    )


def _steps(row: ProjectRow, project: Project, by: User) -> list[ProjectStatusChange]:
    """The life the row tells: registered, started, and where it is now."""
    path: list[tuple[str, date]] = [(Status.IDEA, project.registered_on)]
    if project.status != Status.IDEA and project.started_on:
        start = max(project.started_on, project.registered_on)
        path.append((Status.ACTIVE, start))
    if project.status != path[-1][0]:
        path.append((project.status, row.closed_on or path[-1][1]))
    return [
        ProjectStatusChange(
            project=project,
            from_status=path[at - 1][0] if at else "",
            to_status=status,
            reason="From a file",
            at=local_midnight(day),
            by=by,
        )
        for at, (status, day) in enumerate(path)
    ]


def _lead(row: ProjectRow, project: Project) -> ProjectMember:
    return ProjectMember(
        project=project,
        user=row.lead,
        relation=Relation.LEAD,
        joined_on=project.registered_on,
    )


def _update(row: ProjectRow, by: User) -> bool:
    """Changes a project known by its external number; True if anything changed.

    One known by title and unit alone is left as it is: people may have worked on it.
    Empty cells never empty a field, and a lead or aim given here is not touched.
    """
    project = row.existing
    if not row.values["external_id"]:
        return False
    wanted = {
        name: value
        for name, value in row.values.items()
        if name in EDITABLE and value not in (None, "")
    }
    differs = _differing(project, wanted)
    if differs:
        project_edit(project=project, version=project.version, by=by, **differs)
    moved = bool(row.status) and row.status != project.status
    if moved:
        status_change(
            project=project,
            to=row.status,
            reason="From a file",
            learning=row.learning,
            at=local_midnight(row.closed_on) if row.closed_on else None,
            by=by,
        )
    return bool(differs) or moved


def _differing(project: Project, wanted: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in wanted.items() if getattr(project, n) != v}


def undo(*, batch: ImportBatch, by: User) -> None:
    """Takes an import back: what it made is deleted, and can be restored for a while.

    Changes of known projects stay; each is in its project's history.
    """
    for project in Project.objects.alive().filter(batch=batch).select_related("unit"):
        project_delete(project=project, by=by)
