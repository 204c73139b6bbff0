"""A measure's own page: chart, phases, targets, numbers, what to do next."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from pdsa.chart_choice import FULL_POINTS, Proposal, propose
from pdsa.charts import Reading, chart_of, cycle_list
from pdsa.charts.icons import VARIATION_WORDS, Icon
from pdsa.charts.words import CENTRES, day_text, facts, value_now
from pdsa.models import DataPoint, Measure, MeasureTarget, Phase
from pdsa.paste import Pasted
from pdsa.selectors.series import Series
from pdsa.units import shown
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import local_day, plain
from qiportal.core.templatetags.qi import nhs_datetime
from qiportal.spc import step_change_suggest

CHART_NAMES = dict(Measure.ChartType.choices)


def place_of(measure: Measure, *more) -> list:
    return [measure.project.reference, measure.pk, *more]


def icons_of(reading: Reading) -> list[Icon]:
    """Variation and assurance; on trial while there are fewer than 12 points."""
    if reading.status == "too_few":
        return []
    found = (reading.analysis.variation_icon, reading.analysis.assurance_icon)
    return [Icon(key, reading.status == "trial") for key in found if key]


def proposal_of(series: Series) -> Proposal:
    """The chart that fits a measure by its kind of number and the numbers it has."""
    known = series.known
    sizes = [float(point.denominator) for point in known if point.denominator]
    counts = [float(point.numerator) for point in known]
    return propose(series.measure.data_type, sizes, counts)


def chart_advice(reading: Reading) -> dict | None:
    """Another chart that fits better by now, in one sentence; never automatic."""
    measure, known = reading.measure, reading.series.known
    if measure.chart_type != Measure.ChartType.RUN or len(known) < FULL_POINTS:
        return None
    found = proposal_of(reading.series)
    if found.chart == measure.chart_type:
        return None
    name = CHART_NAMES[found.chart]
    return {"name": name, "chart_type": found.chart, "sentence": found.sentence}


def step_advice(reading: Reading) -> dict | None:
    """A question after a long shift; the portal never rebases by itself.

    `starts_on` fills in the form of a rebase: the shift's first day.
    """
    found = step_change_suggest(reading.analysis)
    if found is None or reading.status != "full":
        return None
    start = reading.days[found.start]
    day = day_text(start, reading.measure.frequency)
    way = "above" if found.side == "high" else "below"
    centre = CENTRES.get(reading.analysis.method, "centre line").lower()
    return {
        "text": f"{found.points} numbers in a row lie {way} the {centre}, up to the "
        f"latest. Consider a step change: what changed on or before {day}?",
        "starts_on": start,
    }


def measure_context(reading: Reading, stands: Any, query: str = "") -> dict:
    """Everything the page prints besides its frame, forms and lists."""
    measure = reading.measure
    suggested = {"key": "Suggested", "value": proposal_of(reading.series).sentence}
    chart = chart_of(reading, query if reading.window else "")
    chart["method"].insert(1, suggested)
    return {
        "measure": measure,
        "chart": chart,
        "facts": facts(reading),
        "icons": icons_of(reading),
        "cycles": cycle_list(reading.drawn_cycles),
        "advice": chart_advice(reading) if stands.can_write else None,
        "step_advice": step_advice(reading) if stands.can_write else None,
        "rows": definition_rows(measure),
    }


def measure_table(measures: Iterable[Measure], reference: str) -> dict:
    """All measures of a project with their newest number, in their own order."""
    names = ("Measure", "Kind", "Newest number", "When", "Latest point")
    return {
        "caption": "Measures",
        "caption_hidden": True,
        "columns": [{"label": name} for name in names],
        "rows": [_measure_cells(measure, reference) for measure in measures],
    }


def _measure_cells(measure: Measure, reference: str) -> list:
    state = getattr(measure, "state", None)
    url = reverse("measure_detail", args=[reference, measure.pk])
    last = state.last_at if state else None
    judged = state is not None and state.segment_n >= FULL_POINTS
    return [
        {"text": measure.name, "url": url},
        measure.get_kind_display(),
        value_now(measure),
        day_text(last, measure.frequency) if last else "",
        VARIATION_WORDS.get(state.variation, "") if state and judged else "",
    ]


def definition_rows(measure: Measure) -> list[dict]:
    rows = [
        ("How many", measure.numerator_def),
        ("Out of", measure.denominator_def),
        ("Driver", measure.driver.text if measure.driver else ""),
        ("Who collects it", measure.collector),
        ("How often", measure.get_frequency_display()),
        ("Chart", measure.get_chart_type_display()),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def phase_rows(phases: Iterable[Phase], measure: Measure, stands: Any) -> list[dict]:
    """Phases, those undone too: history stays, with who did it and when."""
    found = list(phases)
    standing = [phase.pk for phase in found if not phase.undone_at]
    return [
        {
            "label": phase.label,
            "starts": day_text(phase.starts_on, measure.frequency),
            "reason": phase.reason,
            "is_baseline": phase.pk in standing[:1] and phase.label != "Baseline",
            "fixed": phase.freeze_after_n,
            "test": f"{phase.cycle.ramp.title}, test {phase.cycle.number}"
            if phase.cycle
            else "",
            "set": _who_when("Set", phase.created_by, phase.created_at, stands),
            "undone": _who_when("Undone", phase.undone_by, phase.undone_at, stands)
            if phase.undone_at
            else "",
            "undo_url": ""
            if phase.undone_at
            else reverse("phase_undo", args=place_of(measure, phase.pk)),
        }
        for phase in found
    ]


def _who_when(what: str, who: Any, moment: datetime, stands: Any) -> str:
    """ "Set by Lena Hart on 3 March 2026"; without the name for those who see none."""
    name = f" by {who.display_name}" if stands.sees_people else ""
    return f"{what}{name} on {plain(local_day(moment))}"


def target_rows(targets: Iterable[MeasureTarget], measure: Measure) -> list[dict]:
    return [
        {
            "value": shown(measure, target.value),
            "from": plain(target.from_date),
            "remove_url": reverse("target_remove", args=place_of(measure, target.pk)),
        }
        for target in targets
    ]


def point_table(
    points: Iterable[DataPoint], measure: Measure, *, can_write: bool
) -> dict:
    """The newest numbers, each with the way to correct it."""
    columns = [{"label": "Period"}, {"label": "Value", "numeric": True}]
    if measure.has_denominator:
        columns += [
            {"label": "How many", "numeric": True},
            {"label": "Out of", "numeric": True},
        ]
    columns += [{"label": "Note"}]
    columns += [{"label": "Correct"}] if can_write else []
    return {
        "caption": "Numbers, newest first",
        "caption_hidden": True,
        "columns": columns,
        "rows": [_point_cells(point, measure, can_write) for point in points],
    }


def _point_cells(point: DataPoint, measure: Measure, can_write: bool) -> list:
    cells: list[Any] = [
        day_text(point.period_start, measure.frequency),
        shown(measure, point.value),
    ]
    if measure.has_denominator:
        cells += [f"{point.numerator.normalize():f}"]
        cells += [f"{point.denominator.normalize():f}" if point.denominator else ""]
    reason = f"Left out: {point.exclusion_reason}" if point.is_excluded else ""
    cells.append(". ".join(part for part in (point.note, reason) if part))
    if can_write:
        url = reverse("point_edit", args=place_of(measure, point.pk))
        day = day_text(point.period_start, measure.frequency)
        cells.append({"text": f"Change {day}", "url": url})
    return cells


def csv_rows(reading: Reading) -> tuple[list[str], list[list]]:
    """Header and rows of the download: every number with its limits and status."""
    header = ["period_start", "numerator", "denominator", "value", "centre"]
    header += ["lower_limit", "upper_limit", "status", "excluded", "note"]
    rows = []
    for row, point in enumerate(reading.series.points):
        figures: list[Any] = [None, None, None]
        if point:
            figures = [point.numerator, point.denominator, point.value]
        levels = (reading.centre[row], reading.lower[row], reading.upper[row])
        rows.append(
            [
                *(reading.days[row], *figures),
                *(_rounded(reading.measure, level) for level in levels),
                *(reading.words[row], bool(point and point.is_excluded)),
                point.note if point else "",
            ]
        )
    return header, rows


def _rounded(measure: Measure, value: float | None) -> float | None:
    return None if value is None else round(value, measure.decimals + 2)


def paste_table(measure: Measure, pasted: Pasted) -> dict:
    """The preview of a paste: each row as it was read, or its problem."""
    columns = ["Line", "Date", "Number"]
    columns += ["Out of"] if measure.has_denominator else []
    return {
        "caption": "What was read",
        "columns": [{"label": name} for name in [*columns, "Note", "Problem"]],
        "rows": [_pasted_cells(measure, row) for row in pasted.rows[:200]],
    }


def _pasted_cells(measure: Measure, row) -> list:
    wanted = 3 if measure.has_denominator else 2
    if row.point is None:
        cells = [*row.cells, *[""] * (wanted + 1)][: wanted + 1]
        return [row.line, *cells, row.problem]
    point = row.point
    cells = [
        day_text(point.period_start, measure.frequency),
        f"{point.numerator.normalize():f}",
    ]
    if measure.has_denominator:
        cells.append(f"{point.denominator.normalize():f}")
    return [row.line, *cells, point.note, ""]


HISTORY_WORDS = {
    "data_point.recorded": "Entered",
    "data_point.changed": "Changed",
    "data_point.deleted": "Deleted",
    "data_point.restored": "Brought back",
}


def history_rows(events: Iterable[AuditEvent], names: dict[str, str]) -> dict:
    """Who changed a number, when, from what to what."""
    return {
        "caption": "History of this number",
        "columns": [{"label": n} for n in ("When", "Who", "What", "Before", "After")],
        "rows": [
            [
                nhs_datetime(event.at),
                names.get(event.actor, event.actor),
                HISTORY_WORDS.get(event.type, event.type),
                _values(event.old),
                _values(event.new),
            ]
            for event in events
        ],
    }


VALUE_NAMES = {
    "period": "date",
    "period_start": "date",
    "numerator": "number",
    "denominator": "out of",
    "is_excluded": "left out",
    "exclusion_reason": "reason",
}


def _values(values: dict) -> str:
    return "; ".join(
        f"{VALUE_NAMES.get(name, name)}: {value}"
        for name, value in values.items()
        if value not in (None, "")
    )
