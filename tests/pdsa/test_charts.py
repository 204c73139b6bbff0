"""One reading drawn as Plotly, SVG, table and sentence."""

from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest
from django.template.loader import render_to_string

from pdsa.charts import (
    chart_svg,
    cycle_marks,
    plotly_spec,
    reading_make,
    reading_within,
)
from pdsa.charts.labels import cycles_grouped, flags_placed
from pdsa.charts.method import banner, method_rows
from pdsa.charts.picture import nice_ticks, phone_svg
from pdsa.charts.spec import GREY, INK, MARKERS, phone_layout
from pdsa.charts.words import data_table, kept_apart, level_text, notes
from pdsa.models import Cycle, Measure, Phase, Ramp
from pdsa.presenters.measures import icons_of, step_advice
from pdsa.selectors.series import PointRow, series_build
from qiportal.core.dates import add_months, now
from qiportal.core.json import json_dumps

START = date(2024, 1, 1)
LOW = [10, 12] * 7
SHIFT = [10, 12] * 7 + [3, 4] * 5


def measure_of(chart="xmr", kind="value", **given):
    values = {
        "pk": 7,
        "name": "Falls",
        "direction": "down",
        "frequency": "monthly",
        "decimals": 0,
        "operational_definition": "x",
    }
    return Measure(chart_type=chart, data_type=kind, **{**values, **given})


def series(values, measure=None, sizes=None, out=(), skip=(), phases=(), target=None):
    measure = measure or measure_of()
    rows = [
        PointRow(
            id=row,
            measure_id=7,
            period_start=add_months(START, row),
            numerator=Decimal(value),
            denominator=Decimal(sizes[row]) if sizes else None,
            is_excluded=row in out,
            exclusion_reason="Snow" if row in out else "",
            note="",
        )
        for row, value in enumerate(values)
        if row not in skip
    ]
    return series_build(measure, rows, phases, target)


def reading(values, **given):
    return reading_make(series(values, **given))


def phase(start, **given):
    return Phase(starts_on=start, label="Bell check", reason="x", **given)


def cycle(day, **given):
    ramp = Ramp(title="Bells")
    return Cycle(pk=1, number=1, do_on=day, do_started_at=now(), ramp=ramp, **given)


KINDS = {
    "run": ("value", None),
    "xmr": ("value", None),
    "p": ("proportion", [40 + row for row in range(24)]),
    "pp": ("proportion", [4000 + row for row in range(24)]),
    "u": ("rate", [40 + row for row in range(24)]),
    "up": ("rate", [4000 + row for row in range(24)]),
    "c": ("count", None),
    "g": ("cases_between", None),
    "t": ("time_between", None),
}


@pytest.mark.parametrize("chart", KINDS)
def test_every_chart_is_a_valid_plotly_figure(chart):
    kind, sizes = KINDS[chart]
    found = reading(
        SHIFT,
        measure=measure_of(chart, kind),
        sizes=sizes,
        out=[3],
        skip=[8],
        phases=[phase(START, freeze_after_n=12), phase(date(2025, 3, 1))],
        target=0.2,
    )
    spec = plotly_spec(found)
    drawn = go.Figure(spec).to_plotly_json()
    phone = {**spec["layout"], **phone_layout(found)}
    assert go.Figure({"data": spec["data"], "layout": phone})
    assert len(drawn["data"]) == len(spec["data"])
    assert json_dumps(spec)


@pytest.mark.parametrize("chart", KINDS)
def test_every_chart_is_well_formed_svg(chart):
    kind, sizes = KINDS[chart]
    found = reading(SHIFT, measure=measure_of(chart, kind), sizes=sizes, skip=[8])
    drawings = [chart_svg(found), chart_svg(found, small=True), phone_svg(found)]
    for svg in drawings:
        text = render_to_string("components/svg.html", {"svg": svg})
        root = ElementTree.fromstring(text)  # noqa: S314 - our own drawing
        assert root.get("role") == "img"
        assert "style=" not in text
        assert len(svg["elements"]) < 60


