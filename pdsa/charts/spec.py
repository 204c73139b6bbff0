"""The chart as a Plotly specification: plain dicts, no Plotly import (D11).

Tests check each specification against plotly.graph_objects.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from pdsa.charts.labels import cycles_grouped, cycles_said, flags_placed
from pdsa.charts.reading import COMMON, Reading, fixed_stretches
from pdsa.charts.words import level_text, row_text, series_name

INK = "#212b32"
GREY = "#595959"
LINE = {"color": GREY, "width": 1.5}
OUTLINE = {"color": INK, "width": 1.5}
MARKERS: dict[str, dict[str, Any]] = {
    "common": {
        "symbol": "circle",
        "size": 6,
        "color": "#a6a6a6",
        "line": {"color": GREY, "width": 1},
    },
    "improvement_high": {
        **{"symbol": "triangle-up", "size": 12, "color": "#00b0f0"},
        "line": OUTLINE,
    },
    "improvement_low": {
        **{"symbol": "triangle-down", "size": 12, "color": "#00b0f0"},
        "line": OUTLINE,
    },
    "concern_high": {
        **{"symbol": "diamond", "size": 10, "color": "#e46c0a"},
        "line": OUTLINE,
    },
    "concern_low": {
        **{"symbol": "diamond", "size": 10, "color": "#e46c0a"},
        "line": OUTLINE,
    },
    "neutral_high": {
        **{"symbol": "square", "size": 9, "color": "#490092"},
        "line": OUTLINE,
    },
    "neutral_low": {
        **{"symbol": "square", "size": 9, "color": "#490092"},
        "line": OUTLINE,
    },
}
DAY = "%-d %b %Y"
THREE_WEEKS = 21 * 86_400_000  # Plotly counts the distance of ticks in milliseconds
DASHES = {"trial": "dot", "full": "dash"}


@dataclass(frozen=True)
class Fit:
    """How much room a screen has: characters along the axis, letters in pixels.

    Tests closer than `apart`, a share of the axis, stand in one box.
    """

    chars: int
    apart: float
    font: int


WIDE = Fit(chars=100, apart=0.035, font=12)
PHONE = Fit(chars=32, apart=0.16, font=11)


def plotly_spec(reading: Reading) -> dict[str, Any]:
    """`{"data": [...], "layout": {...}}` for plotly.js-basic."""
    days = [day.isoformat() for day in reading.days]
    data = [_data_line(reading, days)]
    for stretch in reading.stretches:
        rows = slice(stretch.start, stretch.end + 1)
        span = days[rows]
        data.append(_level(span, reading.centre[rows], {"color": INK, "width": 2}))
        dash = {**LINE, "dash": DASHES.get(stretch.status, "dash")}
        for values in (reading.drawn_lower[rows], reading.drawn_upper[rows]):
            if any(value is not None for value in values):
                data.append(_level(span, values, dash))
    if reading.target is not None and days:
        ends = [days[0], days[-1]]
        dash = {"color": INK, "width": 1.5, "dash": "dashdot"}
        data.append(_level(ends, [reading.target] * 2, dash))
    data += _markers(reading, days)
    return {"data": data, "layout": _layout(reading, days)}


def _data_line(reading: Reading, days: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": series_name(reading),
        "x": days,
        "y": list(reading.y),
        "line": LINE,
        "connectgaps": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _level(days, values, line) -> dict[str, Any]:
    """A centre line or limit; it lasts over periods without a number."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(days),
        "y": list(values),
        "line": line,
        "connectgaps": True,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _markers(reading: Reading, days: list[str]) -> list[dict[str, Any]]:
    """One trace per kind of mark: shape and outline say what colour says."""
    traces = []
    for kind, marker in MARKERS.items():
        rows = [row for row, found in enumerate(reading.kinds) if found == kind]
        if not rows:
            continue
        hollow = [_is_left_out(reading, row) for row in rows]
        shown = {**marker}
        if any(hollow):
            shown["color"] = ["#ffffff" if out else marker["color"] for out in hollow]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": kind.replace("_", ", ") if kind != COMMON else "usual",
                "x": [days[row] for row in rows],
                "y": [reading.y[row] for row in rows],
                "marker": shown,
                "text": [escape(row_text(reading, row), quote=False) for row in rows],
                "hoverinfo": "text",
                "showlegend": False,
            }
        )
    return traces


def _is_left_out(reading: Reading, row: int) -> bool:
    return reading.analysis.excluded[row]


def _layout(reading: Reading, days: list[str]) -> dict[str, Any]:
    return {
        "height": 400,
        "margin": _margin(reading, WIDE) | {"b": 56},
        "hovermode": "closest",
        "showlegend": False,
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "xaxis": _time_axis(reading, days),
        "yaxis": {
            "gridcolor": "#e8edee",
            "zeroline": False,
            "ticksuffix": "%" if reading.unit == "%" else "",
            "range": list(reading.span),
            "automargin": True,
        },
        "shapes": [*_bands(reading, days), *_phase_lines(reading, days)],
        "annotations": _annotations(reading, WIDE),
    }


