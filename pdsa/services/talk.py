"""Discussion and tasks of a project."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from pdsa.models import Comment, Cycle, Task
from pdsa.services import base
from projects.models import Project
from projects.services import project_lock, project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import Notification, User
from qiportal.core.dates import now
from qiportal.core.versions import versioned_save


@transaction.atomic
def comment_add(
    *,
    project: Project,
    body: str,
    cycle: Cycle | None = None,
    parent: Comment | None = None,
    mentions: Sequence[User] = (),
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Comment:
    """Adds to the discussion; whoever is mentioned finds a link among their news."""
    project_lock(project)
    if before := base.earlier(Comment, submission_id):
        return before
    if cycle and cycle.ramp.project_id != project.pk:
        raise ValidationError("Choose a test of this project.")
    if parent and parent.project_id != project.pk:
        raise ValidationError("Answer a comment of this project.")
    comment = base.created(
        Comment(
            project=project,
            cycle=cycle,
            parent=parent.parent or parent if parent else None,
            body=body,
            submission_id=submission_id,
            created_by=by,
        )
    )
    comment.mentions.set(mentions)
    for person in mentions:
        _tell(person, "mention", f"comment:{comment.pk}", project, "#discussion")
    _settle(comment, "comment.added", by)
    return comment


def _tell(
    person: User, kind: str, key: str, project: Project, anchor: str = ""
) -> None:
    """A link and a title among the person's news and in the next mail, no more."""
    Notification.objects.get_or_create(
        user=person,
        kind=kind,
        key=key,
        defaults={
            "reference": f"{project.get_absolute_url()}{anchor}",
            "title": project.title,
        },
    )


def _settle(row: Comment | Task, type: str, by: User) -> None:
    project_touch(project=row.project)
    unit = row.project.unit.path
    audit_record(type=type, target=row, by=by, unit_path=unit)


@transaction.atomic
def comment_delete(*, comment: Comment, by: User) -> Comment:
    """Takes one's own comment away. Raises PermissionDenied for somebody else's."""
    if comment.created_by_id != by.pk:
        raise PermissionDenied("Only who wrote a comment may delete it.")
    unit = comment.project.unit.path
    return base.deleted(
        comment, resource="comment", type="comment.deleted", by=by, unit=unit
    )


@transaction.atomic
def comment_restore(*, comment: Comment, by: User) -> Comment:
    """Brings one's own comment back."""
    if comment.created_by_id != by.pk:
        raise PermissionDenied("Only who wrote a comment may bring it back.")
    unit = comment.project.unit.path
    return base.restored(
        comment, resource="comment", type="comment.restored", by=by, unit=unit
    )


@transaction.atomic
def task_add(
    *,
    project: Project,
    what: str,
    who: User,
    where: str = "",
    due_on: date | None = None,
    cycle: Cycle | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Task:
    """Adds who does what by when, and tells them unless it is oneself."""
    project_lock(project)
    if before := base.earlier(Task, submission_id):
        return before
    if cycle and cycle.ramp.project_id != project.pk:
        raise ValidationError("Choose a test of this project.")
    task = base.created(
        Task(
            project=project,
            cycle=cycle,
            what=what,
            who=who,
            where=where,
            due_on=due_on,
            submission_id=submission_id,
            created_by=by,
        )
    )
    if who.pk != by.pk:
        _tell(who, "task", f"task:{task.pk}", project, "#tasks")
    _settle(task, "task.added", by)
    return task


@transaction.atomic
def task_done(*, task: Task, done: bool = True, by: User) -> Task:
    """Marks a task as done, or as open again. Twice is the same as once."""
    task = base.locked(task)
    if (task.done_at is not None) == done:
        return task
    task.done_at, task.done_by = (now(), by) if done else (None, None)
    versioned_save(task, expected=task.version, fields=["done_at", "done_by"])
    _settle(task, "task.done" if done else "task.reopened", by)
    return task


@transaction.atomic
def task_delete(*, task: Task, by: User) -> Task:
    """Takes a task away; it can be brought back for 30 days."""
    unit = task.project.unit.path
    return base.deleted(task, resource="task", type="task.deleted", by=by, unit=unit)


@transaction.atomic
def task_restore(*, task: Task, by: User) -> Task:
    """Brings a deleted task back."""
    unit = task.project.unit.path
    return base.restored(task, resource="task", type="task.restored", by=by, unit=unit)