def test_few_points_show_a_line_and_nothing_else():
    found = reading([5, 6, 50, 6, 5, 7, 6])
    assert found.status == "too_few"
    assert set(found.upper) == {None}
    assert set(found.kinds) == {"common"}
    assert "Too few points to judge" in found.sentence
    assert [text for _, text in level_text(found)] == ["Mean 12.1"]
    assert icons_of(found) == []


def test_trial_limits_are_dotted_and_say_so():
    found = reading([10, 12] * 5)
    assert found.status == "trial"
    dashes = {trace["line"].get("dash") for trace in plotly_spec(found)["data"][1:4]}
    assert dashes == {None, "dot"}
    assert "qi-limit--trial" in str(chart_svg(found))
    assert "Trial limits: 10 points, 12 needed." in notes(found)
    assert [i.word for i in icons_of(found)] == ["Usual variation (trial)"]


def test_twelve_points_are_firm():
    found = reading([10, 12] * 6)
    assert found.status == "full"
    assert "qi-limit--trial" not in str(chart_svg(found))


def test_a_run_chart_has_no_limits():
    found = reading(SHIFT, measure=measure_of("run"))
    assert set(found.upper) == {None}
    assert [text for _, text in level_text(found)] == ["Median 10"]


def test_special_causes_by_shape_and_meaning():
    found = reading(SHIFT)
    assert found.kinds[-1] == "improvement_low"
    worse = reading(SHIFT, measure=measure_of(direction="up"))
    assert worse.kinds[-1] == "concern_low"
    neither = reading(SHIFT, measure=measure_of(direction="neither"))
    assert neither.kinds[-1] == "neutral_low"
    symbols = {
        trace["marker"]["symbol"]
        for trace in plotly_spec(found)["data"]
        if trace["mode"] == "markers"
    }
    assert symbols == {"diamond", "triangle-down"}
    assert [i.key for i in icons_of(found)] == ["improvement_low"]


def test_a_missing_month_is_a_gap_that_is_counted():
    found = reading(LOW, skip=[4])
    assert found.y[4] is None
    assert found.days[4] == date(2024, 5, 1)
    assert ", 1 missing" in found.sentence
    assert plotly_spec(found)["data"][0]["connectgaps"] is False
    lines = [e for e in chart_svg(found)["elements"] if "qi-line" in e["class"]]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("frequency", "days", "missing"),
    [
        ("monthly", ["2024-01-01", "2024-04-01"], ["2024-02-01", "2024-03-01"]),
        ("quarterly", ["2024-01-01", "2024-07-01"], ["2024-04-01"]),
        ("weekly", ["2024-01-01", "2024-01-16"], ["2024-01-08"]),
        ("fortnightly", ["2024-01-01", "2024-01-29"], ["2024-01-15"]),
        ("daily", ["2024-01-01", "2024-01-05"], []),
        ("event", ["2024-01-01", "2024-06-05"], []),
    ],
)
def test_missing_periods_follow_the_rhythm(frequency, days, missing):
    rows = [
        PointRow(n, 7, date.fromisoformat(day), Decimal(1), None, False, "", "")
        for n, day in enumerate(days)
    ]
    found = series_build(measure_of(frequency=frequency), rows)
    gaps = [
        day.isoformat()
        for day, point in zip(found.days, found.points, strict=True)
        if point is None
    ]
    assert gaps == missing


def test_a_point_left_out_is_hollow_and_named():
    found = reading([*LOW, 60], out=[14])
    assert "qi-point--out" in str(chart_svg(found))
    assert data_table(found)["rows"][14][-1] == "Left out: Snow"
    fills = [
        trace["marker"]["color"]
        for trace in plotly_spec(found)["data"]
        if trace["mode"] == "markers"
    ]
    assert ["#ffffff"] in fills


