"""Charts of measures: one reading, drawn as Plotly, SVG and table, told in words."""

from collections.abc import Sequence
from textwrap import wrap

from django.urls import reverse

from pdsa.charts.method import banner, kind_of, method_rows
from pdsa.charts.picture import chart_svg, phone_svg
from pdsa.charts.reading import (
    CycleMark,
    Reading,
    cycle_marks,
    reading_make,
    reading_within,
)
from pdsa.charts.spec import phone_layout, plotly_spec
from pdsa.charts.words import DECIDED, data_table, remarks
from pdsa.models import Cycle, Measure
from pdsa.selectors import measure_series, project_cycles
from qiportal.accounts.models import User
from qiportal.core.dates import plain

__all__ = [
    "DECIDED",
    "Reading",
    "chart_for",
    "chart_of",
    "chart_svg",
    "cycle_marks",
    "measure_reading",
    "picture_context",
    "plotly_spec",
    "reading_make",
    "reading_within",
    "small_chart",
]


SENTENCE_LETTERS = 100


def measure_reading(measure: Measure) -> Reading:
    """The reading of one measure, with its project's tests on the time axis."""
    cycles = project_cycles(measure.project)
    return reading_make(measure_series(measure), cycle_marks(cycles))


def chart_for(measure: Measure, actor: User) -> dict:
    """The chart component's dictionary for one measure."""
    return chart_of(measure_reading(measure))


def chart_of(reading: Reading, query: str = "") -> dict:
    """A reading as components/chart.html prints it; `query` says what is drawn."""
    measure, known = reading.measure, bool(reading.series.known)
    return {
        "id": f"chart-{measure.pk}",
        "title": "",
        "name": measure.name,
        "banner": banner(reading) if known else "",
        "sentence": reading.sentence,
        "spec": {**plotly_spec(reading), "phone": phone_layout(reading)}
        if known
        else None,
        "svg": chart_svg(reading),
        "phone_svg": phone_svg(reading),
        "table": data_table(reading),
        "notes": remarks(reading),
        "kind": kind_of(reading),
        "method": method_rows(reading),
        "picture": f"{measure.project.reference}-measure-{measure.pk}",
        "downloads": _downloads(measure, f"?{query}" if query else ""),
    }


def _downloads(measure: Measure, query: str) -> list[dict]:
    """Pictures show what is drawn; the numbers are always all of them."""
    place = [measure.project.reference, measure.pk]
    pages = [
        ("Picture (SVG)", "measure_svg", query),
        ("Numbers (CSV)", "measure_csv", ""),
        ("Live chart (HTML)", "measure_html", query),
    ]
    return [
        {"label": label, "url": f"{reverse(name, args=place)}{more}"}
        for label, name, more in pages
    ]


def picture_context(reading: Reading) -> dict:
    """The picture file: the drawing under its measure's name, over its sentence."""
    svg = chart_svg(reading)
    lines = [*wrap(reading.sentence, SENTENCE_LETTERS), *remarks(reading)]
    return {
        "svg": svg,
        "name": reading.measure.name,
        "lines": [
            {"y": svg["height"] + 24 + 18 * row, "text": line}
            for row, line in enumerate(lines)
        ],
        "height": svg["height"] + 56 + 18 * len(lines),
    }


def small_chart(reading: Reading) -> dict:
    """A card-sized drawing; the sentence stands beside it, so it has a short name."""
    return chart_svg(reading, small=True, label=f"Chart of {reading.measure.name}")


def cycle_list(marks: Sequence[CycleMark]) -> list[dict]:
    """The tests on a chart's time axis, as the list under it."""
    return [
        {
            "number": mark.number,
            "title": f"{mark.cycle.ramp.title}, test {mark.cycle.number}",
            "dates": _dates(mark.cycle),
            "decision": DECIDED.get(mark.cycle.decision, "not decided yet"),
            "url": reverse(
                "cycle_detail", args=[mark.cycle.ramp.project.reference, mark.cycle.pk]
            ),
        }
        for mark in marks
    ]


def _dates(cycle: Cycle) -> str:
    parts = [("done", cycle.do_on), ("studied", cycle.study_on)]
    return ", ".join(f"{word} {plain(day)}" for word, day in parts if day)
