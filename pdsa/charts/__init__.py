"""Charts of measures: one reading, drawn as Plotly, SVG and table, told in words."""

from collections.abc import Sequence

from django.urls import reverse

from pdsa.charts.picture import chart_svg
from pdsa.charts.reading import CycleMark, Reading, cycle_marks, reading_make
from pdsa.charts.spec import plotly_spec
from pdsa.charts.words import data_table, notes
from pdsa.models import Cycle, Measure
from pdsa.selectors import measure_series, project_cycles
from qiportal.accounts.models import User

__all__ = [
    "Reading",
    "chart_for",
    "chart_of",
    "chart_svg",
    "cycle_marks",
    "measure_reading",
    "plotly_spec",
    "reading_make",
    "small_chart",
]

DECIDED = {
    Cycle.Decision.ADOPT: "adopted",
    Cycle.Decision.ADAPT: "adapted",
    Cycle.Decision.ABANDON: "dropped",
}


def measure_reading(measure: Measure) -> Reading:
    """The reading of one measure, with its project's tests on the time axis."""
    cycles = project_cycles(measure.project)
    return reading_make(measure_series(measure), cycle_marks(cycles))


def chart_for(measure: Measure, actor: User) -> dict:
    """The chart component's dictionary for one measure."""
    return chart_of(measure_reading(measure))


def chart_of(reading: Reading) -> dict:
    """A reading as components/chart.html prints it."""
    measure = reading.measure
    place = [measure.project.reference, measure.pk]
    return {
        "id": f"chart-{measure.pk}",
        "title": "",
        "sentence": reading.sentence,
        "spec": plotly_spec(reading) if reading.series.known else None,
        "svg": chart_svg(reading),
        "table": data_table(reading),
        "notes": notes(reading),
        "downloads": [
            {"label": "Numbers (CSV)", "url": reverse("measure_csv", args=place)},
            {"label": "Picture (SVG)", "url": reverse("measure_svg", args=place)},
            {"label": "Live chart (HTML)", "url": reverse("measure_html", args=place)},
        ],
    }


def small_chart(reading: Reading) -> dict:
    """A card-sized drawing; the sentence stands beside it, so it has a short name."""
    return chart_svg(reading, small=True, label=f"Chart of {reading.measure.name}")


def cycle_list(marks: Sequence[CycleMark]) -> list[dict]:
    """The tests on a chart's time axis, as the list under it."""
    return [
        {
            "number": mark.number,
            "day": mark.day,
            "title": f"{mark.cycle.ramp.title}, test {mark.cycle.number}",
            "decision": DECIDED.get(mark.cycle.decision, ""),
            "url": reverse(
                "cycle_detail", args=[mark.cycle.ramp.project.reference, mark.cycle.pk]
            ),
        }
        for mark in marks
    ]
