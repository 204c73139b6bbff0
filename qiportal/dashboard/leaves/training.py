"""Training joined to practice, and training by course."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from pdsa.models import Cycle
from projects.models import ProjectMember
from qiportal.core.dates import local_day, local_midnight, month_start
from qiportal.dashboard.facts import Leaf, Raw
from qiportal.dashboard.leaves.base import Window, month_of, within
from training.models import Application, Attendance

CONVERSION = timedelta(days=180)
CAME = (Attendance.Outcome.ATTENDED, Attendance.Outcome.PART)
HELD = ~Q(application__session__status="cancelled")


def attended() -> QuerySet:
    """Attendances of sessions that took place, by people who came."""
    return Attendance.objects.filter(HELD, outcome__in=CAME)


def began_within_180_days() -> Exists:
    """Whether who attended is on a project with a test begun within 180 days after."""
    start = OuterRef("application__session__starts_at")
    mine = ProjectMember.objects.filter(
        user=OuterRef(OuterRef("application__applicant")),
        project=OuterRef("ramp__project"),
    )
    begun = Cycle.objects.filter(
        Exists(mine),
        deleted_at=None,
        ramp__project__deleted_at=None,
        plan_started_at__gte=start,
        plan_started_at__lt=start + CONVERSION,
    )
    return Exists(begun)


def conversion(window: Window) -> Iterable[Leaf]:
    """Attendees who took part in a test within 180 days, of all attendees, by month.

    Only months whose attendees have all had their 180 days by the run's day.
    """
    ripe = local_midnight(window.as_of) - CONVERSION
    rows = (
        attended()
        .filter(application__session__starts_at__lt=_month_begins(ripe))
        .annotate(
            month=month_of("application__session__starts_at"),
            unit_id=F("application__unit_id"),
            converted=began_within_180_days(),
        )
        .values("unit_id", "month")
        .annotate(came=Count("pk"), began=Count("pk", filter=Q(converted=True)))
        .order_by()
    )
    found = (
        Leaf(row["unit_id"], row["month"], "", row["began"], row["came"], row["came"])
        for row in rows
    )
    return within(found, window)


def _month_begins(moment: datetime) -> datetime:
    return local_midnight(month_start(local_day(moment)))


def _by_course(rows: QuerySet, month, unit: str, course: str) -> QuerySet:
    return (
        rows.annotate(held=month, place=F(unit), subject=F(course))
        .values("place", "held", "subject")
        .annotate(n_rows=Count("pk"))
        .order_by()
    )


def _course_leaves(rows: QuerySet, window: Window) -> Iterator[Leaf]:
    """Counts with the course's number as subgroup."""
    found = (
        Leaf(r["place"], r["held"], str(r["subject"]), r["n_rows"], None, r["n_rows"])
        for r in rows
    )
    return within(found, window)


def _applications(window: Window, **kept) -> Iterator[Leaf]:
    rows = Application.objects.exclude(status="transferred").filter(**kept)
    return _course_leaves(_by_course(rows, F("month"), "unit_id", "course_id"), window)


def course_applications(window: Window) -> Iterator[Leaf]:
    """Applications by course, the applicant's unit and the month they were made."""
    return _applications(window)


def course_offered(window: Window) -> Iterator[Leaf]:
    """Of these, how many were offered a place."""
    return _applications(window, offered_at__isnull=False)


def course_booked(window: Window) -> Iterator[Leaf]:
    """Of these, how many hold or took up a booking."""
    return _applications(window, status="booked")


def _attendances(rows: QuerySet, window: Window) -> Iterator[Leaf]:
    month = month_of("application__session__starts_at")
    place, course = "application__unit_id", "application__course_id"
    return _course_leaves(_by_course(rows, month, place, course), window)


def course_attended(window: Window) -> Iterator[Leaf]:
    """People who came, by course, unit and month of the session."""
    return _attendances(attended(), window)


def course_absent(window: Window) -> Iterator[Leaf]:
    """People who were booked and did not come."""
    absent = Attendance.objects.filter(HELD, outcome="did_not_attend")
    return _attendances(absent, window)


def course_converted(window: Window) -> Iterator[Leaf]:
    """Attendees in a test within 180 days; months that are not ripe are left out."""
    ripe = _month_begins(local_midnight(window.as_of) - CONVERSION)
    rows = attended().filter(
        began_within_180_days(), application__session__starts_at__lt=ripe
    )
    return _attendances(rows, window)


def course_waiting(window: Window) -> Iterator[Raw]:
    """Days from application to first offer, by course and month of application."""
    rows = Application.objects.exclude(status="transferred").filter(
        offered_at__isnull=False
    )
    columns = rows.values_list(
        "unit_id", "month", "course_id", "applied_at", "offered_at"
    )
    found = (
        Raw(unit, month, str(course), (local_day(offered) - local_day(applied)).days)
        for unit, month, course, applied, offered in columns.iterator(chunk_size=5000)
    )
    return within(found, window)
