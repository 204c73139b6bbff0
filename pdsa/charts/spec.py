"""The chart as a Plotly specification: plain dicts, no Plotly import (D11).

Tests check each specification against plotly.graph_objects.
"""

from typing import Any

from pdsa.charts.reading import COMMON, Reading
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
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(days),
        "y": list(values),
        "line": line,
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
                "text": [row_text(reading, row) for row in rows],
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
        "margin": {"t": 28, "r": 104, "b": 64, "l": 56},
        "hovermode": "closest",
        "showlegend": False,
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "xaxis": _time_axis(days),
        "yaxis": {
            "gridcolor": "#e8edee",
            "zeroline": False,
            "ticksuffix": "%" if reading.unit == "%" else "",
            "range": list(reading.span),
            "automargin": True,
        },
        "shapes": _phase_lines(reading, days) + _bands(reading, days),
        "annotations": [
            *_edge_labels(reading),
            *_phase_labels(reading, days),
            *_cycle_numbers(reading),
        ],
    }


def _time_axis(days: list[str]) -> dict[str, Any]:
    """Months, or days where the ticks lie closer than a month: no label twice."""
    axis = {
        "type": "date",
        "showgrid": False,
        "linecolor": "#768692",
        "ticks": "outside",
        "tickangle": 0,
        "tickformat": "%b %Y",
        "tickformatstops": [{"dtickrange": [None, THREE_WEEKS], "value": DAY}],
        "hoverformat": DAY,
    }
    if len(set(days)) == 1:
        return {**axis, "tickvals": days[:1], "tickformat": DAY}
    return {**axis, "nticks": 7}


def _phase_lines(reading: Reading, days: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": days[stretch.start],
            "x1": days[stretch.start],
            "y0": 0,
            "y1": 1,
            "line": {"color": INK, "width": 1, "dash": "dot"},
        }
        for stretch in reading.stretches
        if stretch.start and stretch.phase
    ]


def _bands(reading: Reading, days: list[str]) -> list[dict[str, Any]]:
    """A pale band over the points that fix a stretch's limits."""
    bands = []
    for stretch in reading.stretches:
        last = fixed_row(reading, stretch)
        if last is not None:
            bands.append(
                {
                    "type": "rect",
                    "xref": "x",
                    "yref": "paper",
                    "x0": days[stretch.start],
                    "x1": days[last],
                    "y0": 0,
                    "y1": 1,
                    "fillcolor": "#f0f4f5",
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
    return bands


def fixed_row(reading: Reading, stretch) -> int | None:
    """The row of the last point that fixes a stretch's limits, or None."""
    wanted = stretch.phase.freeze_after_n if stretch.phase else None
    rows = [
        r for r in range(stretch.start, stretch.end + 1) if reading.y[r] is not None
    ]
    return rows[wanted - 1] if wanted and len(rows) >= wanted else None


def _edge_labels(reading: Reading) -> list[dict[str, Any]]:
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
            "font": {"size": 12},
        }
        for value, text in level_text(reading)
    ]


def _phase_labels(reading: Reading, days: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "xref": "x",
            "yref": "paper",
            "x": days[stretch.start],
            "y": 1,
            "xanchor": "left",
            "yanchor": "bottom",
            "xshift": 2,
            "text": stretch.phase.label[:28],
            "showarrow": False,
            "font": {"size": 12},
        }
        for stretch in reading.stretches
        if stretch.phase and stretch.start
    ]


def _cycle_numbers(reading: Reading) -> list[dict[str, Any]]:
    """Tests, numbered on the time axis; the list under the chart names them."""
    return [
        {
            "xref": "x",
            "yref": "paper",
            "x": mark.day.isoformat(),
            "y": 0,
            "yanchor": "bottom",
            "text": str(mark.number),
            "showarrow": False,
            "font": {"size": 12, "color": "#ffffff", "weight": 700},
            "bgcolor": "#005eb8",
            "bordercolor": "#003087",
            "borderpad": 3,
        }
        for mark in reading.cycles
        if _in_span(reading, mark.day)
    ]


def _in_span(reading: Reading, day) -> bool:
    return bool(reading.days) and day >= reading.days[0]