def test_phases_break_the_lines_and_name_the_reason():
    found = reading(SHIFT, phases=[phase(START), phase(date(2025, 3, 1))])
    assert [s.start for s in found.stretches] == [0, 14]
    assert (found.centre[13], found.centre[14]) == (11.0, 3.5)
    layout = plotly_spec(found)["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == ["2025-03-01"]
    words = {a["text"]: a.get("hovertext") for a in layout["annotations"]}
    assert words["Mar 2025: Bell check"] == "Mar 2025: Bell check. x"
    assert data_table(found)["rows"][14][-1] == "Step change: Bell check"


def test_fixed_limits_have_a_band_and_a_note():
    found = reading(SHIFT, phases=[phase(START, freeze_after_n=12)])
    shapes = plotly_spec(found)["layout"]["shapes"]
    assert [(s["type"], s["x1"]) for s in shapes] == [
        ("rect", "2024-12-01"),
        ("line", "2024-12-01"),
    ]
    words = "Limits set on Jan 2024 to Dec 2024 (12 points)"
    assert f"{words}." in notes(found)
    assert words in [a["text"] for a in plotly_spec(found)["layout"]["annotations"]]
    assert words in [e.get("text") for e in chart_svg(found)["elements"]]
    assert {"key": "Baseline", "value": words} in method_rows(found)


def test_tests_are_numbered_on_the_time_axis():
    marks = cycle_marks(
        [
            cycle(date(2025, 2, 3)),
            cycle(date(2024, 5, 3)),
            Cycle(do_on=None),
            cycle(date(2020, 1, 1)),
        ]
    )
    assert [(mark.number, mark.day.year) for mark in marks] == [
        (1, 2020),
        (2, 2024),
        (3, 2025),
    ]
    found = reading_make(series(SHIFT), marks)
    shown = [a["text"] for a in plotly_spec(found)["layout"]["annotations"]]
    assert {"2", "3"} <= set(shown)
    assert "1" not in shown  # before the first number
    assert data_table(found)["rows"][4][-2] == "2"
    assert "It began 1 month after PDSA cycle 3 started." in found.sentence


def test_percentages_and_their_axis():
    measure = measure_of("p", "proportion", direction="up", decimals=1)
    found = reading(
        [30 + row % 3 for row in range(14)], measure=measure, sizes=[40] * 14
    )
    assert found.y[0] == 75.0
    assert found.unit == "%"
    assert found.span[1] <= 103
    assert "The axis does not start at 0%." in notes(found)
    row = data_table(found)["rows"][0]
    assert row[:4] == ["Jan 2024", "75.0%", "30", "40"]


def test_clipped_limits_are_cut_in_the_drawing_only():
    measure = measure_of("xmr", "value", clip=True)
    found = reading([0, 9, 1, 8, 0, 9, 1, 8, 0, 9, 1, 8, 2], measure=measure)
    assert min(found.lower) < 0
    assert min(found.drawn_lower) == 0
    assert "Limits are drawn no further than the scale goes." in notes(found)
    assert float(data_table(found)["rows"][0][3]) < 0


def test_numbers_that_do_not_fit_the_chart_become_a_run_chart():
    measure = measure_of("t", "time_between")
    found = reading([5, 0, 4, 6, 7, 8, 5, 4, 6, 7], measure=measure)
    assert found.analysis.method == "run"
    assert "a run chart is shown" in " ".join(notes(found))
    assert reading(LOW, measure=measure_of("p", "proportion")).analysis.method == "run"


def test_no_points_at_all():
    found = reading([])
    assert found.sentence == "Falls: no points yet."
    assert chart_svg(found)["elements"]
    assert go.Figure(plotly_spec(found))
    assert data_table(found)["rows"] == []


def test_one_point():
    found = reading([5])
    assert go.Figure(plotly_spec(found))
    assert chart_svg(found)["elements"]


def test_a_long_shift_asks_what_changed_and_changes_nothing():
    asked = step_advice(reading(SHIFT))
    assert asked == {
        "text": "10 numbers in a row lie below the mean, up to the latest. Consider a "
        "step change: what changed on or before Mar 2025?",
        "starts_on": date(2025, 3, 1),
    }
    assert step_advice(reading(LOW)) is None
    assert step_advice(reading([*SHIFT, 14])) is None  # it did not last


def test_labels_at_the_edge_are_kept_apart():
    placed = kept_apart([(10, "Mean"), (9.9, "Target"), (2, "Lower")], 1)
    assert placed == [(2, "Lower"), (9.9, "Target"), (10.9, "Mean")]
    placed = kept_apart([(10, "Mean"), (9.9, "Target"), (2, "Lower")], 1, 10.5)
    assert placed == [(2, "Lower"), (9.5, "Target"), (10.5, "Mean")]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (71, 98, [75, 80, 85, 90, 95]),
        (0, 0.1, [0, 0.02, 0.04, 0.06, 0.08, 0.1]),
        (-3, 3, [-2, 0, 2]),
        (5, 5, [5]),
    ],
)
def test_axis_ticks_are_round(low, high, ticks):
    assert nice_ticks(low, high, 5) == pytest.approx(ticks)


