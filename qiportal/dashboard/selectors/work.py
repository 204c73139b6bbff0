"""What lies on one person's desk: a fixed handful of queries, whatever the trust."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, QuerySet

from pdsa.models import Cycle, Measure, Task
from projects.models import LIVE, Project, Status
from qiportal.accounts.models import Notification, User
from qiportal.core.dates import now
from qiportal.core.search import search
from qiportal.library.models import Method
from training.models import Application

SHOWN = 6
NEWS = 3
RECENT = timedelta(days=14)


@dataclass(frozen=True)
class Desk:
    """One person's open work; each list is short and in the order to do it."""

    projects: Sequence[Project]
    cycles: Sequence[Cycle]
    measures: Sequence[Measure]
    tasks: Sequence[Task]
    bookings: Sequence[Application]
    notices: Sequence[Notification]
    team_projects: Sequence[Project]

    @property
    def is_new(self) -> bool:
        """Nothing of one's own yet: a newcomer."""
        return not (self.projects or self.tasks or self.bookings)


def desk_of(user: User) -> Desk:
    """All that is the user's to do next."""
    projects = _projects(user)
    ids = [project.pk for project in projects]
    return Desk(
        projects=projects,
        cycles=list(_cycles(user, ids)) if ids else [],
        measures=list(_measures(user, ids)) if ids else [],
        tasks=list(_tasks(user)),
        bookings=list(_bookings(user)),
        notices=list(_notices(user)),
        team_projects=[] if projects else list(_team_projects(user)),
    )


def _projects(user: User) -> list[Project]:
    """Live and resting projects the user may write in, busiest first."""
    rows = Project.objects.editable_by(user).filter(status__in=(*LIVE, Status.RESTING))
    return list(rows.select_related("unit").order_by("-last_activity_at", "-pk"))


def _cycles(user: User, projects: Sequence[int]) -> QuerySet[Cycle]:
    """Tests without a decision; the one touched last stands first."""
    return (
        Cycle.objects.editable_by(user)
        .filter(ramp__project__in=projects, act_decided_at=None)
        .select_related("ramp__project")
        .order_by(F("do_started_at").desc(nulls_last=True), "-pk")[:SHOWN]
    )


def _measures(user: User, projects: Sequence[int]) -> QuerySet[Measure]:
    return (
        Measure.objects.editable_by(user)
        .filter(project__in=projects, project__status__in=LIVE)
        .select_related("project", "state")
        .order_by(F("state__last_at").asc(nulls_first=True), "pk")
    )


def _tasks(user: User) -> QuerySet[Task]:
    return (
        Task.objects.visible_to(user)
        .filter(who=user, done_at=None)
        .select_related("project", "cycle__ramp")
        .order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN]
    )


def _bookings(user: User) -> QuerySet[Application]:
    """Sessions to come that the user holds or waits for."""
    return (
        Application.objects.visible_to(user)
        .filter(
            applicant=user, status__in=Application.OPEN, session__starts_at__gte=now()
        )
        .exclude(session__status="cancelled")
        .select_related("session", "course")
        .order_by("session__starts_at")[:SHOWN]
    )


def _notices(user: User) -> QuerySet[Notification]:
    recent = now() - RECENT
    rows = Notification.objects.filter(
        user=user, read_at=None, created_at__gte=recent
    ).exclude(title="")
    return rows.order_by("-created_at", "-pk")[:NEWS]


def _team_projects(user: User) -> QuerySet[Project]:
    """Live projects of the user's own team that can be joined."""
    if user.home_unit_id is None:
        return Project.objects.none()
    rows = Project.objects.visible_to(user).filter(
        unit=user.home_unit_id, status__in=LIVE
    )
    return rows.select_related("unit").order_by("-last_activity_at", "-pk")[:SHOWN]


def found_methods(user: User, words: str) -> QuerySet[Method]:
    """Published library pages that hold all words."""
    rows = Method.objects.visible_to(user).filter(
        current_version__isnull=False, retired_on=None
    )
    fields = ("title", "current_version__summary")
    found = search(rows.select_related("current_version"), words, fields=fields)
    return found.order_by("title")[:10]
