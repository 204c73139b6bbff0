"""Leaf rows for the nightly rollup: one statement each, grouped per unit and month.

Counted are registered projects of every visibility, not deleted ones and not public
data of other organisations. Months are London months, named by their first day; a
month still running counts up to now, and a month that has not begun has no rows. Past
month-ends are read from the status steps, so they do not drift.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Count, F

from projects.models import (
    LIVE,
    Barrier,
    ChangeIdea,
    CoproductionRating,
    Project,
    ProjectStatusChange,
    ReadinessCheck,
    Status,
    TimeCheck,
)
from projects.models.care import READINESS_ITEMS
from qiportal.core.dates import add_months, local_day, local_midnight, month_start, now


class LeafRow(NamedTuple):
    """A count (`denominator` None, n = numerator) or a share (n = denominator)."""

    unit_id: int
    month: date
    numerator: int
    denominator: int | None
    n: int


class RawRow(NamedTuple):
    """One value for a pooled median; `subgroup` says which family it belongs to."""

    unit_id: int
    month: date
    subgroup: str
    value: Decimal


COUNTED = {"project__deleted_at": None, "project__is_public_data": False}


def _ends(months: Sequence[date]) -> list[tuple[date, datetime]]:
    """Months that have begun, in order, with the moment each ends."""
    begun = sorted(month for month in set(months) if month <= local_day(now()))
    return [(month, local_midnight(add_months(month, 1))) for month in begun]


def _counts(pairs: Iterable[tuple[int, date]]) -> list[LeafRow]:
    found = Counter(pairs)
    return [LeafRow(unit, month, n, None, n) for (unit, month), n in found.items()]


def _shares(rows: Iterable[tuple[int, date, bool]]) -> list[LeafRow]:
    """(unit, month, counts for the numerator) to shares; every row is a case."""
    cases: Counter[tuple[int, date]] = Counter()
    hits: Counter[tuple[int, date]] = Counter()
    for unit, month, hit in rows:
        cases[unit, month] += 1
        hits[unit, month] += hit
    return [LeafRow(*key, hits[key], n, n) for key, n in cases.items()]


def _statuses(months: Sequence[date]) -> Iterator[tuple[int, date, int, str]]:
    """(unit, month, project, status at the month's end) from the status steps."""
    steps = ProjectStatusChange.objects.filter(**COUNTED)
    rows = steps.order_by("project_id", "at", "id").values_list(
        "project_id", "project__unit_id", "at", "to_status"
    )
    ends = _ends(months)
    for project_id, group in groupby(rows, key=itemgetter(0)):
        life = list(group)
        at, status = 0, ""
        for month, end in ends:
            while at < len(life) and life[at][2] < end:
                status = life[at][3]
                at += 1
            if status:
                yield life[0][1], month, project_id, status


def rollup_live_projects(*, months: Sequence[date]) -> list[LeafRow]:
    """Projects that are an idea or active at the end of each month."""
    return _counts(
        (unit, month) for unit, month, _, status in _statuses(months) if status in LIVE
    )


def rollup_resting_share(*, months: Sequence[date]) -> list[LeafRow]:
    """Resting projects of all that are not closed, at the end of each month."""
    return _shares(
        (unit, month, status == Status.RESTING)
        for unit, month, _, status in _statuses(months)
        if status in (*LIVE, Status.RESTING)
    )


def rollup_house_method(*, months: Sequence[date]) -> list[LeafRow]:
    """Live projects that use the house method, of all live ones, at month end.

    Which method a project uses is as of today: earlier choices are in the audit only.
    """
    house = set(
        Project.objects.filter(method__is_house=True).values_list("pk", flat=True)
    )
    return _shares(
        (unit, month, project in house)
        for unit, month, project, status in _statuses(months)
        if status in LIVE
    )


def rollup_registered(*, months: Sequence[date]) -> list[LeafRow]:
    """Projects registered in each month."""
    wanted = {month for month, _ in _ends(months)}
    rows = Project.objects.alive().filter(is_public_data=False)
    grouped = rows.values_list("unit_id", "registered_on").annotate(n=Count("pk"))
    found: Counter[tuple[int, date]] = Counter()
    for unit, day, n in grouped:
        if month_start(day) in wanted:
            found[unit, month_start(day)] += n
    return [LeafRow(unit, month, n, None, n) for (unit, month), n in found.items()]


def _barriers() -> list[tuple[int, datetime, datetime | None]]:
    rows = Barrier.objects.filter(**COUNTED)
    return list(rows.values_list("project__unit_id", "raised_at", "resolved_at"))


def rollup_barriers_open(*, months: Sequence[date]) -> list[LeafRow]:
    """Barriers raised and not yet resolved at the end of each month."""
    return _counts(
        (unit, month)
        for unit, raised, resolved in _barriers()
        for month, end in _ends(months)
        if raised < end and (resolved is None or resolved >= end)
    )


def rollup_barriers_resolved(*, months: Sequence[date]) -> list[LeafRow]:
    """Barriers resolved in a month, of those open at its start or raised in it."""
    return _shares(
        (unit, month, resolved is not None and resolved < end)
        for unit, raised, resolved in _barriers()
        for month, end in _ends(months)
        if raised < end and (resolved is None or resolved >= local_midnight(month))
    )


def rollup_barrier_days(*, months: Sequence[date]) -> list[RawRow]:
    """Days from raising to resolving, in the month of resolution, by level."""
    wanted = {month for month, _ in _ends(months)}
    rows = Barrier.objects.filter(**COUNTED, resolved_at__isnull=False)
    fields = ("project__unit_id", "level", "raised_at", "resolved_at")
    found = []
    for unit, level, raised, resolved in rows.values_list(*fields):
        month = month_start(local_day(resolved))
        if month in wanted:
            days = (local_day(resolved) - local_day(raised)).days
            found.append(RawRow(unit, month, level, Decimal(days)))
    return found


def rollup_ideas_dropped(*, months: Sequence[date]) -> list[LeafRow]:
    """Ideas tried and dropped, of all that were decided, by month of the decision."""
    wanted = {month for month, _ in _ends(months)}
    decided = (
        ChangeIdea.Status.ADOPTED,
        ChangeIdea.Status.ADAPTED,
        ChangeIdea.Status.ABANDONED,
    )
    rows = ChangeIdea.objects.filter(**COUNTED, deleted_at=None, status__in=decided)
    fields = ("project__unit_id", "updated_at", "status")
    return _shares(
        (unit, month_start(local_day(at)), status == ChangeIdea.Status.ABANDONED)
        for unit, at, status in rows.values_list(*fields)
        if month_start(local_day(at)) in wanted
    )


def rollup_time_honoured(*, months: Sequence[date]) -> list[LeafRow]:
    """Person-months whose agreed time was given in full, of those answered."""
    wanted = [month for month, _ in _ends(months)]
    rows = TimeCheck.objects.filter(
        agreement__project__deleted_at=None,
        agreement__project__is_public_data=False,
        month__in=wanted,
    )
    fields = ("agreement__project__unit_id", "month", "answer")
    return _shares(
        (unit, month, answer == TimeCheck.Answer.ALL)
        for unit, month, answer in rows.values_list(*fields)
    )


def rollup_coproduction(*, months: Sequence[date]) -> list[RawRow]:
    """Rungs of the co-production ladder by month and stage, one row a rating."""
    wanted = {month for month, _ in _ends(months)}
    rows = CoproductionRating.objects.filter(**COUNTED)
    fields = ("project__unit_id", "on", "stage", "rung")
    return [
        RawRow(unit, month_start(on), stage, Decimal(rung))
        for unit, on, stage, rung in rows.values_list(*fields)
        if month_start(on) in wanted
    ]


def rollup_readiness(*, months: Sequence[date]) -> list[RawRow]:
    """Answers to the eight readiness items by month, one row an answer."""
    wanted = {month for month, _ in _ends(months)}
    rows = ReadinessCheck.objects.filter(**COUNTED).annotate(unit=F("project__unit_id"))
    return [
        RawRow(row["unit"], month_start(row["on"]), item, Decimal(row[item]))
        for row in rows.values("unit", "on", *READINESS_ITEMS)
        if month_start(row["on"]) in wanted
        for item in READINESS_ITEMS
    ]
