"""What is due in live projects: tests to study, numbers to add, projects gone quiet.

Only projects that are an idea or active count: nudges stop at "resting".
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from pdsa.models import Cycle, Measure, Task
from pdsa.selectors.series import DAYS, MONTHS
from projects.models import LIVE, Project, ProjectMember, Relation
from projects.models.register import WRITERS
from qiportal.accounts.models import User
from qiportal.core.dates import add_months, local_day, now, today

QUIET_STEPS = (90, 42, 21)  # days, the longest first
STUDY_AFTER = timedelta(days=7)
GRACE = {"daily": 3, "weekly": 3, "fortnightly": 5, "monthly": 7, "quarterly": 14}


@dataclass(frozen=True)
class Quiet:
    """A project without a sign of life, and the longest step it has passed."""

    project: Project
    step: int

    @property
    def key(self) -> str:
        """Names this nudge: the step, counted from the newest sign of life."""
        since = local_day(self.project.last_activity_at)
        return f"{self.project.pk}:{self.step}:{since}"


@dataclass
class People:
    """Who is told of what is due in a project."""

    leads: set[int] = field(default_factory=set)
    writers: set[int] = field(default_factory=set)

    def told(self, doer_id: int | None = None) -> set[int]:
        """The leads (without one, all who write), and who began the thing."""
        doer = {doer_id} & self.writers if doer_id else set()
        return (self.leads or self.writers) | doer


def living_projects() -> QuerySet[Project]:
    """Projects that are an idea or active, and nobody's public data."""
    return Project.objects.alive().filter(status__in=LIVE, is_public_data=False)


def people_of(projects: Iterable[int] | QuerySet[Project]) -> dict[int, People]:
    """Project key -> its active leads and writers, in one query."""
    rows = ProjectMember.objects.filter(
        project__in=projects,
        left_on=None,
        relation__in=WRITERS,
        user__is_active=True,
        user__kind=User.Kind.PERSON,
    )
    found: dict[int, People] = defaultdict(People)
    for project_id, user_id, relation in rows.values_list(
        "project_id", "user_id", "relation"
    ):
        found[project_id].writers.add(user_id)
        if relation == Relation.LEAD:
            found[project_id].leads.add(user_id)
    return found


def quiet_step(last_activity_at: datetime) -> int | None:
    """90, 42 or 21: the longest step the days since then have reached, else None."""
    days = (today() - local_day(last_activity_at)).days
    return next((step for step in QUIET_STEPS if days >= step), None)


def quiet_projects() -> list[Quiet]:
    """Live projects without activity for at least 21 days."""
    shortest = now() - timedelta(days=QUIET_STEPS[-1] - 1)
    rows = living_projects().filter(last_activity_at__lt=shortest).order_by("pk")
    steps = ((project, quiet_step(project.last_activity_at)) for project in rows)
    return [Quiet(project, step) for project, step in steps if step]


def study_due_on(cycle: Cycle) -> date | None:
    """The planned end, else a week after Do was finished."""
    if cycle.planned_end_on:
        return cycle.planned_end_on
    if cycle.do_finished_at is None:
        return None
    return local_day(cycle.do_finished_at) + STUDY_AFTER


def studies_due(projects: QuerySet[Project]) -> list[Cycle]:
    """Tests of these projects that began, and whose study is due and not written."""
    rows = Cycle.objects.filter(
        ramp__project__in=projects,
        deleted_at=None,
        do_started_at__isnull=False,
        study_finished_at=None,
    ).select_related("ramp__project")
    day = today()
    return [
        row for row in rows.order_by("pk") if (study_due_on(row) or date.max) <= day
    ]


def following(day: date, frequency: str) -> date:
    """The start of the period after the one that begins at `day`."""
    if frequency in MONTHS:
        return add_months(day, MONTHS[frequency])
    return day + timedelta(days=DAYS.get(frequency, 1))


def value_due_on(measure: Measure) -> date:
    """When a missing number is worth a nudge: its period is over, with some grace.

    A measure without a number has one period from the day it was made.
    """
    state = getattr(measure, "state", None)
    if state and state.last_at:
        missing = following(state.last_at, measure.frequency)
    else:
        missing = local_day(measure.created_at)
    over = following(missing, measure.frequency)
    return over + timedelta(days=GRACE[measure.frequency])


def values_due(projects: QuerySet[Project]) -> list[Measure]:
    """Measures of these projects whose next number is late. At-event ones never are."""
    rows = Measure.objects.filter(
        project__in=projects, deleted_at=None, frequency__in=GRACE
    ).select_related("project", "state")
    return [row for row in rows.order_by("pk") if value_due_on(row) <= today()]


def tasks_due(user: User, *, within: timedelta) -> QuerySet[Task]:
    """A person's open tasks in live projects that are late or due soon."""
    rows = Task.objects.visible_to(user).filter(
        who=user,
        done_at=None,
        due_on__lte=today() + within,
        project__status__in=LIVE,
    )
    at_a_living_test = Q(cycle=None) | Q(cycle__deleted_at=None)
    return rows.filter(at_a_living_test).select_related("project").order_by("due_on")
