"""The life of a project: idea, active, resting, and closed with what was learned."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import CLOSED, LIVE, Project, ProjectStatusChange, Status
from projects.services.common import project_lock
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import local_day, now
from qiportal.core.versions import Conflict, versioned_save

NEEDS_REASON = (Status.RESTING, Status.STOPPED)


def check_step(project: Project, to: str, reason: str, learning: str) -> None:
    """Raises ValidationError unless the step may be taken with these words."""
    if to not in Status.values:
        raise ValidationError({"to": "Choose one of the states."})
    if to == project.status:
        label = project.get_status_display().lower()
        raise ValidationError({"to": f"The project is {label} already."})
    if to in CLOSED and not learning.strip():
        raise ValidationError(
            {"learning": "Write what was learned. It is what others will look for."}
        )
    reopens = project.is_closed and to not in CLOSED
    if (to in NEEDS_REASON or reopens) and not reason.strip():
        raise ValidationError({"reason": "Say briefly why."})


@transaction.atomic
def status_change(
    *,
    project: Project,
    to: str,
    by: User,
    reason: str = "",
    learning: str = "",
    at: datetime | None = None,
    version: int | None = None,
) -> Project:
    """Moves a project to another state and keeps the step for good.

    Closing (completed, stopped, sustained) needs `learning`; resting, stopping and
    opening again need `reason`. `at` is for imports, `version` what its writer looked
    at. Raises Conflict, ValidationError.
    """
    moment = at or now()
    locked = project_lock(project)
    if version is not None and version != locked.version:
        raise Conflict(locked)
    check_step(locked, to, reason, learning)
    before = locked.status
    locked.status = to
    if to in CLOSED:
        locked.closed_on, locked.closed_by = local_day(moment), by
        locked.learning = learning
    else:
        locked.closed_on = locked.closed_by = None
    if to == Status.ACTIVE and locked.started_on is None:
        locked.started_on = local_day(moment)
    if to in LIVE:
        locked.last_activity_at = max(locked.last_activity_at, moment)
    locked.full_clean()
    versioned_save(locked, expected=locked.version)
    _keep_step(locked, before, reason, moment, by)
    project.refresh_from_db()
    return project


def _keep_step(
    project: Project, before: str, reason: str, moment: datetime, by: User
) -> None:
    ProjectStatusChange.objects.create(
        project=project,
        from_status=before,
        to_status=project.status,
        reason=reason,
        at=moment,
        by=by,
    )
    audit_record(
        type="project.status_changed",
        target=project,
        by=by,
        old={"status": before},
        new={"status": project.status, "reason": reason, "learning": project.learning},
    )