def phone_layout(reading: Reading) -> dict[str, Any]:
    """What a narrow screen draws otherwise: less room for words."""
    return {
        "margin": _margin(reading, PHONE),
        "annotations": _annotations(reading, PHONE),
    }


def _margin(reading: Reading, fit: Fit) -> dict[str, int]:
    """Room for the labels at the right edge."""
    longest = max((len(text) for _, text in level_text(reading)), default=6)
    return {"t": 28, "l": 48, "r": round(longest * fit.font * 0.6) + 14}


def _annotations(reading: Reading, fit: Fit) -> list[dict[str, Any]]:
    return [
        *_edge_labels(reading, fit),
        *_flags(reading, fit),
        *_cycle_numbers(reading, fit),
    ]


def _time_axis(reading: Reading, days: list[str]) -> dict[str, Any]:
    """Months, or days where the ticks lie closer than a month: no label twice."""
    axis = {
        "type": "date",
        "showgrid": False,
        "linecolor": "#768692",
        "ticks": "outside",
        "ticklen": 9,
        "tickangle": 0,
        "tickformat": "%b %Y",
        "tickformatstops": [{"dtickrange": [None, THREE_WEEKS], "value": DAY}],
        "hoverformat": DAY,
    }
    if len(set(days)) == 1:
        return {**axis, "tickvals": days[:1], "tickformat": DAY}
    return {**axis, "nticks": 7, "range": _time_range(*reading.axis)}


def _time_range(first: date, last: date) -> list[str]:
    """The days drawn with a little air, so that no mark is cut in half."""
    air = timedelta(days=max(1, round((last - first).days * 0.02)))
    return [(first - air).isoformat(), (last + air).isoformat()]


def _phase_lines(reading: Reading, days: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": days[stretch.start],
            "x1": days[stretch.start],
            "y0": 0,
            "y1": 1.05,
            "line": {"color": INK, "width": 1, "dash": "dot"},
        }
        for stretch in reading.step_changes
    ]


def _bands(reading: Reading, days: list[str]) -> list[dict[str, Any]]:
    """A pale band with a firm edge over the points that fix a stretch's limits."""
    place = {"xref": "x", "yref": "paper", "layer": "below"}
    bands: list[dict[str, Any]] = []
    for fixed in fixed_stretches(reading):
        ends = {"x0": days[fixed.first], "x1": days[fixed.last]}
        fill = {"fillcolor": "#f0f4f5", "line": {"width": 0}}
        edge = {"line": {"color": INK, "width": 2}}
        bands.append({**place, **ends, **fill, "type": "rect", "y0": 0, "y1": 1})
        bands.append({**place, **ends, **edge, "type": "line", "y0": 1, "y1": 1})
    return bands


def _edge_labels(reading: Reading, fit: Fit) -> list[dict[str, Any]]:
    """Centre, limits and target with their values at the right edge: no legend."""
    return [
        {
            "xref": "paper",
            "yref": "y",
            "x": 1,
            "y": value,
            "xanchor": "left",
            "yanchor": "middle",
            "xshift": 6,
            "text": text,
            "showarrow": False,
            "font": {"size": fit.font},
        }
        for value, text in level_text(reading)
    ]


def _flags(reading: Reading, fit: Fit) -> list[dict[str, Any]]:
    """Above the plot: what the band means, and each step change with its date."""
    return [
        {
            "xref": "x",
            "yref": "paper",
            "x": placed.day.isoformat(),
            "y": 1,
            "xanchor": "left" if placed.anchor == "start" else "right",
            "yanchor": "bottom",
            "xshift": 2 if placed.anchor == "start" else -2,
            "yshift": 1,
            "text": escape(placed.text, quote=False),
            "hovertext": escape(placed.more, quote=False),
            "showarrow": False,
            "font": {"size": fit.font},
        }
        for placed in flags_placed(reading, fit.chars)
    ]


def _cycle_numbers(reading: Reading, fit: Fit) -> list[dict[str, Any]]:
    """Tests, numbered on the time axis; the list under the chart names them."""
    return [
        {
            "xref": "x",
            "yref": "paper",
            "x": day.isoformat(),
            "y": 0,
            "yanchor": "middle",
            "text": text,
            "hovertext": escape(cycles_said(marks), quote=False).replace("\n", "<br>"),
            "showarrow": False,
            "font": {"size": fit.font, "color": "#ffffff", "weight": 700},
            "bgcolor": "#005eb8",
            "bordercolor": "#003087",
            "borderpad": 3,
        }
        for day, text, marks in cycles_grouped(reading, fit.apart)
    ]
