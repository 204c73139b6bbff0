"""The people of a project, and the people one may name."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from projects.models import Project, ProjectMember, Relation
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
