"""The theory of change: the aim and the drivers."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import Aim, Driver, Project
from projects.selectors import driver_row
from projects.services.common import changes, project_lock, project_stamp
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now, today
from qiportal.core.versions import Conflict, versioned_save

AIM_PARTS = (
    *("direction", "quantity", "population", "place"),
    *("baseline", "target", "unit_text", "target_on"),
)


@transaction.atomic
def aim_set(
    *,
    project: Project,
    statement: str,
    by: User,
    version: int | None = None,
    **parts: Any,
) -> Aim:
    """Writes the project's one aim. `parts` may hold the fields named in AIM_PARTS.

    `version` is the version of the aim its writer looked at; needed once an aim
    exists. A new date must lie ahead. Raises Conflict, ValidationError.
    """
    if unknown := set(parts) - set(AIM_PARTS):
        raise TypeError(f"Unknown fields: {', '.join(sorted(unknown))}.")
    project_lock(project)
    aim = Aim.objects.filter(project=project, is_current=True).first()
    if aim and version is None:
        raise Conflict(aim)
    if aim is None:
        aim, version = Aim(project=project, created_by=by, is_current=True), None
    old, new = changes(aim, {"statement": statement, **parts})
    _check_aim(aim, new)
    if version is None:
        aim.save()
    else:
        versioned_save(aim, expected=version)
    project_stamp(project=project)
    if new:
        path = project.unit.path
        audit_record(
            type="aim.set", target=aim, by=by, old=old, new=new, unit_path=path
        )
    return aim


def _check_aim(aim: Aim, new: dict[str, Any]) -> None:
    if "target_on" in new and aim.target_on and aim.target_on <= today():
        raise ValidationError({"target_on": "Choose a date that lies ahead."})
    aim.full_clean()


@transaction.atomic
def driver_add(
    *,
    project: Project,
    text: str,
    by: User,
    parent: Driver | None = None,
    submission_id: UUID | None = None,
) -> Driver:
    """Adds a primary driver, or a secondary one beneath `parent`, as the last of its
    row. Raises ValidationError."""
    project_lock(project)
    sent = Driver.objects.filter(project=project, submission_id=submission_id)
    if submission_id and (earlier := sent.first()):
        return earlier
    check_parent(project, parent)
    driver = Driver(
        project=project,
        parent=parent,
        level=Driver.Level.SECONDARY if parent else Driver.Level.PRIMARY,
        text=text,
        submission_id=submission_id,
        created_by=by,
    )
    row = driver_row(driver)
    driver.position = row[-1].position + 1 if row else 1
    driver.full_clean()
    driver.save()
    driver_told(
        "driver.added", driver, by, new={"text": text, "parent": str(parent or "")}
    )
    return driver


def check_parent(project: Project, parent: Driver | None) -> None:
    """A secondary driver hangs on a living primary one of the same project."""
    if parent is None:
        return
    living = parent.deleted_at is None and parent.project_id == project.pk
    if parent.level != Driver.Level.PRIMARY or not living:
        raise ValidationError({"parent": "Choose a primary driver of this project."})


def driver_told(type_: str, driver: Driver, by: User, **values: Any) -> None:
    """Stamps the project and audits what happened to a driver."""
    project_stamp(project=driver.project)
    path = driver.project.unit.path
    audit_record(type=type_, target=driver, by=by, unit_path=path, **values)


@transaction.atomic
def driver_edit(
    *, driver: Driver, version: int, by: User, text: str, parent: Driver | None = None
) -> Driver:
    """Changes a driver's text or the primary driver it hangs on. Raises Conflict."""
    if driver.level == Driver.Level.PRIMARY:
        parent = None
    check_parent(driver.project, parent)
    old, new = changes(driver, {"text": text, "parent": parent})
    driver.full_clean()
    versioned_save(driver, expected=version, fields=["text", "parent"])
    if new:
        driver_told("driver.edited", driver, by, old=old, new=new)
    return driver


@transaction.atomic
def driver_delete(*, driver: Driver, by: User) -> Driver:
    """Takes a driver away for a while, with the secondary drivers that hang on it.

    Their ideas stay and stand without a driver until it comes back.
    """
    moment = now()
    branch = Driver.objects.filter(parent=driver, deleted_at=None)
    branch.update(deleted_at=moment, deleted_by=by, updated_at=moment)
    driver.deleted_at, driver.deleted_by = moment, by
    driver.save(update_fields=["deleted_at", "deleted_by", "updated_at"])
    driver_told("driver.deleted", driver, by, old={"text": driver.text})
    return driver


@transaction.atomic
def driver_restore(*, driver: Driver, by: User) -> Driver:
    """Brings a driver back with what was deleted with it. Raises ValidationError when
    its primary driver is gone."""
    check_parent(driver.project, driver.parent)
    branch = Driver.objects.filter(parent=driver, deleted_at=driver.deleted_at)
    branch.update(deleted_at=None, deleted_by=None, updated_at=now())
    driver.deleted_at = driver.deleted_by = None
    driver.save(update_fields=["deleted_at", "deleted_by", "updated_at"])
    driver_told("driver.restored", driver, by, new={"text": driver.text})
    return driver
