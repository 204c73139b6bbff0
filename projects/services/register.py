"""Registering, editing, deleting and restoring a project."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.models import (
    Aim,
    Project,
    ProjectMember,
    ProjectStatusChange,
    ReferenceYear,
    Relation,
    Status,
    Visibility,
)
from projects.permissions import can_restore
from projects.services.common import changes, is_shown, tell, tombstone_sync
from projects.services.copying import theory_copy
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import local_midnight, now, today
from qiportal.core.undo import kept_days, kept_since
from qiportal.core.versions import versioned_save
from qiportal.library.models import Method
from qiportal.organisation.models import Unit

OPTIONAL = (
    *("rationale", "site", "method", "reason_if_other", "started_on", "target_end_on"),
    *("lead_leaves_on", "external_id", "is_public_data", "registered_on"),
)
EDITABLE = (
    *("title", "problem", "rationale", "unit", "site", "method", "reason_if_other"),
    *("visibility", "started_on", "target_end_on", "lead_leaves_on"),
)


def _highest_number(year: int) -> int:
    """The highest number in use, whoever gave it out (demo data, a restored backup)."""
    rows = Project.objects.filter(reference__startswith=f"QI-{year}-")
    references = rows.values_list("reference", flat=True)
    tails = (reference.rsplit("-", 1)[1] for reference in references)
    return max((int(tail) for tail in tails if tail.isdigit()), default=0)


def _year_locked(year: int) -> ReferenceYear:
    """The year's counter, held until the transaction ends."""
    if not ReferenceYear.objects.filter(year=year).exists():
        ReferenceYear.objects.get_or_create(
            year=year, defaults={"last": _highest_number(year)}
        )
    return ReferenceYear.objects.select_for_update().get(year=year)


def reference_next(counter: ReferenceYear) -> str:
    """The next reference of a locked year: "QI-2026-0042"."""
    counter.last += 1
    reference = f"QI-{counter.year}-{counter.last:04d}"
    if Project.objects.filter(reference=reference).exists():
        counter.last = _highest_number(counter.year) + 1
        reference = f"QI-{counter.year}-{counter.last:04d}"
    counter.save(update_fields=["last"])
    return reference


@transaction.atomic
def references_next(year: int, count: int) -> list[str]:
    """A block of `count` references of a year, for projects written in bulk."""
    counter = _year_locked(year)
    first = max(counter.last, _highest_number(year)) + 1
    counter.last = first + count - 1
    counter.save(update_fields=["last"])
    return [f"QI-{year}-{number:04d}" for number in range(first, first + count)]


@transaction.atomic
def project_register(
    *,
    title: str,
    problem: str,
    unit: Unit,
    aim_statement: str,
    lead: User,
    by: User,
    team: tuple[User, ...] = (),
    visibility: str = Visibility.TRUST,
    submission_id: UUID | None = None,
    reuse_of: Project | None = None,
    **optional: Any,
) -> Project:
    """Creates a project with its reference, first status, people and aim.

    `optional`: fields named in OPTIONAL. `reuse_of`: whose drivers and ideas to copy.
    The same `submission_id` gives the earlier project. Raises ValidationError.
    """
    day = _checked(optional).setdefault("registered_on", today())
    counter = _year_locked(day.year)
    if earlier := _sent_before(submission_id, by):
        return earlier
    project = Project(
        **{"title": title, "problem": problem, "unit": unit, "visibility": visibility},
        submission_id=submission_id,
        created_by=by,
        last_activity_at=_first_activity(day),
        **optional,
    )
    project.full_clean(exclude=["reference"])
    project.reference = reference_next(counter)
    project.save()
    theory_copy(source=reuse_of, target=project, by=by)
    return _register_parts(project, aim_statement, lead, team, by)


def _checked(optional: dict[str, Any]) -> dict[str, Any]:
    _check_names(optional, OPTIONAL)
    return optional


def _check_names(given: Iterable[str], known: Iterable[str]) -> None:
    if unknown := set(given) - set(known):
        raise TypeError(f"Unknown fields: {', '.join(sorted(unknown))}.")


def _sent_before(submission_id: UUID | None, by: User) -> Project | None:
    if submission_id is None:
        return None
    sent = Project.objects.filter(submission_id=submission_id, created_by=by)
    return sent.first()


