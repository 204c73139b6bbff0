"""Discussion and tasks of a project."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from pdsa.models import Comment, Cycle, Task
from pdsa.services import base
from projects.models import Project
from projects.services import project_lock, project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import Notification, User
from qiportal.core.dates import now
from qiportal.core.versions import versioned_save

MENTION_KEY = "comment:"


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
        _tell(person, "mention", _mention_key(comment), project, _place_of(comment))
    _settle(comment, "comment.added", by)
    return comment


def _mention_key(comment: Comment) -> str:
    return f"{MENTION_KEY}{comment.pk}"


def _place_of(comment: Comment) -> str:
    url = reverse("discussion", args=[comment.project.reference])
    return f"{url}#comment-{comment.pk}"


def _mentions_seen(comment: Comment, at: datetime | None) -> None:
    """Takes the news of a comment away with it, and back; what was mailed stays so."""
    rows = Notification.objects.filter(kind="mention", key=_mention_key(comment))
    rows.update(read_at=at)


def _tell(person: User, kind: str, key: str, project: Project, reference: str) -> None:
    """A link and a title among the person's news and in the next mail, no more."""
    Notification.objects.get_or_create(
        user=person,
        kind=kind,
        key=key,
        defaults={"reference": reference, "title": project.title},
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
    _mentions_seen(comment, now())
    unit = comment.project.unit.path
    return base.deleted(
        comment, resource="comment", type="comment.deleted", by=by, unit=unit
    )


@transaction.atomic
def comment_restore(*, comment: Comment, by: User) -> Comment:
    """Brings one's own comment back."""
    if comment.created_by_id != by.pk:
        raise PermissionDenied("Only who wrote a comment may bring it back.")
    _mentions_seen(comment, None)
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
        place = f"{project.get_absolute_url()}#tasks"
        _tell(who, "task", f"task:{task.pk}", project, place)
    _settle(task, "task.added", by)
    return task


@dataclass(frozen=True)
class NewTask:
    """Who does what, as the form of a plan gives it."""

    what: str
    who: User
    where: str = ""
    due_on: date | None = None
    submission_id: uuid.UUID | None = None


def tasks_save(cycle: Cycle, tasks: Sequence[NewTask], *, by: User) -> list[Task]:
    """Adds the tasks of a test. Sent twice, each is there once."""
    project = cycle.ramp.project
    return [
        task_add(project=project, cycle=cycle, by=by, **vars(task)) for task in tasks
    ]


def tasks_copy(cycle: Cycle, *, by: User) -> list[NewTask]:
    """What is to be done again in the next test: by whom and where, without a day.

    Done or not: the next test needs its signs printed, too. What somebody did who has
    left the project falls to `by`.
    """
    there = cycle.ramp.project.members.filter(left_on=None).values("user")
    staying = set(User.objects.pickable().filter(pk__in=there))
    tasks = cycle.tasks.filter(deleted_at=None).select_related("who").order_by("id")
    return [
        NewTask(task.what, task.who if task.who in staying else by, task.where)
        for task in tasks
    ]


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
    """Takes a task away; it can be brought back for a while."""
    unit = task.project.unit.path
    return base.deleted(task, resource="task", type="task.deleted", by=by, unit=unit)


@transaction.atomic
def task_restore(*, task: Task, by: User) -> Task:
    """Brings a deleted task back."""
    unit = task.project.unit.path
    return base.restored(task, resource="task", type="task.restored", by=by, unit=unit)