def test_no_red_no_green_no_dual_axis_no_trend_line():
    spec = plotly_spec(reading(SHIFT, target=8))
    text = json_dumps(spec).lower()
    assert "yaxis2" not in text
    assert not {"red", "green", "#ff0000", "#00ff00", "trendline"} & set(
        text.replace('"', " ").split()
    )
    assert spec["layout"]["showlegend"] is False


def test_weekly_days_are_written_with_the_day():
    measure = measure_of(frequency="weekly")
    rows = [
        PointRow(n, 7, START + timedelta(days=7 * n), Decimal(5), None, False, "", "")
        for n in range(3)
    ]
    found = reading_make(series_build(measure, rows))
    assert data_table(found)["rows"][1][0] == "8 Jan 2024"


# --- few points, method, dates drawn, labels ----------------------------------------


def test_few_points_are_said_above_the_chart():
    few = reading([10, 12, 11])
    assert banner(few) == (
        "Too few points to judge: 3. The chart shows the line and its mean; limits on "
        "trial may be judged from 8, and in full from 12."
    )
    assert banner(reading([10, 12] * 5)) == (
        "Trial limits: 10 points, 12 needed. The dotted limits will still move."
    )
    assert banner(reading([10, 12] * 5, measure=measure_of("run"))) == ""
    rebased = reading([10, 12] * 7, phases=[phase(START), phase(add_months(START, 12))])
    assert banner(rebased).startswith(
        "Too few points to judge: 2 since the step change."
    )
    assert banner(reading(LOW)) == ""


def method_of(found):
    return {row["key"]: row["value"] for row in method_rows(found)}


def test_the_method_is_stated_in_full():
    found = method_of(reading([*LOW, 60], out=[14], skip=[4]))
    assert found == {
        "Chart": "XmR chart: mean, limits at 2.66 mean moving ranges",
        "Rules": "NHS “Making Data Count”: outside a limit; 7 in a row on one side; 7 "
        "in a row rising or falling; 2 of 3 near a limit",
        "Screening": "On: moving ranges of 3.267 times their mean or more do not "
        "count; none was that large",
        "Baseline": "None set: all points share one centre line",
        "Points used": "13 set the centre line and limits, of 14 in all; 1 left out "
        "with a reason",
        "Missing": "1: May 2024",
        "Engine": "Version 1.0.0",
    }


def test_the_method_of_a_rebased_unscreened_chart():
    phases = [phase(START), phase(date(2025, 3, 1))]
    found = method_of(reading(SHIFT, measure=measure_of(screen=False), phases=phases))
    assert found["Screening"] == "Off: all moving ranges set the limits"
    assert found["Baseline"] == "Bell check, Jan 2024 to Feb 2025"
    assert found["Points used"].startswith("10 since the newest step change set the")
    assert found["Missing"] == "None"
    run = method_of(reading(SHIFT, measure=measure_of("run")))
    assert run["Screening"] == "Not used on this chart"
    assert run["Rules"].startswith("Anhøj")


