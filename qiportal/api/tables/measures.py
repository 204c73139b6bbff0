"""Tables of measures: their definition and newest analysis, numbers and phases."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce

from pdsa.engine import points_packed
from pdsa.models import DataPoint, Measure, MeasureState, MeasureTarget, Phase
from pdsa.selectors.packed import Layout, analysed, facts_of, groups_of, phases_of
from pdsa.selectors.series import DIRECTIONS, target_in_force
from qiportal.api.columns import COMPUTED, date_, day, flag, key, link, num, text, whole
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.common import (
    as_float,
    known,
    newest,
    newest_of,
    shown_since,
)
from qiportal.api.tables.gone import Gone
from qiportal.api.tables.projects import PROJECT, UNIT
from qiportal.api.tables.rows import OrmRows
from qiportal.core.dates import today
from qiportal.spc.model import LABELS, NOT_JUDGED, point_type

MEASURE = "dim_measure.measure_key"
KEPT_ANALYSES = 500
DIVIDED = (Measure.DataType.PROPORTION, Measure.DataType.RATE)


def measure_rows(viewer: Viewer) -> QuerySet:
    return Measure.objects.visible_to(viewer.user)


def target_from() -> Subquery:
    targets = MeasureTarget.objects.filter(
        measure=OuterRef("pk"), from_date__lte=today()
    )
    return Subquery(targets.order_by("-from_date").values("from_date")[:1])


def has_denominator() -> Case:
    return Case(
        When(data_type__in=DIVIDED, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


DIM_MEASURE = Table(
    name="dim_measure",
    path="bi/dim_measure/",
    meaning="One row per measure, with the newest analysis of its chart.",
    own=(
        key("measure_key", "The measure's number.", "pk"),
        link("project_key", "The project.", "project_id", PROJECT),
        link("unit_key", "The unit that owns the project.", "project__unit_id", UNIT),
        text("name", "Its name."),
        text("kind", "What it watches.", choices=tuple(Measure.Kind.values)),
        text("operational_definition", "Exactly how it is counted."),
        text("unit_of_measure", "Unit of its values."),
        text(
            "direction", "Which way is better.", choices=tuple(Measure.Direction.values)
        ),
        num("target", "Target in force today.", target_in_force, null=True),
        date_("target_from", "Day that target began.", target_from, null=True),
        text("frequency", "How often it is due."),
        text(
            "chart_type",
            "Chart it is shown on.",
            choices=tuple(Measure.ChartType.values),
        ),
        text(
            "data_type",
            "What kind of number it is.",
            choices=tuple(Measure.DataType.values),
        ),
        whole("decimals", "Decimals to show."),
        flag("clip", "Whether limits stop at what is possible."),
        flag(
            "screen_outliers",
            "Whether extreme ranges are left out of limits.",
            "screen",
        ),
        flag(
            "has_denominator", "Whether its points have a denominator.", has_denominator
        ),
        whole("points", "Numbers it has.", lambda: Coalesce(F("state__n"), 0)),
        date_("first_period", "First period.", "state__first_at", null=True),
        date_("last_period", "Last period.", "state__last_at", null=True),
        num("centre", "Centre line at the last point.", "state__mean", null=True),
        num("lower_limit", "Lower limit there.", "state__lower", null=True),
        num("upper_limit", "Upper limit there.", "state__upper", null=True),
        text("variation", "Variation icon.", "state__variation", null=True),
        text("assurance", "Assurance icon.", "state__assurance", null=True),
        text(
            "engine_version",
            "Version of the engine that computed it.",
            "state__engine_version",
            null=True,
        ),
    ),
    source=OrmRows(
        measure_rows,
        newest(
            F("updated_at"), known(F("state__updated_at")), shown_since("project__")
        ),
        unit_path="project__unit__path",
        gone=Gone(
            project="project_id",
            stamps=("deleted_at",),
            resource="measure",
            keys=lambda row_key: {"measure_key": int(row_key)},
        ),
    ),
)


CHARTED = (
    *("phase_number", "centre", "lower_limit", "upper_limit"),
    *("special_cause", "point_type"),
)
OFF_CHART = (1, None, None, None, None, None)
OnChart = dict[date, tuple]


def charts_of(measure_ids: Iterable[int]) -> dict[int, OnChart]:
    """measure -> day -> what its chart says (CHARTED), all measures analysed together.

    "No value" is NaN in the numbers, None in the words.
    """
    ids = list(measure_ids)
    if not ids:
        return {}
    points = points_packed(ids)
    facts = facts_of(Measure.objects.filter(pk__in=ids))
    phases = phases_of(Phase.objects.filter(measure__in=ids))
    days = points["day"].astype("datetime64[D]").tolist()
    found: dict[int, OnChart] = {}
    for group in groups_of(points, facts):
        layout = analysed(points, group, phases)
        told = list(zip(*_told(layout), strict=True))
        place = {row: i for i, row in enumerate(layout.taken.tolist())}
        for laid in layout.series:
            rows = range(laid.first, laid.last)
            found[laid.facts.id] = {days[row]: told[place[row]] for row in rows}
    return found


def _told(layout: Layout) -> list[list]:
    """The columns of CHARTED, one entry per point of the layout."""
    batch, cells = layout.batch, (layout.row, layout.column)
    numbers = (layout.phase, batch.cl, batch.lcl, batch.ucl)
    directions = [DIRECTIONS[laid.facts.direction] for laid in layout.series]
    codes = batch.label[cells].tolist()
    rows = layout.row.tolist()
    return [
        *(matrix[cells].tolist() for matrix in numbers),
        [None if code == NOT_JUDGED else LABELS[code] for code in codes],
        [
            point_type(code, directions[row])
            for code, row in zip(codes, rows, strict=True)
        ],
    ]


def with_charts(rows: list[Row], viewer: Viewer) -> None:
    """Limits and signals of each point, from the whole of its measure."""
    charts = viewer.cache.setdefault("charts", {})
    wanted = {row["measure_key"] for row in rows}
    if len(charts) > KEPT_ANALYSES:
        for pk in charts.keys() - wanted:
            del charts[pk]
    charts.update(charts_of(wanted - charts.keys()))
    for row in rows:
        on_chart = charts.get(row["measure_key"], {})
        seen = on_chart.get(row["period_start"], OFF_CHART)
        row.update(zip(CHARTED, seen, strict=True))
        numerator, denominator = row["numerator"], row["denominator"]
        row["value"] = numerator if denominator is None else numerator / denominator


def point_rows(viewer: Viewer) -> QuerySet:
    return DataPoint.objects.visible_to(viewer.user)


def newest_state() -> Any:
    return MeasureState.objects.aggregate(at=Max("updated_at"))["at"]


FACT_DATA_POINT = Table(
    name="fact_data_point",
    path="bi/fact_data_point/",
    meaning="One row per number of a measure, with what its chart says of it.",
    own=(
        key("point_key", "The number's number.", "pk"),
        link("measure_key", "The measure.", "measure_id", MEASURE),
        link("project_key", "The project.", "measure__project_id", PROJECT),
        link(
            "unit_key",
            "The unit that owns the project.",
            "measure__project__unit_id",
            UNIT,
        ),
        day("period_date_key", "First day of its period.", "period_start"),
        date_("period_start", "First day of its period."),
        num("numerator", "The count, or the value itself.", as_float("numerator")),
        num("denominator", "Out of how many.", as_float("denominator"), null=True),
        num("value", "Numerator by denominator, or the numerator.", COMPUTED),
        whole("phase_number", "Phase it lies in, counted from 1.", COMPUTED),
        flag("is_excluded", "Whether it is left out of the limits."),
        text("exclusion_reason", "Why it is left out.", null=True),
        num("centre", "Centre line.", COMPUTED, null=True),
        num("lower_limit", "Lower limit.", COMPUTED, null=True),
        num("upper_limit", "Upper limit.", COMPUTED, null=True),
        text(
            "special_cause", "Rule that marks it, on XmR charts.", COMPUTED, null=True
        ),
        text("point_type", "What that means for the measure.", COMPUTED, null=True),
        text(
            "entered_via",
            "How it came in.",
            choices=tuple(DataPoint.EnteredVia.values),
        ),
        text("source", "System it came from.", null=True),
        text("source_ref", "Its reference there.", null=True),
    ),
    compute=with_charts,
    source=OrmRows(
        point_rows,
        F("updated_at"),
        shown="measure__project__shown_since",
        unit_path="measure__project__unit__path",
        gone=Gone(
            project="measure__project_id",
            stamps=("deleted_at", "measure__deleted_at"),
            resource="data_point",
            keys=lambda row_key: {"point_key": int(row_key)},
        ),
        fresh=newest_state,
        streamed=("measure_id", "period_start"),
    ),
)


def phase_rows(viewer: Viewer) -> QuerySet:
    rows = Phase.objects.visible_to(viewer.user)
    return rows.filter(undone_at=None, measure__deleted_at=None)


def phase_number() -> Any:
    """1 for the baseline; phases taken back do not count."""
    earlier = Phase.objects.filter(
        Q(starts_on__lt=OuterRef("starts_on"))
        | Q(starts_on=OuterRef("starts_on"), pk__lt=OuterRef("pk")),
        measure=OuterRef("measure"),
        undone_at=None,
    )
    counted = earlier.order_by().values("measure").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0) + 1


FACT_PHASE = Table(
    name="fact_phase",
    path="bi/fact_phase/",
    meaning="One row per phase of a measure: the baseline and each rebase.",
    own=(
        key("phase_key", "The phase's number.", "pk"),
        link("measure_key", "The measure.", "measure_id", MEASURE),
        whole("number", "1 for the baseline, then counted up.", phase_number),
        day("starts_date_key", "First day of the phase.", "starts_on"),
        text("label", "Its name."),
        whole(
            "freeze_after_n", "Points its limits are fixed on, if they are.", null=True
        ),
        link(
            "cycle_key",
            "The test that caused it.",
            "cycle_id",
            "fact_pdsa_cycle.cycle_key",
            null=True,
        ),
    ),
    source=OrmRows(
        phase_rows,
        newest(
            F("updated_at"),
            F("measure__updated_at"),
            shown_since("measure__project__"),
            newest_of(Phase.objects.all(), "updated_at", measure="measure_id"),
        ),
        unit_path="measure__project__unit__path",
        gone=Gone(
            project="measure__project_id",
            stamps=("undone_at", "measure__deleted_at"),
            resource="phase",
            keys=lambda row_key: {"phase_key": int(row_key)},
        ),
    ),
)
