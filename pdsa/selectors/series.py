"""A measure's numbers as the engine wants them: one row per period, gaps included."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import OuterRef, QuerySet, Subquery

from pdsa.models import DataPoint, Measure, MeasureTarget, Phase
from pdsa.parsing import period_start
from qiportal.core.dates import add_months, today
from qiportal.spc import Analysis, SpcError, analyse

MOST_STEPS = 120
MONTHS = {"monthly": 1, "quarterly": 3}
DAYS = {"weekly": 7, "fortnightly": 14}
DIRECTIONS = {"up": "increase", "down": "decrease", "neither": "neutral"}
DIVIDED = ("p", "pp", "u", "up")


@dataclass(frozen=True)
class PointRow:
    """One period's figure as charts need it."""

    id: int
    measure_id: int
    period_start: date
    numerator: Decimal
    denominator: Decimal | None
    is_excluded: bool
    exclusion_reason: str
    note: str

    @property
    def value(self) -> float:
        if self.denominator is None:
            return float(self.numerator)
        return float(self.numerator / self.denominator)


@dataclass(frozen=True)
class Series:
    """`days` and `points` have one entry per period; a missing period's point is None.

    `phases` are those not undone, oldest first. `target` is the one in force today,
    on the scale of a point's value, or None.
    """

    measure: Measure
    days: tuple[date, ...]
    points: tuple[PointRow | None, ...]
    phases: tuple[Phase, ...] = ()
    target: float | None = None

    @property
    def known(self) -> list[PointRow]:
        return [point for point in self.points if point]


POINT_FIELDS = (
    *("id", "measure_id", "period_start", "numerator", "denominator"),
    *("is_excluded", "exclusion_reason", "note"),
)


def period_steps(days: np.ndarray, frequency: str) -> np.ndarray:
    """How many periods lie between neighbours of an ascending datetime64[D] array.

    One less entry than days, each between 1 and 120. Days measured daily or at each
    event always follow one another: nobody says on which days nothing is due.
    """
    if frequency in MONTHS:
        months = np.diff(days.astype("datetime64[M]").astype(np.int64))
        steps: np.ndarray = np.round(months / MONTHS[frequency])
    elif frequency in DAYS:
        steps = np.round(np.diff(days).astype(np.int64) / DAYS[frequency])
    else:
        steps = np.ones(max(len(days) - 1, 0))
    return np.clip(steps, 1, MOST_STEPS).astype(np.int64)


