"""Tables of training: courses, their runs, and demand by month."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from qiportal.api.columns import (
    day,
    flag,
    key,
    link,
    local_date,
    moment,
    num,
    text,
    whole,
)
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.common import newest, newest_of
from qiportal.api.tables.projects import UNIT
from qiportal.api.tables.rows import OrmRows
from qiportal.core.dates import add_months, local_day
from qiportal.dashboard.models import IndicatorSnapshot
from training.models import Application, Attendance, Course, Session

COURSE = "dim_course.course_key"
CONVERSION = timedelta(days=180)
SHOWN_LEVELS = ("trust", "division", "directorate")
MONTHLY = ("applications", "offered", "booked", "attended", "did_not_attend")
CAME = (Attendance.Outcome.ATTENDED, Attendance.Outcome.PART)
Status = Application.Status


def course_rows(viewer: Viewer) -> QuerySet:
    return Course.objects.visible_to(viewer.user)


DIM_COURSE = Table(
    name="dim_course",
    path="bi/dim_course/",
    meaning="One row per improvement course.",
    own=(
        key("course_key", "The course's number.", "pk"),
        text("title", "Its title."),
        text("level", "Its level.", choices=tuple(Course.Level.values)),
        num("hours", "Hours it takes.", null=True, unit="hours"),
        flag("is_active", "Whether it is still offered."),
    ),
    source=OrmRows(course_rows, F("updated_at")),
)


def session_rows(viewer: Viewer) -> QuerySet:
    """Sessions with their counts; a cancelled one made nobody a non-attender."""
    applied = ~Q(applications__status=Status.TRANSFERRED)
    held = ~Q(status=Session.Status.CANCELLED)

    def with_status(status: str) -> Count:
        return Count("applications", filter=Q(applications__status=status))

    def with_outcome(*outcomes: str) -> Count:
        matches = Q(applications__attendance__outcome__in=outcomes)
        return Count("applications__attendance", filter=matches & held)

    completed = Q(applications__attendance__completed=True)
    return Session.objects.visible_to(viewer.user).annotate(
        application_count=Count("applications", filter=applied),
        booked_count=with_status(Status.BOOKED),
        waiting_count=with_status(Status.WAITLISTED),
        in_time_count=with_status(Status.CANCELLED_IN_TIME),
        late_count=with_status(Status.CANCELLED_LATE),
        attended_count=with_outcome(*CAME),
        absent_count=with_outcome(Attendance.Outcome.DID_NOT_ATTEND),
        completed_count=Count("applications__attendance", filter=completed),
    )


FACT_TRAINING_SESSION = Table(
    name="fact_training_session",
    path="bi/fact_training_session/",
    meaning="One row per run of a course, with its applications and attendance.",
    own=(
        key("session_key", "The run's number.", "pk"),
        link("course_key", "The course.", "course_id", COURSE),
        day("start_date_key", "Day it starts.", "starts_at", at=True),
        moment("starts_at", "When it starts."),
        moment("ends_at", "When it ends."),
        text("status", "Where it stands.", choices=tuple(Session.Status.values)),
        whole("places", "Places it has."),
        whole(
            "applications",
            "Applications, with or without a place.",
            "application_count",
        ),
        whole("booked", "Bookings.", "booked_count"),
        whole("waiting", "People on the waiting list now.", "waiting_count"),
        whole("cancelled_in_time", "Cancelled in time.", "in_time_count"),
        whole("late_cancel", "Cancelled late.", "late_count"),
        whole("attended", "People who came, for all or part of it.", "attended_count"),
        whole("did_not_attend", "Booked and did not come.", "absent_count"),
        whole("completed", "People who completed it.", "completed_count"),
    ),
    source=OrmRows(
        session_rows,
        newest(
            F("updated_at"),
            newest_of(Application.objects.all(), "updated_at", session="pk"),
            newest_of(
                Attendance.objects.all(), "recorded_at", application__session="pk"
            ),
        ),
    ),
)


def month_rows(viewer: Viewer) -> QuerySet:
    """One row per course, unit and month, from the figures of the published run."""

    def figure(name: str, column: str = "numerator") -> Max:
        return Max(column, filter=Q(indicator=f"course.{name}"))

    figures = IndicatorSnapshot.objects.filter(
        run=viewer.run_id,
        indicator__startswith="course.",
        unit__kind__in=SHOWN_LEVELS,
    )
    return figures.values("subgroup", "unit_id", "period_start").annotate(
        group_key=Min("pk"),
        **{f"n_{name}": figure(name) for name in (*MONTHLY, "converted_180d")},
        waiting=figure("days_waiting", "value"),
    )


def with_zeros(rows: list[Row], viewer: Viewer) -> None:
    """No figure means nobody; for conversion only once the 180 days are over."""
    today = local_day(viewer.run_at or viewer.moment)
    for row in rows:
        for name in MONTHLY:
            row[name] = row[name] or 0
        month = local_date(row["month_date_key"])
        is_ripe = add_months(month, 1) + CONVERSION <= today
        if row["converted_180d"] is None and is_ripe:
            row["converted_180d"] = 0


def by_course(viewer: Viewer, course: Any) -> Q:
    return Q(subgroup=str(course))


count = partial(whole, unit="people", convert=int)

FACT_TRAINING_MONTH = Table(
    name="fact_training_month",
    path="bi/fact_training_month/",
    meaning="One row per course, unit and month: demand and what came of it. Units "
    "from directorate up, by the applicant's unit; parents include their parts.",
    own=(
        key(
            "course_key",
            "The course.",
            "subgroup",
            references=COURSE,
            where=by_course,
            convert=int,
        ),
        key("unit_key", "The applicants' unit.", "unit_id", references=UNIT),
        day("month_date_key", "First day of the month.", "period_start", key=True),
        count("applications", "Applications made in the month.", "n_applications"),
        count("offered", "Of these, offered a place so far.", "n_offered"),
        count("booked", "Of these, booked.", "n_booked"),
        count("attended", "People who came in the month.", "n_attended"),
        count("did_not_attend", "People who did not come.", "n_did_not_attend"),
        num(
            "median_days_waiting",
            "Median days from application to offer; hidden below 11 offers. Never "
            "average it.",
            "waiting",
            null=True,
            unit="days",
        ),
        count(
            "converted_180d",
            "Of those who came, on a project with a test begun within 180 days; null "
            "until these are over.",
            "n_converted_180d",
            null=True,
        ),
    ),
    compute=with_zeros,
    source=OrmRows(month_rows, unit_path="unit__path", key="group_key"),
)
