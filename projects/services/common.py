"""What the services of the register share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.functions import Greatest

from projects.models import Project, Visibility
from qiportal.accounts.models import Notification, Tombstone, User
from qiportal.core.dates import now


def project_lock(project: Project) -> Project:
    """The project's row as it is now, held until the transaction ends."""
    return Project.objects.select_for_update().get(pk=project.pk)


def project_stamp(*, project: Project) -> None:
    """Marks the project as changed for readers who ask what is new; no heartbeat."""
    moment = now()
    Project.objects.filter(pk=project.pk).update(updated_at=moment)
    project.updated_at = moment


def project_touch(*, project: Project, at: datetime | None = None) -> None:
    """The project shows life: a cycle, a number or a comment arrived.

    `last_activity_at` never moves back. Not audited: the event that brought the
    life is.
    """
    moment = at or now()
    Project.objects.filter(pk=project.pk).update(
        last_activity_at=Greatest("last_activity_at", moment), updated_at=now()
    )
    project.last_activity_at = max(project.last_activity_at, moment)


def readable(value: Any) -> Any:
    """A value as the audit keeps it: rows by their name, choices by their code."""
    return str(value) if isinstance(value, models.Model) else value


def changes(row: models.Model, wanted: dict[str, Any]) -> tuple[dict, dict]:
    """Sets `wanted` on the row; gives what was and what is, for what differs."""
    old, new = {}, {}
    for name, value in wanted.items():
        before = getattr(row, name)
        if before != value:
            old[name], new[name] = readable(before), readable(value)
            setattr(row, name, value)
    return old, new


def tell(
    *, users: Iterable[User], kind: str, project: Project, title: str, key: str = ""
) -> None:
    """A line in each person's list and mail: a title and a link, nothing else.

    Whoever was told under this kind and key before is not told again.
    """
    notices = [
        Notification(
            user=user,
            kind=kind,
            key=key or project.reference,
            reference=project.get_absolute_url(),
            title=title[:200],
        )
        for user in users
    ]
    Notification.objects.bulk_create(notices, ignore_conflicts=True)


def is_shown(project: Project) -> bool:
    """Whether readers of the API see the project; a draft leaves no trace there."""
    return project.deleted_at is None and project.visibility == Visibility.TRUST


def tombstone_sync(*, project: Project, was_path: str = "") -> None:
    """Marks the project as gone for API readers, or takes the mark away.

    Gone: deleted, or no longer visible to the whole trust. `was_path` is the path of
    the unit it left, for tokens that may see that part of the tree only.
    """
    if was_path or not is_shown(project):
        tombstone_write("project", str(project.pk), was_path or project.unit.path)
    else:
        tombstone_remove("project", str(project.pk))


def tombstone_write(resource: str, row_key: str, unit_path: str) -> None:
    Tombstone.objects.update_or_create(
        resource=resource, row_key=row_key, defaults={"unit_path": unit_path}
    )


def tombstone_remove(resource: str, row_key: str) -> None:
    Tombstone.objects.filter(resource=resource, row_key=row_key).delete()
