"""One indicator's page: chart, sentence, table, and the same rows as CSV."""

from datetime import date

from django.urls import reverse

from pdsa.charts import Reading, chart_svg, plotly_spec
from pdsa.charts.words import METHODS
from qiportal.core.dates import month_start
from qiportal.dashboard.facts import Fact
from qiportal.dashboard.indicators import Indicator
from qiportal.dashboard.presenters.numbers import (
    HIDDEN,
    NO_DATA,
    number_of,
    shown,
    whole,
)
from qiportal.dashboard.presenters.series import indicator_reading, is_wave, spc_word
from qiportal.dashboard.selectors import BoardState, facts_of
from qiportal.organisation.models import Unit

DIRECTIONS = {
    "up": "Higher is better",
    "down": "Lower is better",
    "neither": "Neither way is better",
}
HEADER = ("indicator", "unit", "subgroup", "period_start", "numerator", "denominator")
CSV_HEADER = (*HEADER, "value", "n", "hidden_because")
SUBGROUPS = {
    "adopt": "Adopted",
    "adapt": "Adapted",
    "abandon": "Tried and dropped",
    "choose": "Choosing the problem",
    "design": "Designing the change",
    "test": "Testing it",
    "study": "Studying the results",
    "decide": "Deciding what next",
    "common_cause": "Usual variation",
    "improvement_high": "Unusual, better (high)",
    "improvement_low": "Unusual, better (low)",
    "concern_high": "Unusual, worse (high)",
    "concern_low": "Unusual, worse (low)",
    "neutral_high": "Unusual, high",
    "neutral_low": "Unusual, low",
    "not_enough_points": "Too few points yet",
    "unusual_run": "Run chart with an unusual run",
    "no_unusual_run": "Run chart without an unusual run",
}


def indicator_context(indicator: Indicator, state: BoardState, unit: Unit) -> dict:
    """Everything the indicator page prints for a unit."""
    rows = facts_of(state.run_id, unit.pk, [indicator.code]).get(indicator.code, [])
    names = sorted({row.subgroup for row in rows})
    groups = [[row for row in rows if row.subgroup == name] for name in names]
    charts = [
        _chart(indicator, name, group, state.as_of)
        for name, group in zip(names, groups, strict=True)
    ]
    return {
        "indicator": indicator,
        "state": state,
        "unit": unit,
        "direction": DIRECTIONS[indicator.direction],
        "charts": [chart for chart in charts if chart],
        "table": _table(indicator, rows, state.as_of) if rows else None,
        "csv_url": _csv_url(indicator, unit),
        "hidden_note": HIDDEN.format(k=indicator.floor) if indicator.hide else "",
    }


def _csv_url(indicator: Indicator, unit: Unit) -> str:
    here = reverse("board_indicator_csv", args=[indicator.code])
    return here if unit.parent_id is None else f"{here}?unit={unit.code}"


def subgroup_name(name: str) -> str:
    return SUBGROUPS.get(name, name.replace("_", " ").capitalize())


def _chart(
    indicator: Indicator, name: str, rows: list[Fact], as_of: date
) -> dict | None:
    """The chart of one subgroup's series; one number alone makes none."""
    title = subgroup_name(name) if name else indicator.label
    reading = indicator_reading(indicator, rows, as_of, title)
    if len(reading.series.known) < 2:
        return None
    key = f"chart-{indicator.code}-{name}".replace(".", "-").replace("_", "-")
    return {
        "id": key.rstrip("-"),
        "title": subgroup_name(name) if name else "",
        "sentence": reading.sentence,
        "spec": plotly_spec(reading),
        "svg": chart_svg(reading),
        "word": spc_word(reading),
        "notes": _notes(indicator, reading),
    }


def _notes(indicator: Indicator, reading: Reading) -> list[str]:
    method = reading.analysis.method
    notes = [f"{METHODS[method]}. Engine {reading.analysis.engine_version}."]
    if not is_wave(indicator) and not indicator.stock:
        notes.append("The month that is not over is left out.")
    missing = reading.analysis.missing
    if missing:
        notes.append(f"{missing} months without a figure are drawn as gaps.")
    return notes


def _table(indicator: Indicator, rows: list[Fact], as_of: date) -> dict:
    several = any(row.subgroup for row in rows)
    columns: list[dict] = [{"label": "Period"}]
    columns += [{"label": "Part"}] if several else []
    columns.append({"label": "Figure", "numeric": True})
    columns.append({"label": indicator.numerator_label.capitalize(), "numeric": True})
    if indicator.denominator_label:
        label = indicator.denominator_label.capitalize()
        columns.append({"label": f"Out of: {label.lower()}", "numeric": True})
    columns.append({"label": "n", "numeric": True})
    newest_first = sorted(rows, key=lambda row: row.period, reverse=True)
    return {
        "caption": f"{indicator.label}: all figures",
        "columns": columns,
        "rows": [_row(indicator, row, several, as_of) for row in newest_first],
        "row_headers": True,
    }


def _unfinished(indicator: Indicator, fact: Fact, as_of: date) -> str:
    """What the month of the run's day is: not over, or as it stands on that day."""
    if is_wave(indicator) or fact.period != month_start(as_of):
        return ""
    return f", on {as_of.day} {as_of:%B}" if indicator.stock else ", not over"


def _row(indicator: Indicator, fact: Fact, several: bool, as_of: date) -> list:
    day = f"{fact.period.day} " if is_wave(indicator) else ""
    cells = [f"{day}{fact.period:%B %Y}{_unfinished(indicator, fact, as_of)}"]
    cells += [subgroup_name(fact.subgroup) if fact.subgroup else "All"] * several
    hidden = HIDDEN.format(k=indicator.floor)
    cells.append(hidden if fact.hidden else shown(indicator, fact) or NO_DATA)
    cells.append(whole(fact.numerator))
    if indicator.denominator_label:
        cells.append(whole(fact.denominator))
    cells.append(whole(fact.n))
    return cells


def indicator_rows(
    indicator: Indicator, state: BoardState, unit: Unit
) -> tuple[tuple[str, ...], list[tuple]]:
    """Header and rows of the CSV: exactly what the table shows, and nothing else."""
    rows = facts_of(state.run_id, unit.pk, [indicator.code]).get(indicator.code, [])
    return CSV_HEADER, [
        (
            *(fact.indicator, unit.code, fact.subgroup, fact.period),
            *(fact.numerator, fact.denominator, number_of(fact), fact.n),
            "small_number" if fact.hidden else "",
        )
        for fact in rows
    ]
