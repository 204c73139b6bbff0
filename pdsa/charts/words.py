"""What a chart says in words: labels, notes, the table that stands for hovering."""

import math
from datetime import date

from pdsa.charts.reading import CycleMark, Fixed, Reading, Stretch, fixed_stretches
from pdsa.models import Cycle, Measure
from pdsa.units import shown, shown_number
from qiportal.core.dates import plain

CENTRES = {"run": "Median", "g": "Median", "xmr": "Mean"}
METHODS = {
    "run": "Run chart: a line and its median",
    "xmr": "XmR chart: mean, limits at 2.66 mean moving ranges",
    "p": "p chart: limits vary because group sizes vary",
    "pp": "p′ chart: for large groups; limits vary because group sizes vary",
    "u": "u chart: limits vary because group sizes vary",
    "up": "u′ chart: for large groups; limits vary because group sizes vary",
    "c": "c chart: limits for counts",
    "g": "g chart: cases between rare events, around the median",
    "t": "t chart: time between rare events",
}
SCREENED = ("xmr", "pp", "up", "t")
DIRECTIONS = {
    "up": "Higher is better",
    "down": "Lower is better",
    "neither": "Neither way is better",
}
MONTHLY = ("monthly", "quarterly")
DECIDED = {
    Cycle.Decision.ADOPT: "adopted",
    Cycle.Decision.ADAPT: "adapted",
    Cycle.Decision.ABANDON: "dropped",
}


def day_text(day: date, frequency: str) -> str:
    """ "Nov 2026" for months and quarters, "23 Nov 2026" for the rest."""
    return f"{day:%b %Y}" if frequency in MONTHLY else f"{day.day} {day:%b %Y}"


def series_name(reading: Reading) -> str:
    return reading.measure.name


def number(measure: Measure, value: float | None) -> str:
    """A value already on the scale people read, rounded; "" for none."""
    if value is None:
        return ""
    text = f"{value:,.{measure.decimals}f}"
    return text if float(text.replace(",", "")) else text.lstrip("-")


def level(measure: Measure, value: float | None) -> str:
    """A centre line, limit or target: one decimal more than the numbers have."""
    if value is None:
        return ""
    text = f"{value:,.{min(measure.decimals + 1, 4)}f}"
    whole, _, rest = text.partition(".")
    return whole if not rest.strip("0") else text


def centre_word(reading: Reading) -> str:
    return CENTRES.get(reading.analysis.method, "Centre")


FULL_GAP, SMALL_GAP = 0.06, 0.1


def level_text(reading: Reading, gap: float = FULL_GAP) -> list[tuple[float, str]]:
    """(height, text) of the lines at the right edge, kept apart where they crowd.

    `gap` is the least distance of two labels, as a share of the axis.
    """
    if not reading.stretches:
        return []
    unit = "%" if reading.unit == "%" else ""
    labels = [
        (height, f"{word} {level(reading.measure, height)}{unit}")
        for height, word in _levels(reading)
        if height is not None
    ]
    low, high = reading.span
    return kept_apart(labels, (high - low) * gap, high)


def _levels(reading: Reading) -> list[tuple[float | None, str]]:
    """Height and name of each line, low first; limits on the centre have no name."""
    centre = reading.centre[reading.drawn[-1]]
    if centre is None:
        centre = _newest(reading, reading.centre)
    lower, upper = (
        None if value == centre else value
        for value in (
            _newest(reading, reading.drawn_lower),
            _newest(reading, reading.drawn_upper),
        )
    )
    return [
        (lower, "Lower"),
        (centre, centre_word(reading)),
        (reading.target, "Target"),
        (upper, "Upper"),
    ]


def _newest(reading: Reading, values) -> float | None:
    """The newest limit drawn: where limits follow group sizes, gaps have none."""
    for stretch in reading.drawn_stretches[-1:]:
        rows = range(stretch.end, stretch.start - 1, -1)
        return next((values[row] for row in rows if values[row] is not None), None)
    return None


def kept_apart(
    labels: list[tuple[float, str]], gap: float, top: float = math.inf
) -> list[tuple[float, str]]:
    """The labels from low to high, each at least `gap` above the one below.

    They move up; where that would pass the top, all of them move down instead.
    """
    placed: list[tuple[float, str]] = []
    for height, text in sorted(labels, key=lambda label: label[0]):
        lowest = placed[-1][0] + gap if placed else height
        placed.append((max(height, lowest), text))
    highest, kept = top, []
    for height, text in reversed(placed):
        kept.append((min(height, highest), text))
        highest = kept[-1][0] - gap
    return kept[::-1]


def fixed_text(reading: Reading, fixed: Fixed) -> str:
    """ "Limits set on Jan 2024 to Dec 2024 (12 points)"."""
    first, last = (
        day_text(reading.days[row], reading.measure.frequency)
        for row in (fixed.first, fixed.last)
    )
    return f"Limits set on {first} to {last} ({fixed.points} points)"


def phase_text(reading: Reading, stretch: Stretch) -> str:
    """ "Jan 2025: bell check on all bays"."""
    when = day_text(reading.days[stretch.start], reading.measure.frequency)
    return f"{when}: {stretch.phase.label}" if stretch.phase else when


def cycle_text(mark: CycleMark) -> str:
    """A test in a line: number, title, Do date, decision."""
    parts = [mark.cycle.ramp.title, plain(mark.day), DECIDED.get(mark.cycle.decision)]
    return f"{mark.number}. {', '.join(part for part in parts if part)}"


