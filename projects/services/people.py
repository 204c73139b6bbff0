"""Who is in the project: adding, leaving, joining in one tap, handing over."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from projects.models import Handover, Project, ProjectMember, Relation
from projects.permissions import may_join
from projects.services.common import project_lock, project_stamp, tell
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now, today

TEAM = (Relation.LEAD, Relation.MEMBER, Relation.PATIENT_PARTNER)
WORDS = {
    Relation.LEAD: "lead",
    Relation.MEMBER: "member",
    Relation.SPONSOR: "sponsor",
    Relation.COACH: "coach",
    Relation.PATIENT_PARTNER: "patient partner",
}


def open_rows(project: Project, user: User) -> QuerySet[ProjectMember]:
    return ProjectMember.objects.filter(project=project, user=user, left_on=None)


def _add(project: Project, user: User, relation: str, on: date) -> ProjectMember:
    row = ProjectMember(project=project, user=user, relation=relation, joined_on=on)
    row.full_clean()
    row.save()
    return row


def _end(rows: Iterable[ProjectMember], on: date) -> None:
    for row in rows:
        row.left_on = max(on, row.joined_on)
        row.save(update_fields=["left_on"])


@transaction.atomic
def member_add(
    *, project: Project, user: User, relation: str, by: User, on: date | None = None
) -> ProjectMember:
    """Gives a person a part in the project and tells them.

    Lead, member and patient partner exclude one another: a new lead who was a member
    stops being one. Raises ValidationError, for instance when the part is held already.
    """
    project_lock(project)
    held = open_rows(project, user)
    if relation == Relation.LEAD:
        _end(held.filter(relation__in=TEAM).exclude(relation=relation), today())
    elif relation in TEAM and held.filter(relation__in=TEAM).exists():
        raise ValidationError({"person": f"{user} is in the team already."})
    row = _add(project, user, relation, on or today())
    project_stamp(project=project)
    if user != by:
        title = f"{by} added you to {project.title} as {WORDS[Relation(relation)]}"
        tell(
            users=[user],
            kind="project_added",
            project=project,
            title=title,
            key=f"{project.reference}-{relation}",
        )
    _audit("member.added", project, by, user, relation)
    return row


@transaction.atomic
def member_remove(*, member: ProjectMember, by: User) -> ProjectMember:
    """Ends a person's part, today. The last lead cannot go: hand over first."""
    project = project_lock(member.project)
    row = ProjectMember.objects.get(pk=member.pk)
    if row.left_on is not None:
        return row
    if row.relation == Relation.LEAD and _other_leads(row) == 0:
        raise ValidationError("A project needs a lead. Hand it over first.")
    _end([row], today())
    project_stamp(project=project)
    _audit("member.removed", project, by, row.user, row.relation)
    return row


def _other_leads(row: ProjectMember) -> int:
    leads = ProjectMember.objects.filter(
        project_id=row.project_id, relation=Relation.LEAD, left_on=None
    )
    return leads.exclude(pk=row.pk).count()


@transaction.atomic
def project_join(*, project: Project, by: User) -> ProjectMember:
    """Makes the person a member of a project of their own team; the leads are told.

    Joining twice gives the earlier row. Raises PermissionDenied.
    """
    project_lock(project)
    if member := open_rows(project, by).filter(relation__in=TEAM).first():
        return member
    if not may_join(by, project):
        raise PermissionDenied("Ask the project's lead to add you.")
    row = _add(project, by, Relation.MEMBER, today())
    project_stamp(project=project)
    tell(
        users=leads_of(project),
        kind="member_joined",
        project=project,
        title=f"{by} joined {project.title}",
        key=f"{project.reference}-{by.pk}-{today()}",
    )
    _audit("member.joined", project, by, by, Relation.MEMBER)
    return row


def leads_of(project: Project) -> list[User]:
    """The people who lead the project now."""
    rows = ProjectMember.objects.filter(
        project=project, relation=Relation.LEAD, left_on=None
    )
    return [row.user for row in rows.select_related("user").order_by("id")]


def _audit(type_: str, project: Project, by: User, user: User, relation: str) -> None:
    audit_record(
        type=type_,
        target=project,
        by=by,
        new={"person": user.email, "relation": str(relation)},
    )


@transaction.atomic
def handover_offer(
    *, project: Project, to_user: User, by: User, from_user: User, note: str = ""
) -> Handover:
    """Asks somebody to lead the project from now on. Raises ValidationError."""
    project_lock(project)
    if open_rows(project, to_user).filter(relation=Relation.LEAD).exists():
        raise ValidationError({"person": f"{to_user} leads this project already."})
    offer = Handover(
        project=project,
        from_user=from_user,
        to_user=to_user,
        note=note,
        offered_at=now(),
    )
    offer.full_clean()
    offer.save()
    tell(
        users=[to_user],
        kind="handover_offered",
        project=project,
        title=f"{from_user} asks you to lead {project.title}",
        key=f"handover-{offer.pk}",
    )
    _audit_offer("handover.offered", offer, by)
    return offer


@transaction.atomic
def handover_accept(*, offer: Handover, by: User) -> Handover:
    """The person asked becomes the lead; who led stays in the team as a member.

    The project's status is left alone. Raises PermissionDenied for anybody else.
    """
    if by.pk != offer.to_user_id:
        raise PermissionDenied("Only the person who was asked can accept.")
    project = project_lock(offer.project)
    if not _still_open(offer):
        raise ValidationError("This handover is no longer on offer.")
    leaving = open_rows(project, offer.from_user).filter(relation=Relation.LEAD)
    taking = open_rows(project, by).filter(relation__in=TEAM)
    if leaving.exists():
        _end(leaving, today())
        _add(project, offer.from_user, Relation.MEMBER, today())
    if not taking.filter(relation=Relation.LEAD).exists():
        _end(taking, today())
        _add(project, by, Relation.LEAD, today())
    offer.accepted_at = now()
    offer.save(update_fields=["accepted_at"])
    Project.objects.filter(pk=project.pk).update(lead_leaves_on=None, updated_at=now())
    tell(
        users=[offer.from_user],
        kind="handover_accepted",
        project=project,
        title=f"{by} now leads {project.title}",
        key=f"handover-{offer.pk}",
    )
    _audit_offer("handover.accepted", offer, by)
    return offer


def _still_open(offer: Handover) -> bool:
    offer.refresh_from_db(fields=["accepted_at", "ended_at"])
    return offer.accepted_at is None and offer.ended_at is None


@transaction.atomic
def handover_end(*, offer: Handover, by: User) -> Handover:
    """The offer is declined by its receiver or taken back by who leads."""
    project_lock(offer.project)
    if not _still_open(offer):
        raise ValidationError("This handover is no longer on offer.")
    offer.ended_at = now()
    offer.save(update_fields=["ended_at"])
    declined = by.pk == offer.to_user_id
    if declined:
        tell(
            users=[offer.from_user],
            kind="handover_declined",
            project=offer.project,
            title=f"{by} cannot lead {offer.project.title}",
            key=f"handover-{offer.pk}",
        )
    kind = "handover.declined" if declined else "handover.withdrawn"
    _audit_offer(kind, offer, by)
    return offer


def _audit_offer(type_: str, offer: Handover, by: User) -> None:
    audit_record(
        type=type_,
        target=offer.project,
        by=by,
        new={"from": offer.from_user.email, "to": offer.to_user.email},
    )
