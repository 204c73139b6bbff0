"""The people of a project, and the people one may name."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from projects.models import Project, ProjectMember, Relation
from projects.permissions import standing_of
from qiportal.accounts.models import User

ORDER = (
    Relation.LEAD,
    Relation.MEMBER,
    Relation.PATIENT_PARTNER,
    Relation.SPONSOR,
    Relation.COACH,
)
SHOWN_COLLEAGUES = 60


def project_people(project: Project) -> list[ProjectMember]:
    """Open rows with their people: leads first, then by name."""
    rows = ProjectMember.objects.filter(project=project, left_on=None)
    rank = {relation: place for place, relation in enumerate(ORDER)}
    return sorted(
        rows.select_related("user__home_unit"),
        key=lambda row: (rank[Relation(row.relation)], row.user.full_name, row.pk),
    )


def past_people(project: Project) -> QuerySet:
    """Rows of those who left, last first."""
    rows = ProjectMember.objects.filter(project=project).exclude(left_on=None)
    return rows.select_related("user").order_by("-left_on", "-pk")


def member_of(project: Project, member_id: int) -> ProjectMember:
    """An open row of this project; Http404 otherwise."""
    rows = ProjectMember.objects.filter(project=project, left_on=None)
    return get_object_or_404(rows.select_related("user", "project__unit"), pk=member_id)


def own_rows(project: Project, actor: User) -> list[ProjectMember]:
    """The actor's own open rows in the project."""
    rows = ProjectMember.objects.filter(project=project, user=actor, left_on=None)
    return list(rows.select_related("user", "project__unit"))


def own_rows_or_404(project: Project, actor: User) -> list[ProjectMember]:
    if rows := own_rows(project, actor):
        return rows
    raise Http404


def sees_people(actor: User, project: Project) -> bool:
    """False for a patient partner, who is shown no list of other people."""
    return standing_of(actor, project).sees_people


def colleagues(actor: User) -> QuerySet:
    """People of the actor's own unit, the actor included, at most sixty by name."""
    same = Q(pk=actor.pk)
    if actor.home_unit_id:
        same |= Q(home_unit=actor.home_unit_id)
    return User.objects.visible_to(actor).pickable().filter(same)[:SHOWN_COLLEAGUES]


def people_named(actor: User, text: str) -> list[User]:
    """Who may be meant by an e-mail address or a full name: none, one or several."""
    wanted = " ".join(text.split())
    if not wanted:
        return []
    rows = User.objects.visible_to(actor).pickable()
    named = Q(email__iexact=wanted) | Q(full_name__iexact=wanted)
    return list(rows.filter(named)[:5])


def who_hands_over(actor: User, project: Project) -> User:
    """The lead a handover speaks for: the actor, else the longest-serving lead."""
    rows = ProjectMember.objects.filter(
        project=project, relation=Relation.LEAD, left_on=None
    )
    leads = [row.user for row in rows.select_related("user").order_by("id")]
    return actor if actor in leads or not leads else leads[0]


def leads(actor: User, project: Project) -> bool:
    """Whether the actor may change what only a lead or the QI team changes."""
    return standing_of(actor, project).can_lead
