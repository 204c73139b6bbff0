"""Tables of published figures: what each indicator is, and its values."""

from datetime import UTC, datetime

from django.db.models import QuerySet

from qiportal.api.columns import (
    COMPUTED,
    NULL_REASONS,
    date_,
    day,
    flag,
    key,
    num,
    text,
    whole,
)
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.common import as_float
from qiportal.api.tables.lists import Made, MadeRows
from qiportal.api.tables.projects import UNIT
from qiportal.api.tables.rows import OrmRows
from qiportal.dashboard.indicators import Indicator, indicator_find, indicators
from qiportal.dashboard.models import IndicatorSnapshot

INTERNAL = "course."  # counted by course; served as fact_training_month
FAMILIES = ("survey.", "comments.")
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
DIRECTIONS = ("up", "down", "neither")


def is_public(code: str) -> bool:
    """Whether an indicator of this code exists for readers of the API."""
    return not code.startswith(INTERNAL) and indicator_find(code) is not None


def published_codes(viewer: Viewer) -> list[str]:
    """Codes of survey and comment families in the published run."""
    rows = IndicatorSnapshot.objects.filter(run=viewer.run_id)
    codes = rows.order_by().values_list("indicator", flat=True).distinct()
    return sorted(code for code in codes if code.startswith(FAMILIES))


def indicator_rows(viewer: Viewer) -> list[Made]:
    plain = [row for row in indicators() if not row.prefix and is_public(row.code)]
    found = [indicator_find(code) for code in published_codes(viewer)]
    at = viewer.run_at or MADE_AT
    return [Made(at, _indicator(row)) for row in [*plain, *filter(None, found)]]


def _indicator(row: Indicator) -> Row:
    return {
        "indicator_code": row.code,
        "label": row.label,
        "meaning": row.meaning,
        "numerator_label": row.numerator_label,
        "denominator_label": row.denominator_label,
        "unit": row.unit,
        "direction": row.direction,
        "minimum_n": row.floor,
        "component": row.component,
    }


DIM_INDICATOR = Table(
    name="dim_indicator",
    path="bi/dim_indicator/",
    meaning="One row per indicator, with every survey question and comment theme that "
    "the published run holds.",
    own=(
        key("indicator_code", "The indicator's code.", type="text"),
        text("label", "Its name."),
        text("meaning", "What exactly is counted."),
        text("numerator_label", "What the numerator counts."),
        text("denominator_label", "What the denominator counts.", null=True),
        text("unit", "Unit of the value: %, ratio, count, days, rung or score."),
        text("direction", "Which way is better.", choices=DIRECTIONS),
        whole("minimum_n", "Fewer than this are hidden; 0 where nothing is."),
        text("component", "NHS IMPACT component it speaks to.", null=True),
    ),
    source=MadeRows(indicator_rows),
)


def figure_rows(viewer: Viewer) -> QuerySet:
    rows = IndicatorSnapshot.objects.filter(run=viewer.run_id)
    return rows.exclude(indicator__startswith=INTERNAL)


def is_uniform(code: str, numerator: float | None, denominator: float | None) -> bool:
    """A survey share of nought or all would say how everybody answered."""
    parts = code.split(".")
    is_share = parts[0] == "survey" and len(parts) == 3
    return is_share and bool(denominator) and numerator in (0, denominator)


def with_value(rows: list[Row], viewer: Viewer) -> None:
    """Divides at last; hidden figures keep no number and say why."""
    for row in rows:
        row["suppressed"] = bool(row["_reason"])
        row["null_reason"] = row["_reason"] or None
        numerator, denominator = row["numerator"], row["denominator"]
        if is_uniform(row["indicator_code"], numerator, denominator):
            row.update(numerator=None, denominator=None, null_reason="all_alike")
        elif row["value"] is None and numerator is not None:
            row["value"] = divided(numerator, denominator)
        if row["value"] is None and row["null_reason"] is None:
            row["null_reason"] = "no_data"


def divided(numerator: float, denominator: float | None) -> float | None:
    """A share, or the count itself where there is nothing to divide by."""
    if denominator is None:
        return numerator
    return numerator / denominator if denominator else None


FACT_INDICATOR = Table(
    name="fact_indicator",
    path="bi/fact_indicator/",
    meaning="One row per indicator, unit, subgroup and period of the published run. "
    "Add up numerators and denominators, then divide; never average values.",
    own=(
        key(
            "indicator_code",
            "The indicator.",
            "indicator",
            type="text",
            references="dim_indicator.indicator_code",
        ),
        key("unit_key", "The unit, its parts included.", "unit_id", references=UNIT),
        key("subgroup", 'What the figure is of; "" for the whole.', type="text"),
        day("period_date_key", "First day of the period.", "period_start", key=True),
        date_("period_start", "First day of the period."),
        num("numerator", "What is counted.", as_float("numerator"), null=True),
        num(
            "denominator",
            "Out of how many; null for a plain count.",
            as_float("denominator"),
            null=True,
        ),
        whole("n", "People or things behind the figure.", null=True),
        num("value", "The figure itself; shares between 0 and 1.", null=True),
        text(
            "null_reason",
            "Why there is no value.",
            COMPUTED,
            null=True,
            choices=NULL_REASONS,
        ),
        flag("suppressed", "Whether it is hidden to protect people.", COMPUTED),
    ),
    compute=with_value,
    reads={"_reason": "suppressed_reason"},
    source=OrmRows(figure_rows, unit_path="unit__path"),
)
