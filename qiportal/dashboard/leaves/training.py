"""Training joined to practice, and training by course."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

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


class Practice:
    """When the tests of each person's projects began, for a quick look-up.

    Two plain queries and a search in sorted lists: asking the database per attendance
    took half a minute for 2,000 attendances, this takes milliseconds.
    """

    def __init__(self) -> None:
        begun: dict[int, list[datetime]] = defaultdict(list)
        cycles = Cycle.objects.filter(deleted_at=None, ramp__project__deleted_at=None)
        for project, moment in cycles.values_list("ramp__project", "plan_started_at"):
            begun[project].append(moment)
        self._starts: dict[int, list[datetime]] = defaultdict(list)
        members = ProjectMember.objects.values_list("user", "project").distinct()
        for user, project in members:
            self._starts[user] += begun.get(project, [])
        for starts in self._starts.values():
            starts.sort()

    def began(self, user: int, attended_at: datetime) -> bool:
        """Whether a test of one of the person's projects began within 180 days."""
        starts = self._starts.get(user, [])
        first = bisect_left(starts, attended_at)
        return first < len(starts) and starts[first] < attended_at + CONVERSION


def _ripe_attendances(window: Window, subject: str) -> Iterator[tuple]:
    """(unit, month, subject, converted) of attendees who have had their 180 days."""
    ripe = _month_begins(local_midnight(window.as_of) - CONVERSION)
    practice = Practice()
    rows = attended().filter(application__session__starts_at__lt=ripe)
    columns = rows.values_list(
        "application__unit_id",
        subject,
        "application__applicant_id",
        "application__session__starts_at",
    )
    for unit, what, user, moment in columns.iterator(chunk_size=5000):
        month = month_start(local_day(moment))
        yield unit, month, what, practice.began(user, moment)


def conversion(window: Window) -> Iterable[Leaf]:
    """Attendees who took part in a test within 180 days, of all attendees, by month.

    Only months whose attendees have all had their 180 days by the run's day.
    """
    came: Counter[tuple] = Counter()
    began: Counter[tuple] = Counter()
    for unit, month, _, converted in _ripe_attendances(window, "pk"):
        came[unit, month] += 1
        began[unit, month] += converted
    found = (
        Leaf(unit, month, "", began[unit, month], n, n)
        for (unit, month), n in sorted(came.items())
    )
    return within(found, window)


def _month_begins(moment: datetime) -> datetime:
    return local_midnight(month_start(local_day(moment)))


def _by_course(rows: QuerySet, month: Any, unit: str, course: str) -> QuerySet:
    return (
        rows.annotate(held=month, place=F(unit), subject=F(course))
        .values("place", "held", "subject")
        .annotate(n_rows=Count("pk"))
        .order_by()
    )


def _course_leaves(rows: QuerySet, window: Window) -> Iterator[Leaf]:
    """Counts with the course's number as subgroup."""
    columns = rows.values_list("place", "held", "subject", "n_rows")
    found = (Leaf(u, month, str(c), n, None, n) for u, month, c, n in columns)
    return within(found, window)


def _applications(window: Window, **kept: Any) -> Iterator[Leaf]:
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
    course = "application__course_id"
    counts = Counter(
        (unit, month, str(subject))
        for unit, month, subject, converted in _ripe_attendances(window, course)
        if converted
    )
    found = (Leaf(*key, n, None, n) for key, n in sorted(counts.items()))
    return within(found, window)


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
        if offered
    )
    return within(found, window)
