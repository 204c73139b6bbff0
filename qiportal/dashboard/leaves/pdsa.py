"""Tests and measures: started, predicted, decided, and what the charts say."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate, TruncMonth

from pdsa.models import Cycle, DataPoint, MeasureState, Prediction
from projects.models import LIVE, ProjectStatusChange
from qiportal.core.dates import LONDON, local_day
from qiportal.dashboard.facts import Leaf
from qiportal.dashboard.leaves.base import Window, month_of, within
from qiportal.dashboard.tree import month_end
from qiportal.spc import few_points_status

FRESH_DAYS = 60
NOT_ENOUGH = "not_enough_points"


def counted_cycles() -> QuerySet:
    """Tests of the trust's own projects that nobody has deleted."""
    return Cycle.objects.filter(
        deleted_at=None,
        ramp__project__deleted_at=None,
        ramp__project__is_public_data=False,
    )


def started(window: Window) -> Iterator[Leaf]:
    """Tests whose Do began, by unit and month of its beginning."""
    rows = (
        counted_cycles()
        .filter(do_started_at__isnull=False)
        .annotate(begun=month_of("do_started_at"))
        .values("unit_id", "begun")
        .annotate(found=Count("pk"))
        .order_by()
    )
    found = (
        Leaf(row["unit_id"], row["begun"], "", row["found"], None, row["found"])
        for row in rows
    )
    return within(found, window)


def predicted_before() -> Exists:
    """F4: a prediction saved before Do began, and not after the day Do is said to be.

    Rule: DOMAIN 3.3, from Taylor 2014 and McNicholas 2019.
    """
    saved_on = TruncDate("first_saved_at", tzinfo=LONDON)
    prior = Prediction.objects.filter(
        cycle=OuterRef("pk"), first_saved_at__lte=OuterRef("do_started_at")
    ).annotate(saved_on=saved_on)
    in_time = Q(cycle__do_on=None) | Q(cycle__do_on__gte=F("saved_on"))
    return Exists(prior.filter(in_time))


def completed() -> QuerySet:
    """Tests with a decision, by unit and month of the decision."""
    return (
        counted_cycles()
        .filter(act_decided_at__isnull=False)
        .annotate(decided=month_of("act_decided_at"))
    )


def predictions(window: Window) -> Iterator[Leaf]:
    """Completed tests whose prediction came before the test, of all completed tests.

    Tests that only collect information and test no change are left out.
    """
    no_change = Q(purpose="collect_information", ramp__change_idea=None)
    rows = (
        completed()
        .exclude(no_change & Q(other_change_ideas=None))
        .annotate(prior=predicted_before())
        .values("unit_id", "decided")
        .annotate(whole=Count("pk", distinct=True))
        .annotate(part=Count("pk", distinct=True, filter=Q(prior=True)))
        .order_by()
    )
    found = (
        Leaf(r["unit_id"], r["decided"], "", r["part"], r["whole"], r["whole"])
        for r in rows
    )
    return within(found, window)


def decisions(window: Window) -> Iterator[Leaf]:
    """Decisions by kind: adopt, adapt, abandon."""
    rows = completed().values("unit_id", "decided", "decision")
    found = (
        Leaf(r["unit_id"], r["decided"], r["decision"], r["found"], None, r["found"])
        for r in rows.annotate(found=Count("pk")).order_by()
    )
    return within(found, window)


def fresh_data(window: Window) -> Iterator[Leaf]:
    """Live projects with a number of the last 60 days, of all live, at month ends.

    The month of the run's day counts as it stands on that day.
    """
    last = _last_days()
    for project, unit, months in live_projects(window):
        days = last.get(project, [])
        for month in months:
            end = min(month_end(month), window.as_of)
            fresh = any(0 <= (end - day).days < FRESH_DAYS for day in days)
            yield Leaf(unit, month, "", float(fresh), 1, 1)


def _last_days() -> dict[int, list[date]]:
    """project id -> the last day with a number in each month."""
    rows = (
        DataPoint.objects.filter(deleted_at=None, measure__deleted_at=None)
        .annotate(month=TruncMonth("period_start"))
        .values_list("measure__project_id", "month")
        .annotate(last=Max("period_start"))
        .order_by()
    )
    found: dict[int, list[date]] = {}
    for project, _, last in rows:
        found.setdefault(project, []).append(last)
    return found


def live_projects(window: Window) -> Iterator[tuple[int, int, list[date]]]:
    """(project id, unit id, months at whose end it was live), from its status steps."""
    steps = ProjectStatusChange.objects.filter(
        project__deleted_at=None, project__is_public_data=False
    ).order_by("project_id", "at", "id")
    history: dict[tuple[int, int], list[tuple[date, str]]] = {}
    for project, unit, at, status in steps.values_list(
        "project_id", "project__unit_id", "at", "to_status"
    ):
        history.setdefault((project, unit), []).append((local_day(at), status))
    for (project, unit), days in history.items():
        live = [m for m in window.months if _status(days, m, window) in LIVE]
        yield project, unit, live


def _status(history: list[tuple[date, str]], month: date, window: Window) -> str:
    end = min(month_end(month), window.as_of)
    place = bisect_right([day for day, _ in history], end)
    return history[place - 1][1] if place else ""


def icons(window: Window) -> Iterable[Leaf]:
    """Measures of live projects by the icon of their last point, as the run finds them.

    Run charts have no icon: they are counted by whether they show an unusual run.
    Measures with fewer than 12 points in their newest stretch are counted apart.
    """
    rows = MeasureState.objects.filter(
        measure__deleted_at=None,
        measure__project__deleted_at=None,
        measure__project__is_public_data=False,
        measure__project__status__in=LIVE,
        n__gt=0,
    ).values_list("measure__project__unit_id", "variation", "run_signal", "segment_n")
    counts = Counter((unit, _icon(word, run, n)) for unit, word, run, n in rows)
    return [Leaf(u, window.month, icon, n, None, n) for (u, icon), n in counts.items()]


def _icon(variation: str, run_signal: bool, points: int) -> str:
    if few_points_status(points, "xmr") != "full":
        return NOT_ENOUGH
    return variation or ("unusual_run" if run_signal else "no_unusual_run")
