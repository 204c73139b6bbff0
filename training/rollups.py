"""Leaf rows of the nightly rollup: grouped by unit and month, straight from SQL."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404

from qiportal.core.dates import local_day, now
from qiportal.organisation.models import Unit
from training.models import Application, Attendance, Session
from training.selectors import CAME, REAL

LEAF = dict[str, Any]


def month_of(moment: str) -> TruncMonth:
    """The first of a moment's London month as a date, on both engines.

    TruncDate around TruncMonth would give the day before in summer on PostgreSQL.
    """
    return TruncMonth(moment, output_field=DateField())


def _leaf(unit_id: int, month: date, part: int, whole: int | None, n: int) -> LEAF:
    return {
        "unit_id": unit_id,
        "month": month,
        "numerator": part,
        "denominator": whole,
        "n": n,
    }


def root_unit_id() -> int:
    """The trust at the top of the tree: places belong to it. Raises Http404 if none."""
    root = Unit.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True)
    if not root:
        raise Http404("There is no trust in the unit tree yet.")
    return root[0]


def _by_unit_month(rows: QuerySet, **counts) -> QuerySet:
    return rows.values("unit_id", "month").annotate(**counts).order_by()


def rollup_applications() -> Iterator[LEAF]:
    """Applications made, by the applicant's unit and month, placed or not."""
    rows = _by_unit_month(Application.objects.filter(REAL), made=Count("pk"))
    for row in rows:
        yield _leaf(row["unit_id"], row["month"], row["made"], None, row["made"])


def rollup_offered() -> Iterator[LEAF]:
    """How many of a month's applications were offered a place."""
    rows = _by_unit_month(
        Application.objects.filter(REAL), made=Count("pk"), offered=Count("offered_at")
    )
    for row in rows:
        yield _leaf(
            row["unit_id"], row["month"], row["offered"], row["made"], row["made"]
        )


def rollup_attendance() -> Iterator[LEAF]:
    """T / (T + N) by the applicant's unit and the month of a session that was held."""
    rows = (
        Attendance.objects.exclude(
            application__session__status=Session.Status.CANCELLED
        )
        .annotate(
            unit_id=F("application__unit_id"),
            held=month_of("application__session__starts_at"),
        )
        .values("unit_id", "held")
        .annotate(came=Count("pk", filter=Q(outcome__in=CAME)), marked=Count("pk"))
        .order_by()
    )
    for row in rows:
        yield _leaf(
            row["unit_id"], row["held"], row["came"], row["marked"], row["marked"]
        )


def _held_sessions() -> QuerySet:
    return (
        Session.objects.exclude(status=Session.Status.CANCELLED)
        .annotate(held=month_of("starts_at"))
        .values("held")
        .order_by()
    )


def rollup_places() -> Iterator[LEAF]:
    """Places offered by month, at the trust: places have no unit of their own."""
    root = root_unit_id()
    for row in _held_sessions().annotate(total=Sum("places")):
        yield _leaf(root, row["held"], row["total"], None, row["total"])


def rollup_demand() -> Iterator[LEAF]:
    """A / P as parts: applications at their units, places at the trust."""
    for row in rollup_applications():
        yield {**row, "denominator": 0}
    for row in rollup_places():
        yield {**row, "numerator": 0, "denominator": row["numerator"], "n": 0}


def rollup_utilisation() -> Iterator[LEAF]:
    """T / P by month of sessions that have begun, at the trust."""
    root = root_unit_id()
    came = Count("applications", filter=Q(applications__attendance__outcome__in=CAME))
    begun = _held_sessions().filter(starts_at__lt=now())
    places = {
        row["held"]: row["places"] for row in begun.annotate(places=Sum("places"))
    }
    for row in begun.annotate(came=came):
        whole = places[row["held"]]
        yield _leaf(root, row["held"], row["came"], whole, whole)


def rollup_waiting_days() -> Iterator[LEAF]:
    """One row per offer: days from application to first offer, for a pooled median."""
    rows = Application.objects.filter(REAL, offered_at__isnull=False).values_list(
        "unit_id", "applied_at", "offered_at"
    )
    for unit_id, applied, offered in rows.iterator(chunk_size=5000):
        day = local_day(offered)
        yield {
            "unit_id": unit_id,
            "month": day.replace(day=1),
            "value": (day - local_day(applied)).days,
        }


def attendees(since: datetime | None = None) -> Iterator[LEAF]:
    """Who came to what and when: the dashboard joins it with cycles started later."""
    rows = Attendance.objects.filter(outcome__in=CAME).exclude(
        application__session__status=Session.Status.CANCELLED
    )
    if since:
        rows = rows.filter(application__session__starts_at__gte=since)
    for user_id, unit_id, course_id, starts_at in rows.values_list(
        "application__applicant_id",
        "application__unit_id",
        "application__course_id",
        "application__session__starts_at",
    ):
        yield {
            "user_id": user_id,
            "unit_id": unit_id,
            "course_id": course_id,
            "attended_on": local_day(starts_at),
        }
