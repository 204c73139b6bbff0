"""Many measures on one page: of a project, a unit and below it, or a programme.

The order is always structural: unit, project, kind, the team's own order. Never by a
result.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from pdsa import engine
from pdsa.models import Measure, Phase
from pdsa.selectors.packed import phases_of
from pdsa.selectors.series import PointRow, Series, series_build, with_target
from projects.models import LIVE, Programme, Project
from qiportal.accounts.models import User
from qiportal.organisation.models import Unit

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
KIND_ORDER = Case(
    *(When(kind=kind, then=Value(n)) for n, kind in enumerate(Measure.Kind.values)),
    default=Value(9),
    output_field=IntegerField(),
)
WITHIN = ("project__reference", KIND_ORDER, "position", "id")


def project_charts(project: Project) -> QuerySet[Measure]:
    """The living measures of a project that the viewer is known to see."""
    return Measure.objects.filter(project=project, deleted_at=None)


def unit_charts(actor: User, unit: Unit, *, ended: bool) -> QuerySet[Measure]:
    """The measures of a unit and all below it, of projects the actor sees."""
    rows = Measure.objects.visible_to(actor)
    return _running(rows.filter(project__unit__path__startswith=unit.path), ended)


def programme_charts(
    actor: User, programme: Programme, *, ended: bool
) -> QuerySet[Measure]:
    """The measures of a programme's projects that the actor sees."""
    rows = Measure.objects.visible_to(actor)
    return _running(rows.filter(project__programmes=programme), ended)


def _running(measures: QuerySet[Measure], ended: bool) -> QuerySet[Measure]:
    """Of live projects, as the board counts them; with `ended` of all.

    Public data of other organisations is kept in closed projects and always shown.
    """
    if ended:
        return measures
    return measures.filter(
        Q(project__status__in=LIVE) | Q(project__is_public_data=True)
    )


def kinds_counted(measures: QuerySet[Measure]) -> Counter[str]:
    """How many measures there are of each kind, in one query."""
    rows = measures.order_by().values_list("kind").annotate(found=Count("pk"))
    return Counter(dict(rows))


def in_structure(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    """In the order of the unit tree, with all that a small chart prints."""
    related = with_target(measures).select_related("project__unit", "state")
    return related.order_by("project__unit__path", *WITHIN)


def light_series(measures: Sequence[Measure]) -> dict[int, Series]:
    """The series of a page of measures in two queries: packed points, and phases.

    The points carry no notes; measures must carry `target_now`.
    """
    ids = [measure.pk for measure in measures]
    points: dict[int, list[PointRow]] = {key: [] for key in ids}
    for key, day, number, size, excluded in engine.points_packed(ids).tolist():
        points[key].append(
            PointRow(
                id=0,
                measure_id=key,
                period_start=date.fromordinal(EPOCH_ORDINAL + day),
                numerator=Decimal(number),
                denominator=None if size != size else Decimal(size),  # NaN: none
                is_excluded=bool(excluded),
                exclusion_reason="",
                note="",
            )
        )
    phases = phases_of(Phase.objects.filter(measure__in=ids))
    return {
        row.pk: series_build(row, points[row.pk], phases[row.pk], _target(row))
        for row in measures
    }


def _target(measure: Measure) -> float | None:
    found = getattr(measure, "target_now")  # noqa: B009 - an annotation
    return None if found is None else float(found)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A measure as the matrix places it: its name and place, and its state."""

    id: int
    name: str
    reference: str
    project: str
    unit: str
    chart_type: str
    direction: str
    segment_n: int
    last_value: float | None
    lower: float | None
    upper: float | None
    variation: str
    assurance: str
    run_signal: bool


COLUMNS: tuple[str | Combinable, ...] = (
    *("id", "name", "project__reference", "project__title", "project__unit__name"),
    *("chart_type", "direction", Coalesce("state__segment_n", 0)),
    *("state__last_value", "state__lower", "state__upper"),
    *(Coalesce(f"state__{name}", Value("")) for name in ("variation", "assurance")),
    Coalesce("state__run_signal", Value(False)),
)


def matrix_rows(measures: QuerySet[Measure]) -> list[MatrixRow]:
    """Measures with their states alone, by name of unit, in one query."""
    order = ("project__unit__name", "project__unit__path", *WITHIN)
    return [MatrixRow(*row) for row in measures.order_by(*order).values_list(*COLUMNS)]


def measures_listed(keys: Sequence[int]) -> list[Measure]:
    """Measures with project and state, in the order of their keys."""
    rows = Measure.objects.filter(pk__in=keys).select_related("project__unit", "state")
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys if key in found]