def test_dates_change_what_is_drawn_and_nothing_else():
    found = reading(SHIFT, phases=[phase(START), phase(date(2025, 3, 1))])
    part = reading_within(found, date(2024, 6, 1), date(2025, 4, 15))
    assert part.drawn == range(5, 16)
    assert (part.centre, part.upper, part.sentence) == (
        found.centre,
        found.upper,
        found.sentence,
    )
    assert data_table(part) == data_table(found)
    assert level_text(part) == level_text(found)
    low, high = plotly_spec(part)["layout"]["xaxis"]["range"]
    assert low <= "2024-06-01" < "2025-04-01" <= high < "2025-06-01"
    line = next(e for e in chart_svg(part)["elements"] if "qi-line" in e["class"])
    assert len(line["points"].split()) == 11
    assert "Drawn: Jun 2024 to Apr 2025." in " ".join(notes(part))
    assert reading_within(found, date(2030, 1, 1), None) is None


def test_a_window_before_the_rebase_shows_the_limits_of_its_own_stretch():
    found = reading(SHIFT, phases=[phase(START), phase(date(2025, 3, 1))])
    part = reading_within(found, None, date(2024, 9, 1))
    assert "Mean 11" in [text for _, text in level_text(part)]
    assert flags_placed(part, 100) == []


def test_tests_close_together_share_a_box():
    days = [date(2024, 3, 1), date(2024, 3, 9), date(2024, 4, 2), date(2025, 1, 5)]
    found = reading_make(series(SHIFT), cycle_marks([cycle(day) for day in days]))
    boxes = [text for _, text, _ in cycles_grouped(found, 0.06)]
    assert boxes == ["1–3", "4"]
    assert [text for _, text, _ in cycles_grouped(found, 0.0)] == ["1", "2", "3", "4"]


def test_limits_on_the_centre_line_are_not_named_twice():
    found = reading([5] * 14)
    assert [text for _, text in level_text(found)] == ["Mean 5"]


def test_lines_last_over_a_missing_month_and_the_data_do_not():
    found = reading(LOW, skip=[4])
    data = plotly_spec(found)["data"]
    assert [trace["connectgaps"] for trace in data[:4]] == [False, True, True, True]
    assert [text for _, text in level_text(found)][1] == "Mean 11.1"


def test_words_above_the_plot_never_run_together():
    late = phase(date(2025, 11, 1))
    found = reading(
        [*SHIFT, *[3, 4] * 6],
        phases=[phase(START, freeze_after_n=12), phase(date(2025, 3, 1)), late],
    )
    for chars in (20, 30, 84, 160):
        first, last = found.axis
        ends = []
        for placed in flags_placed(found, chars):
            spot = (placed.day - first).days / (last - first).days * chars
            left = spot if placed.anchor == "start" else spot - len(placed.text)
            ends.append((left, left + len(placed.text)))
        assert all(a[1] <= b[0] for a, b in zip(ends, ends[1:], strict=False))
    assert flags_placed(found, 0) == []


def test_angle_brackets_in_names_are_letters():
    spec = plotly_spec(
        reading(
            SHIFT,
            phases=[
                phase(START),
                Phase(
                    starts_on=date(2025, 3, 1), label="<b>Bells</b>", reason="<i>x</i>"
                ),
            ],
        )
    )
    words = [a["text"] for a in spec["layout"]["annotations"]]
    assert "Mar 2025: &lt;b&gt;Bells&lt;/b&gt;" in words


def _luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_mark_and_line_stands_out_at_three_to_one():
    """Each mark by its outline, each line by its colour, on white and on the band."""
    strokes = {marker["line"]["color"] for marker in MARKERS.values()}
    strokes |= {INK, GREY, "#005eb8", "#003087", "#768692"}
    for ground in ("#ffffff", "#f0f4f5"):
        for stroke in strokes:
            light, dark = _luminance(ground) + 0.05, _luminance(stroke) + 0.05
            assert light / dark >= 3, (stroke, ground)
