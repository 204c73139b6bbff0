"""Change ideas and the library methods a project puts to use."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import ChangeIdea, Driver, MethodUse, Project
from projects.services.common import (
    changes,
    project_lock,
    project_stamp,
    tombstone_remove,
    tombstone_write,
)
from projects.services.register import check_method
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now
from qiportal.core.versions import versioned_save
from qiportal.library.models import Method


def check_driver(project: Project, driver: Driver | None) -> None:
    """An idea hangs on a living driver of its own project, or on none."""
    living = driver is None or (
        driver.project_id == project.pk and driver.deleted_at is None
    )
    if not living:
        raise ValidationError({"driver": "Choose a driver of this project."})


def idea_told(type_: str, idea: ChangeIdea, by: User, **values: Any) -> None:
    """Stamps the project and audits what happened to an idea."""
    project_stamp(project=idea.project)
    path = idea.project.unit.path
    audit_record(type=type_, target=idea, by=by, unit_path=path, **values)


@transaction.atomic
def idea_add(
    *,
    project: Project,
    title: str,
    by: User,
    because: str = "",
    driver: Driver | None = None,
    submission_id: UUID | None = None,
) -> ChangeIdea:
    """Adds a change idea as the last of the project's list. Raises ValidationError."""
    project_lock(project)
    sent = ChangeIdea.objects.filter(project=project, submission_id=submission_id)
    if submission_id and (earlier := sent.first()):
        return earlier
    check_driver(project, driver)
    last = ChangeIdea.objects.filter(project=project).order_by("position").last()
    idea = ChangeIdea(
        project=project,
        title=title,
        because=because,
        driver=driver,
        position=last.position + 1 if last else 1,
        submission_id=submission_id,
        created_by=by,
    )
    idea.full_clean()
    idea.save()
    idea_told("idea.added", idea, by, new={"title": title})
    return idea


@transaction.atomic
def idea_edit(
    *,
    idea: ChangeIdea,
    version: int,
    by: User,
    title: str,
    because: str = "",
    driver: Driver | None = None,
) -> ChangeIdea:
    """Changes an idea's words or driver. Raises Conflict, ValidationError."""
    check_driver(idea.project, driver)
    wanted = {"title": title, "because": because, "driver": driver}
    old, new = changes(idea, wanted)
    idea.full_clean()
    versioned_save(idea, expected=version, fields=list(wanted))
    if new:
        idea_told("idea.edited", idea, by, old=old, new=new)
    return idea


@transaction.atomic
def idea_mark(
    *,
    idea: ChangeIdea,
    status: str,
    by: User,
    why: str = "",
    would_try_if: str = "",
    standard_work_owner: User | None = None,
    sustain_check_on: date | None = None,
    version: int | None = None,
) -> ChangeIdea:
    """Sets what became of an idea; an Act decision of its tests calls this.

    Empty words and dates leave what is there. `version` is what its writer looked at,
    where they looked at the idea. Raises Conflict, ValidationError.
    """
    wanted = {
        "status": status,
        "why": why or idea.why,
        "would_try_if": would_try_if or idea.would_try_if,
        "standard_work_owner": standard_work_owner or idea.standard_work_owner,
        "sustain_check_on": sustain_check_on or idea.sustain_check_on,
    }
    old, new = changes(idea, wanted)
    expected = idea.version if version is None else version
    if not new and expected == idea.version:
        return idea
    idea.full_clean()
    versioned_save(idea, expected=expected, fields=list(wanted))
    idea_told("idea.marked", idea, by, old=old, new=new)
    return idea


@transaction.atomic
def idea_delete(*, idea: ChangeIdea, by: User) -> ChangeIdea:
    """Takes an idea away for a while."""
    idea.deleted_at, idea.deleted_by = now(), by
    idea.save(update_fields=["deleted_at", "deleted_by", "updated_at"])
    idea_told("idea.deleted", idea, by, old={"title": idea.title})
    return idea


@transaction.atomic
def idea_restore(*, idea: ChangeIdea, by: User) -> ChangeIdea:
    """Brings a deleted idea back."""
    idea.deleted_at = idea.deleted_by = None
    idea.save(update_fields=["deleted_at", "deleted_by", "updated_at"])
    idea_told("idea.restored", idea, by, new={"title": idea.title})
    return idea


@transaction.atomic
def method_attach(
    *,
    project: Project,
    method: Method,
    by: User,
    used_for: str = "",
    is_main: bool = False,
    reason_if_other: str = "",
) -> MethodUse:
    """Notes that the project uses a library entry, or makes it the project's method.

    Attaching twice changes what it is used for. A main method other than the house's
    needs a reason. Raises ValidationError.
    """
    locked = project_lock(project)
    if is_main:
        _set_main(locked, method, reason_if_other)
        project.refresh_from_db()
    use, _ = MethodUse.objects.update_or_create(
        project=project,
        method=method,
        defaults={"used_for": used_for},
        create_defaults={"used_for": used_for, "at": now()},
    )
    tombstone_remove("method_use", f"{project.pk}-{method.pk}")
    project_stamp(project=project)
    audit_record(
        type="method.attached",
        target=project,
        by=by,
        new={"method": method.slug, "used_for": used_for, "is_main": is_main},
    )
    return use


def _set_main(project: Project, method: Method, reason: str) -> None:
    check_method(method, reason)
    project.method, project.reason_if_other = method, reason
    project.full_clean()
    versioned_save(
        project, expected=project.version, fields=["method", "reason_if_other"]
    )


@transaction.atomic
def method_detach(*, use: MethodUse, by: User) -> None:
    """Takes a library entry off the project; its main method stays until changed."""
    project = use.project
    row_key = f"{project.pk}-{use.method_id}"
    tombstone_write("method_use", row_key, project.unit.path)
    project_stamp(project=project)
    audit_record(
        type="method.detached", target=project, by=by, old={"method": use.method.slug}
    )
    use.delete()