def missed_days(before: date, after: date, steps: int, frequency: str) -> list[date]:
    """The starts of the periods without a number between two that have one."""
    if frequency in MONTHS:
        months = range(1, steps)
        return [add_months(before, n * MONTHS[frequency]) for n in months]
    span = (after - before).days
    return [before + timedelta(days=n * span // steps) for n in range(1, steps)]


def series_build(
    measure: Measure,
    points: Sequence[PointRow],
    phases: Sequence[Phase] = (),
    target: float | None = None,
) -> Series:
    """Puts points (ascending by day) on a line of periods, with None for the gaps."""
    known = np.array([point.period_start for point in points], dtype="datetime64[D]")
    days: list[date] = []
    rows: list[PointRow | None] = []
    steps = [1, *period_steps(known, measure.frequency).tolist()]
    for point, step in zip(points, steps, strict=False):
        if step > 1:
            missed = missed_days(days[-1], point.period_start, step, measure.frequency)
            days += missed
            rows += [None] * len(missed)
        days.append(point.period_start)
        rows.append(point)
    return Series(measure, tuple(days), tuple(rows), tuple(phases), target)


def next_period(series: Series) -> date | None:
    """The period the next number is most likely for; None when it is still to come."""
    measure, known = series.measure, series.known
    if not known:
        return period_start(today(), measure.frequency)
    if measure.frequency == Measure.Frequency.EVENT:
        return today()
    last = known[-1].period_start
    if measure.frequency in MONTHS:
        following = add_months(last, MONTHS[measure.frequency])
    else:
        following = last + timedelta(days=DAYS.get(measure.frequency, 1))
    return following if following <= today() else None


def target_in_force() -> Subquery:
    """The value of a measure's target in force today, as an annotation."""
    targets = MeasureTarget.objects.filter(
        measure=OuterRef("pk"), from_date__lte=today()
    )
    return Subquery(targets.order_by("-from_date").values("value")[:1])


def with_target(measures: QuerySet) -> QuerySet:
    """Adds `target_now`, the target in force today, to measures."""
    return measures.annotate(target_now=target_in_force())


def measures_series(measures: Iterable[Measure]) -> dict[int, Series]:
    """The series of several measures, in two queries.

    Measures should carry `target_now` (see `with_target`); it is looked up if not.
    """
    measures = list(measures)
    ids = [measure.pk for measure in measures]
    points = _points_by_measure(ids)
    phases = _phases_by_measure(ids)
    return {
        measure.pk: series_build(
            measure, points[measure.pk], phases[measure.pk], _target(measure)
        )
        for measure in measures
    }


def measure_series(measure: Measure) -> Series:
    """One measure's series."""
    return measures_series([measure])[measure.pk]


def _points_by_measure(ids: list[int]) -> dict[int, list[PointRow]]:
    rows = DataPoint.objects.filter(measure__in=ids, deleted_at=None)
    found: dict[int, list[PointRow]] = defaultdict(list)
    for row in rows.order_by("measure_id", "period_start").values_list(*POINT_FIELDS):
        found[row[1]].append(PointRow(*row))
    return found


def _phases_by_measure(ids: list[int]) -> dict[int, list[Phase]]:
    rows = Phase.objects.filter(measure__in=ids, undone_at=None)
    found: dict[int, list[Phase]] = defaultdict(list)
    for phase in rows.order_by("measure_id", "starts_on").select_related("cycle"):
        found[phase.measure_id].append(phase)
    return found


def _target(measure: Measure) -> float | None:
    """The target in force: annotated by the selector, else read now."""
    known: Any = measure
    if not hasattr(known, "target_now"):
        known.target_now = (
            measure.targets.filter(from_date__lte=today())
            .order_by("-from_date")
            .values_list("value", flat=True)
            .first()
        )
    return None if known.target_now is None else float(known.target_now)


def phase_of_rows(days: Sequence[date], phases: Sequence[Phase]) -> dict[int, Phase]:
    """Which phase begins at which row. The first phase, the baseline, is at row 0.

    A later phase begins at the first row on or after its day; one that begins after
    the last row has no effect yet. Of two on one row the later one holds.
    """
    begins: dict[int, Phase] = {}
    for number, phase in enumerate(phases):
        after = (row for row, day in enumerate(days) if day >= phase.starts_on)
        row = next(after, None) if number else 0
        if row is not None:
            begins[row] = phase
    return begins


def series_options(series: Series) -> dict:
    """The engine's options of a series: rebases, fixed limits, exclusions, target."""
    measure, method = series.measure, series.measure.chart_type
    begins = phase_of_rows(series.days, series.phases)
    starts = sorted(row for row in begins if row)
    fixes = [
        begins[row].freeze_after_n if row in begins else None for row in [0, *starts]
    ]
    left_out = [
        row for row, point in enumerate(series.points) if point and point.is_excluded
    ]
    return {
        "rebase_at": starts,
        "fix_after_n": fixes if method == "xmr" else None,
        "freeze_after_n": None if method == "xmr" else fixes[0],
        "exclude": left_out,
        "improvement_direction": DIRECTIONS[measure.direction],
        "target": series.target,
        "screen_outliers": measure.screen,
    }


def series_analyse(series: Series) -> Analysis:
    """The series by its measure's own chart; by a run chart where that cannot be.

    A t chart cannot show a time of nought, and p and u charts need a denominator in
    each row: such numbers are refused when typed, but may come with a change of type.
    """
    method = series.measure.chart_type
    numerators = [float(p.numerator) if p else None for p in series.points]
    sizes = [
        float(p.denominator) if p and p.denominator else None for p in series.points
    ]
    divided = any(size is not None for size in sizes)
    options = series_options(series)
    if method in DIVIDED and not divided:
        method, options = "run", {**options, "fix_after_n": None}
    try:
        return analyse(
            numerators,
            method=method,
            denominators=sizes if divided and method not in ("c", "g", "t") else None,
            **options,
        )
    except SpcError as error:
        if error.code != "t_needs_positive":
            raise
        return analyse(numerators, method="run", **{**options, "fix_after_n": None})
