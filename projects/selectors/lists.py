"""The project list, look-alikes, ideas tried and dropped, and what was deleted."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from projects.models import (
    CLOSED,
    LIVE,
    Barrier,
    ChangeIdea,
    Project,
    ProjectMember,
    Relation,
)
from qiportal.accounts.models import SavedFilter, User
from qiportal.accounts.models.people import Role
from qiportal.accounts.permissions import has_role
from qiportal.core.dates import now
from qiportal.core.search import search, telling_words
from qiportal.core.undo import kept_since
from qiportal.library.models import Method
from qiportal.organisation.models import Unit

SHOWN = ("unit", "method")
SEARCHED = ("title", "reference", "problem", "learning")
QUIET_DAYS = 42
GROUPS = {"live": LIVE, "closed": CLOSED}


def with_leads(projects: QuerySet) -> QuerySet:
    """Adds `leads`, the open lead rows with their people, in one more query."""
    leads = ProjectMember.objects.filter(left_on=None, relation=Relation.LEAD)
    rows = leads.select_related("user").order_by("id")
    return projects.prefetch_related(Prefetch("members", rows, to_attr="leads"))


def _memberships(actor: User) -> Exists:
    rows = ProjectMember.objects.filter(
        project=OuterRef("pk"), user=actor, left_on=None
    )
    return Exists(rows)


def project_list(actor: User, filters: dict[str, Any]) -> QuerySet:
    """The projects an actor may see that match the list's filters, busiest first.

    Filters: q (words), status (a status, "live" or "closed"), unit (that unit and
    below), method, mine, quiet (no activity for six weeks), stuck (an open barrier).
    """
    rows = search(
        Project.objects.visible_to(actor), filters.get("q") or "", fields=SEARCHED
    )
    if status := filters.get("status"):
        rows = rows.filter(status__in=GROUPS.get(status, [status]))
    if unit := filters.get("unit"):
        rows = rows.filter(unit__path__startswith=unit.path)
    if method := filters.get("method"):
        rows = rows.filter(Q(method=method) | Q(method_uses__method=method)).distinct()
    rows = _by_state(rows, actor, filters)
    return with_leads(rows.select_related(*SHOWN)).order_by("-last_activity_at", "-pk")


def _by_state(rows: QuerySet, actor: User, filters: dict[str, Any]) -> QuerySet:
    if filters.get("mine"):
        rows = rows.filter(_memberships(actor))
    if filters.get("quiet"):
        before = now() - timedelta(days=QUIET_DAYS)
        rows = rows.filter(status__in=LIVE, last_activity_at__lt=before)
    if filters.get("stuck"):
        open_barriers = Barrier.objects.filter(project=OuterRef("pk"), resolved_at=None)
        rows = rows.filter(Exists(open_barriers))
    return rows


def similar_projects(actor: User, title: str, limit: int = 5) -> list[Project]:
    """Live, closed or stopped projects like the one being typed, best first.

    A look-alike holds about half of the telling words, the title counting double.
    """
    least = max(2, len(telling_words(title)))
    rows = Project.objects.visible_to(actor).filter(is_public_data=False)
    found = search(rows, title, "any", fields=("title", "problem"))
    best = found.filter(score__gte=least).select_related(*SHOWN)
    return list(with_leads(best)[:limit])


def projects_to_reuse(actor: User) -> QuerySet:
    """Projects whose drivers and ideas a new one may start from."""
    return Project.objects.visible_to(actor).filter(is_public_data=False)


def memberships_of(actor: User, projects: list[Project]) -> set[int]:
    """Ids of those projects in which the actor has a part."""
    rows = ProjectMember.objects.filter(user=actor, project__in=projects, left_on=None)
    return set(rows.values_list("project_id", flat=True))


def dropped_ideas(actor: User, text: str = "", unit: Unit | None = None) -> QuerySet:
    """Change ideas that were tried and dropped, newest first.

    `knows_team` says whether the actor may see who tried it.
    """
    team = ProjectMember.objects.filter(
        project=OuterRef("project"), user=actor, left_on=None
    )
    rows = ChangeIdea.objects.filter(
        deleted_at=None,
        status=ChangeIdea.Status.ABANDONED,
        project__in=Project.objects.visible_to(actor),
    )
    if unit:
        rows = rows.filter(project__unit__path__startswith=unit.path)
    fields = ("title", "because", "why", "would_try_if", "project__title")
    rows = search(rows, text, fields=fields)
    rows = rows.select_related("project__unit", "created_by")
    return rows.annotate(knows_team=Exists(team)).order_by("-updated_at", "-pk")


def deleted_projects(actor: User) -> QuerySet:
    """Projects deleted so lately that the actor may bring them back."""
    rows = Project.objects.filter(deleted_at__gt=kept_since())
    if not has_role(actor, Role.QI_TEAM):
        led = ProjectMember.objects.filter(
            project=OuterRef("pk"), user=actor, relation=Relation.LEAD, left_on=None
        )
        rows = rows.filter(Exists(led), deleted_by=actor)
    return rows.select_related("unit", "deleted_by").order_by("-deleted_at")


def saved_filters(actor: User, page: str) -> list[SavedFilter]:
    """The person's own named filters of a list page."""
    rows = SavedFilter.objects.filter(user=actor, page=page)
    return list(rows.order_by("name"))


def saved_filter_or_404(actor: User, filter_id: int) -> SavedFilter:
    return get_object_or_404(SavedFilter, user=actor, pk=filter_id)


def filter_units(actor: User) -> QuerySet:
    return Unit.objects.visible_to(actor)


def filter_methods(actor: User) -> QuerySet:
    """Library entries in use by any project, for the list's filter."""
    used = Q(projects__isnull=False) | Q(uses__isnull=False)
    return Method.objects.visible_to(actor).filter(used).distinct().order_by("title")
