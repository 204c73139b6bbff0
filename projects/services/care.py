"""What the team cannot move by itself: raising, taking and resolving barriers."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import Barrier, Project
from projects.services.common import project_lock, project_stamp, tell
from projects.services.people import leads_of
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now
from qiportal.core.versions import versioned_save


def _told(type_: str, barrier: Barrier, by: User, **values: Any) -> None:
    project_stamp(project=barrier.project)
    path = barrier.project.unit.path
    audit_record(type=type_, target=barrier, by=by, unit_path=path, **values)


@transaction.atomic
def barrier_raise(
    *,
    project: Project,
    type: str,
    text: str,
    level: str,
    by: User,
    submission_id: UUID | None = None,
) -> Barrier:
    """Says what the team is stuck on and who could move it. Raises ValidationError."""
    project_lock(project)
    sent = Barrier.objects.filter(project=project, submission_id=submission_id)
    if submission_id and (earlier := sent.first()):
        return earlier
    barrier = Barrier(
        project=project,
        type=type,
        text=text,
        level=level,
        raised_at=now(),
        submission_id=submission_id,
        created_by=by,
    )
    barrier.full_clean()
    barrier.save()
    _told("barrier.raised", barrier, by, new={"type": type, "level": level})
    return barrier


def _fresh(barrier: Barrier) -> Barrier:
    locked = Barrier.objects.select_for_update().get(pk=barrier.pk)
    if locked.resolved_at:
        raise ValidationError("This was resolved in the meantime.")
    return locked


@transaction.atomic
def barrier_take(*, barrier: Barrier, by: User) -> Barrier:
    """Somebody of the board or QI team makes it theirs; the leads are told."""
    row = _fresh(barrier)
    before = row.owner
    row.owner = by
    row.full_clean()
    versioned_save(row, expected=row.version)
    tell(
        users=leads_of(row.project),
        kind="barrier_taken",
        project=row.project,
        title=f"{by} took on what {row.project.title} is stuck on",
        key=f"barrier-{row.pk}-{by.pk}",
    )
    old, new = {"owner": str(before or "")}, {"owner": str(by)}
    _told("barrier.taken", row, by, old=old, new=new)
    return row


@transaction.atomic
def barrier_resolve(*, barrier: Barrier, outcome: str, by: User) -> Barrier:
    """Says what came of it and closes it. Raises ValidationError without an outcome."""
    row = _fresh(barrier)
    row.resolved_at, row.outcome = now(), outcome.strip()
    row.owner = row.owner or by
    row.full_clean()
    versioned_save(row, expected=row.version)
    tell(
        users=leads_of(row.project),
        kind="barrier_resolved",
        project=row.project,
        title=f"What {row.project.title} was stuck on has moved",
        key=f"barrier-{row.pk}",
    )
    _told("barrier.resolved", row, by, new={"outcome": row.outcome})
    return row
