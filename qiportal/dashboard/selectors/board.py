"""Reads of runs, their published figures, and what waits for the board."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from projects.models import Barrier, Project
from qiportal.accounts.models import User
from qiportal.accounts.permissions import Perm, has_permission
from qiportal.core.dates import month_start
from qiportal.dashboard.facts import Fact
from qiportal.dashboard.models import (
    BoardVisit,
    IndicatorSnapshot,
    PublishedRun,
    RollupRun,
)
from qiportal.organisation.models import Unit

FACT_FIELDS = (
    "indicator",
    "subgroup",
    "period_start",
    "numerator",
    "denominator",
    "value",
    "n",
    "suppressed_reason",
)


@dataclass(frozen=True)
class BoardState:
    """All a board page must know before it reads a single figure: one query.

    `stamp` changes with every barrier, also when one is taken on; `seen_run` is what
    this person last saw; `skipped` are indicators the run could not compute.
    """

    run_id: int
    as_of: date
    published_at: datetime
    seen_run: int | None
    root_id: int | None
    stamp: str
    skipped: tuple[str, ...] = ()


def published() -> PublishedRun | None:
    """The pointer with its run, or None before the first run."""
    return PublishedRun.objects.select_related("run").first()


def published_run() -> RollupRun | None:
    """The run everybody reads now."""
    pointer = published()
    return pointer.run if pointer else None


def board_state(user: User) -> BoardState | None:
    """The published run as this person meets it; None before the first run."""
    visit = BoardVisit.objects.filter(user=user).values("run")[:1]
    root = Unit.objects.filter(parent=None).order_by("path").values("pk")[:1]
    barrier = Barrier.objects.order_by("-updated_at").values("updated_at")[:1]
    row = (
        PublishedRun.objects.annotate(
            seen=Subquery(visit),
            root=Subquery(root),
            barrier=Subquery(barrier),
        )
        .values_list(
            *("run_id", "run__as_of", "run__stats", "published_at"),
            *("seen", "root", "barrier"),
        )
        .first()
    )
    if row is None:
        return None
    run, as_of, stats, at, seen, root, changed = row
    stamp = f"{changed:%Y%m%d%H%M%S%f}" if changed else "0"
    skipped = tuple(stats.get("skipped", ()))
    return BoardState(run, as_of, at, seen, root, stamp, skipped)


def facts_of(run_id: int, unit_id: int, codes: Iterable[str]) -> dict[str, list[Fact]]:
    """One unit's figures of a run by indicator code, oldest first: one query."""
    rows = IndicatorSnapshot.objects.filter(
        run_id=run_id, unit_id=unit_id, indicator__in=list(codes)
    ).order_by("indicator", "subgroup", "period_start")
    found: dict[str, list[Fact]] = {}
    for row in rows.values_list(*FACT_FIELDS):
        fact = fact_of(row)
        found.setdefault(fact.indicator, []).append(fact)
    return found


def fact_of(row: tuple) -> Fact:
    """A row of FACT_FIELDS as a fact with plain numbers."""
    code, subgroup, period, numerator, denominator, value, n, reason = row
    return Fact(
        indicator=code,
        subgroup=subgroup,
        period=period,
        numerator=None if numerator is None else float(numerator),
        denominator=None if denominator is None else float(denominator),
        value=value,
        n=n,
        hidden=bool(reason),
    )


def newest_facts(run_id: int, unit: Unit) -> list[Fact]:
    """The newest period of every indicator and subgroup of a unit."""
    rows = IndicatorSnapshot.objects.filter(run_id=run_id, unit=unit)
    last = (
        rows.filter(indicator=OuterRef("indicator"), subgroup=OuterRef("subgroup"))
        .values("indicator")
        .annotate(last=Max("period_start"))
        .values("last")
    )
    newest = rows.filter(period_start=Subquery(last)).order_by("indicator", "subgroup")
    return [fact_of(row) for row in newest.values_list(*FACT_FIELDS)]


def month_end_rows(code: str, months: Sequence[date]) -> list[tuple]:
    """An indicator's figures of past months, each from the month's last published run.

    Those runs are kept for good; a figure of the present is frozen when its month ends.
    """
    closing: dict[date, int] = {}
    runs = RollupRun.objects.filter(state=RollupRun.State.PUBLISHED).order_by("id")
    for pk, day in runs.values_list("pk", "as_of"):
        if (month := month_start(day)) in months:
            closing[month] = pk
    found: list[tuple] = []
    for month, pk in closing.items():
        rows = IndicatorSnapshot.objects.filter(
            run=pk, indicator=code, period_start=month
        )
        found += [_as_written(row) for row in rows]
    return found


def _as_written(row: IndicatorSnapshot) -> tuple:
    """A stored figure as engine.snapshots_write takes it."""
    parts = (row.numerator, row.denominator)
    numbers = [None if part is None else float(part) for part in parts]
    key = row.indicator, row.unit_id, row.subgroup, row.period_start
    return (*key, *numbers, row.value, row.n, row.suppressed_reason)


def top_units() -> QuerySet[Unit]:
    """The trusts: units without a parent, in structure order."""
    return Unit.objects.filter(parent=None).order_by("path")


def board_unit_or_404(actor: User, code: str) -> Unit:
    """A unit of the board's drill-down. Raises Http404 for an unknown code."""
    return get_object_or_404(Unit.objects.visible_to(actor), code=code)


def unit_kept(pk: int | None) -> Unit:
    """A unit by its key. Raises Http404."""
    return get_object_or_404(Unit, pk=pk or 0)


def child_units(unit: Unit) -> QuerySet[Unit]:
    """The units directly beneath one, in structure order, never by a figure."""
    return unit.children.order_by("name", "pk")


def sees_units(actor: User) -> bool:
    """Whether the actor may look at figures below the trust (board and QI team)."""
    return has_permission(actor, Perm.BOARD_UNITS)


def needs_us(actor: User) -> QuerySet[Barrier]:
    """Open barriers that wait for the executive, on projects the actor may see.

    Longest first: what was raised first is dealt with first.
    """
    if not has_permission(actor, Perm.BOARD_ACT):
        return Barrier.objects.none()
    return (
        Barrier.objects.filter(
            resolved_at=None,
            level=Barrier.Level.EXECUTIVE,
            project__in=Project.objects.visible_to(actor),
        )
        .select_related("project__unit", "owner")
        .order_by("raised_at", "pk")
    )


def barrier_or_404(actor: User, barrier_id: int) -> Barrier:
    """An open barrier the actor may take on."""
    return get_object_or_404(needs_us(actor), pk=barrier_id)


def run_kept(run_id: int | None) -> RollupRun | None:
    """A run that is still kept, else None."""
    return RollupRun.objects.filter(pk=run_id or 0).first()