def _first_activity(registered_on: date) -> datetime:
    return now() if registered_on == today() else local_midnight(registered_on)


def _register_parts(
    project: Project, aim_statement: str, lead: User, team: Iterable[User], by: User
) -> Project:
    """First status, people, aim, notices and the audit event of a new project."""
    ProjectStatusChange.objects.create(
        project=project,
        to_status=Status.IDEA,
        reason="Registered",
        at=project.last_activity_at,
        by=by,
    )
    aim = Aim(project=project, statement=aim_statement, created_by=by)
    aim.full_clean()
    aim.save()
    _name_people(project, lead, team, by)
    audit_record(
        type="project.registered",
        target=project,
        by=by,
        new={
            "reference": project.reference,
            "title": project.title,
            "lead": lead.email,
        },
    )
    return project


def _name_people(project: Project, lead: User, team: Iterable[User], by: User) -> None:
    people = _people(lead, team)
    ProjectMember.objects.bulk_create(
        ProjectMember(
            project=project,
            user=user,
            relation=relation,
            joined_on=project.registered_on,
        )
        for user, relation in people
    )
    _tell_named(project, [user for user, _ in people], by)


def _tell_named(project: Project, named: list[User], by: User) -> None:
    if project.is_public_data:
        return
    others = [user for user in named if user != by]
    title = f"{by} added you to {project.title}"
    tell(users=others, kind="project_added", project=project, title=title)


def _people(lead: User, team: Iterable[User]) -> list[tuple[User, str]]:
    """The lead first, then each other person once."""
    others = dict.fromkeys(user for user in team if user != lead)
    return [(lead, Relation.LEAD), *((user, Relation.MEMBER) for user in others)]


def check_method(method: Method | None, reason: str) -> None:
    """Raises ValidationError when another method than the house's has no reason."""
    house = Method.objects.live().filter(is_house=True).first()
    if method and house and method != house and not reason.strip():
        raise ValidationError(
            {"reason_if_other": f"Say why you chose this instead of {house}."}
        )


@transaction.atomic
def project_edit(*, project: Project, version: int, by: User, **wanted: Any) -> Project:
    """Changes fields named in EDITABLE. Raises Conflict, ValidationError.

    A change of visibility or unit is also told to readers of the API: by a tombstone
    where they saw the project, and by `shown_since` for the rows beneath it.
    """
    _check_names(wanted, EDITABLE)
    before, was_shown = project.unit.path, is_shown(project)
    old, new = changes(project, wanted)
    if "method" in new or "reason_if_other" in new:
        check_method(project.method, project.reason_if_other)
    if {"visibility", "unit"} & set(new):
        project.shown_since = now()
    project.full_clean()
    versioned_save(project, expected=version, fields=(*EDITABLE, "shown_since"))
    left = before if not project.unit.path.startswith(before) else ""
    if was_shown or is_shown(project):
        tombstone_sync(project=project, was_path=left)
    if new:
        audit_record(type="project.edited", target=project, by=by, old=old, new=new)
    return project


@transaction.atomic
def project_delete(*, project: Project, by: User) -> Project:
    """Takes a project away for everybody; it can be restored for a while."""
    project.deleted_at, project.deleted_by = now(), by
    project.save(update_fields=["deleted_at", "deleted_by", "updated_at"])
    if project.visibility == Visibility.TRUST:
        tombstone_sync(project=project)
    audit_record(type="project.deleted", target=project, by=by)
    return project


@transaction.atomic
def project_restore(*, project: Project, by: User) -> Project:
    """Brings a deleted project back. Raises PermissionDenied, or ValidationError when
    it is too late."""
    if not can_restore(by, project):
        raise PermissionDenied("Only the QI team or the lead who deleted it can do so.")
    if project.deleted_at and project.deleted_at <= kept_since():
        days = kept_days()
        raise ValidationError(
            f"The {days} days in which it could be restored are over."
        )
    project.deleted_at = project.deleted_by = None
    project.shown_since = now()
    stamps = ["deleted_at", "deleted_by", "shown_since", "updated_at"]
    project.save(update_fields=stamps)
    if is_shown(project):
        tombstone_sync(project=project)
    audit_record(type="project.restored", target=project, by=by)
    return project
