"""The weekly mail: what is due now, what went quiet, what happened."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from pdsa.models import Comment, Cycle, Measure, Task
from pdsa.services.talk import MENTION_KEY
from projects.models import LIVE, Project, ProjectMember
from projects.models.register import WRITERS
from qiportal.accounts.mail import (
    Digest,
    Line,
    Section,
    line_of,
    reachable,
    waiting_rows,
    weekly_news,
    weekly_round,
)
from qiportal.accounts.models import Notification, User
from qiportal.core.dates import local_day, now, plain, today
from qiportal.dashboard.nudges import QUIET
from qiportal.dashboard.selectors.due import (
    QUIET_STEPS,
    living_projects,
    people_of,
    studies_due,
    tasks_due,
    values_due,
)
from qiportal.jobs.models import JobRun

MOST = 10
MENTION = "mention"
WEEK = timedelta(days=7)


def weekly_digest(job: JobRun | None = None) -> dict:
    """One mail a person for this week, at most. The job of that name.

    Raises JobProblem when the mail server is down; the next run goes on from there.
    """
    day = local_day(job.scheduled_for) if job else today()
    week = day - timedelta(days=day.weekday())
    return weekly_round(week=week, people=people(), compose=compose, job=job)


def people() -> QuerySet[User]:
    """Who may have something in it: part in a live project, an open task or news."""
    own = {"user": OuterRef("pk")}
    parts = ProjectMember.objects.filter(
        **own, left_on=None, project__in=living_projects(), relation__in=WRITERS
    )
    tasks = Task.objects.filter(who=OuterRef("pk"), done_at=None, deleted_at=None)
    news = waiting_rows().filter(**own)
    return reachable().filter(Exists(parts) | Exists(tasks) | Exists(news))


def compose(user: User, off: frozenset[str]) -> Digest:
    """One person's weekly mail, without the kinds they switched off."""
    news = weekly_news(user, off)
    named, mentions = _named(user, [row for row in news if row.kind == MENTION])
    news = [row for row in news if row.kind != MENTION]
    nudges = list(waiting_rows().filter(user=user, kind__startswith="nudge."))
    sections = [] if "reminder" in off else _reminders(user, nudges)
    sections.append(_section("You are named in a discussion", named))
    sections.append(_section("News", [line_of(row) for row in news]))
    filled = [section for section in sections if section.lines]
    return Digest(filled, [*mentions, *news, *nudges])


def _named(
    user: User, rows: Sequence[Notification]
) -> tuple[list[Line], list[Notification]]:
    """A line for each project that named a person in its talk, and the news told.

    A comment that is gone, or in a project the person no longer sees, is left out and
    not taken as told.
    """
    keys = {row.key.removeprefix(MENTION_KEY): row for row in rows}
    seen = Comment.objects.visible_to(user).filter(
        pk__in=[key for key in keys if key.isdecimal()]
    )
    told: dict[int, list[Notification]] = {}
    for pk, project in seen.order_by("pk").values_list("pk", "project"):
        told.setdefault(project, []).append(keys[str(pk)])
    return [_mention(found) for found in told.values()], sum(told.values(), [])


def _mention(rows: Sequence[Notification]) -> Line:
    times = f" ({len(rows)} times)" if len(rows) > 1 else ""
    return Line(f"{rows[0].title}{times}", rows[0].reference)


def _reminders(user: User, nudges: Sequence[Notification]) -> list[Section]:
    projects = _projects(user)
    told = people_of(projects)
    studies = [
        _study(row)
        for row in studies_due(projects)
        if user.pk in told[row.ramp.project_id].told(row.created_by_id)
    ]
    values = [
        _value(row)
        for row in values_due(projects)
        if user.pk in told[row.project_id].told(row.created_by_id)
    ]
    return [
        _section("Tests to study", studies),
        _section("Numbers due", values),
        _section("Your tasks", [_task(row) for row in tasks_due(user, within=WEEK)]),
        _section("Still going?", _quiet(user, nudges)),
    ]


def _projects(user: User) -> QuerySet[Project]:
    """The person's live projects that are not quiet: those have their own question."""
    recent = now() - timedelta(days=QUIET_STEPS[1])
    rows = Project.objects.editable_by(user)
    return rows.filter(
        status__in=LIVE, is_public_data=False, last_activity_at__gte=recent
    )


def _section(heading: str, lines: Sequence[Line]) -> Section:
    shown = list(lines[:MOST])
    if more := len(lines) - len(shown):
        shown.append(Line(f"and {more} more on My work", reverse("my_work")))
    return Section(heading, shown)


def _study(cycle: Cycle) -> Line:
    project = cycle.ramp.project
    url = reverse("cycle_detail", args=[project.reference, cycle.pk])
    return Line(f"{cycle.ramp.title}, test {cycle.number} ({project.title})", url)


def _value(measure: Measure) -> Line:
    project = measure.project
    url = reverse("point_add", args=[project.reference, measure.pk])
    return Line(f"{measure.name} ({project.title})", url)


def _task(task: Task) -> Line:
    day = task.due_on or today()
    late = "late, was due" if day < today() else "by"
    url = reverse("task_list", args=[task.project.reference])
    return Line(f"{task.project.title}: {late} {plain(day)}", url)


def _quiet(user: User, nudges: Sequence[Notification]) -> list[Line]:
    """Asked at 21, 42 and 90 days, with the three answers."""
    keys = {row.key.partition(":")[0]: row for row in nudges if row.kind == QUIET}
    rows = Project.objects.editable_by(user).filter(pk__in=keys, status__in=LIVE)
    return [
        Line(
            keys[str(project.pk)].title,
            links=(
                ("Still going", reverse("still_going", args=[project.reference])),
                ("Let it rest", reverse("project_status", args=[project.reference])),
                ("Hand it over", reverse("handover", args=[project.reference])),
            ),
        )
        for project in rows.order_by("pk")
    ]