def row_text(reading: Reading, row: int) -> str:
    """What hovering over a point says; the table says the same."""
    measure = reading.measure
    unit = "%" if reading.unit == "%" else ""
    parts = [
        f"{day_text(reading.days[row], measure.frequency)}: "
        f"{number(measure, reading.y[row])}{unit}",
        reading.words[row],
    ]
    return ", ".join(part for part in parts if part)


def notes(reading: Reading) -> list[str]:
    """Method, screening, few points and what else to know, for a write-up."""
    analysis = reading.analysis
    lines = [f"{METHODS[analysis.method]}. Engine {analysis.engine_version}."]
    if analysis.method in SCREENED:
        state = "on" if reading.measure.screen else "off"
        lines.append(f"Screening of unusual moving ranges: {state}.")
    if reading.status == "trial" and analysis.method != "run":
        count = analysis.segments[-1].n
        lines.append(f"Trial limits: {count} points, 12 needed.")
    return lines + remarks(reading)


def remarks(reading: Reading) -> list[str]:
    """What a careful reader must know of the drawing: under the chart."""
    analysis, measure = reading.analysis, reading.measure
    lines = []
    if reading.window:
        lines.append(_window_note(reading))
    if "screen_fallback" in analysis.notes:
        lines.append("Screening would have left nothing, so all ranges were used.")
    if analysis.method != measure.chart_type:
        lines.append("These numbers do not fit the chosen chart: a run chart is shown.")
    lines += [f"{fixed_text(reading, row)}." for row in fixed_stretches(reading)]
    lines += _axis_note(reading)
    return lines


def _window_note(reading: Reading) -> str:
    first, last = (
        day_text(reading.days[row], reading.measure.frequency)
        for row in (reading.drawn[0], reading.drawn[-1])
    )
    return (
        f"Drawn: {first} to {last}. Limits, sentence and table still use all "
        f"{reading.analysis.n} points."
    )


def _axis_note(reading: Reading) -> list[str]:
    cut = reading.measure.clip and any(v is not None for v in reading.lower)
    lines = ["Limits are drawn no further than the scale goes."] if cut else []
    if reading.unit == "%" and reading.days and reading.span[0] > 0:
        lines.append("The axis does not start at 0%.")
    return lines


def facts(reading: Reading) -> list[str]:
    """What is counted and where it comes from, above the chart."""
    measure, known = reading.measure, reading.series.known
    lines = [DIRECTIONS[measure.direction]]
    if measure.unit_of_measure not in ("", "%"):
        lines.append(f"Unit: {measure.unit_of_measure}")
    if measure.source:
        lines.append(f"Source: {measure.source}")
    if known:
        lines.append(f"Last number: {plain(known[-1].period_start)}")
    return lines


def data_table(reading: Reading) -> dict:
    """Every number with its limits and status: the keyboard's way of hovering."""
    measure = reading.measure
    parts = measure.has_denominator
    columns = [{"label": "Period"}, {"label": "Value", "numeric": True}]
    if parts:
        columns += [
            {"label": "How many", "numeric": True},
            {"label": "Out of", "numeric": True},
        ]
    columns += [
        {"label": centre_word(reading), "numeric": True},
        {"label": "Lower limit", "numeric": True},
        {"label": "Upper limit", "numeric": True},
        *({"label": name} for name in ("Status", "Test", "Note")),
    ]
    return {
        "caption": f"{measure.name}: all numbers",
        "columns": columns,
        "rows": [_row(reading, row, parts) for row in range(len(reading.days))],
        "row_headers": True,
    }


def _row(reading: Reading, row: int, parts: bool) -> list:
    measure, point = reading.measure, reading.series.points[row]
    unit = "%" if reading.unit == "%" else ""
    value = number(measure, reading.y[row])
    cells = [
        day_text(reading.days[row], measure.frequency),
        f"{value}{unit}" if value else "missing",
    ]
    if parts:
        cells += [
            f"{point.numerator.normalize():f}" if point else "",
            f"{point.denominator.normalize():f}" if point and point.denominator else "",
        ]
    levels = (reading.centre[row], reading.lower[row], reading.upper[row])
    cells += [level(measure, value) for value in levels]
    note = _note(reading, row, point)
    return [*cells, reading.words[row], _tests(reading, row), note]


def _note(reading: Reading, row: int, point) -> str:
    parts = [
        f"Step change: {stretch.phase.label}"
        for stretch in reading.stretches
        if row and stretch.phase and stretch.start == row
    ]
    if point:
        parts.append(point.note)
        parts.append(f"Left out: {point.exclusion_reason}" * point.is_excluded)
    return ". ".join(part for part in parts if part)


def _tests(reading: Reading, row: int) -> str:
    """The numbers of the tests begun in this row's period."""
    start = reading.days[row]
    last = row + 1 == len(reading.days)
    end = None if last else reading.days[row + 1]
    found = [
        str(mark.number)
        for mark in reading.cycles
        if mark.day >= start and (end is None or mark.day < end)
    ]
    return ", ".join(found)


def value_now(measure: Measure) -> str:
    """The newest number of a measure, from its state."""
    state = getattr(measure, "state", None)
    return shown(measure, state.last_value if state else None)


def plain_number(measure: Measure, value) -> str:
    """A stored value as a form field shows it, without unit or thousands."""
    found = shown_number(measure, value)
    return "" if found is None else f"{found:f}"
