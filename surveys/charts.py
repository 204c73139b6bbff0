"""The benchmark chart: a group's median and middle half by year, as SVG and table."""

from collections.abc import Sequence

from qiportal.core.svg import points_text, scale
from surveys.selectors import GroupYear

WIDTH, HEIGHT = 430, 250
LEFT, RIGHT, TOP, BOTTOM = 40, 340, 14, 216
LABEL = 18  # height of a line of text


def benchmark_chart(
    *, title: str, years: Sequence[GroupYear], own: dict[int, float], own_name: str
) -> dict:
    """A chart dict for components/chart.html. Percentages; the axis says its range."""
    return {
        "id": "benchmark-chart",
        "title": title,
        "sentence": _sentence(years, own, own_name),
        "svg": _picture(years, own, own_name),
        "table": _table(years, own, own_name),
        "notes": [
            "Compared inside one benchmark group only; groups differ in their work.",
            "The band holds the middle half of organisations. The axis does not start "
            "at 0.",
        ],
    }


def _sentence(years, own: dict[int, float], own_name: str) -> str:
    if not years:
        return "No published results for this group and question."
    last = years[-1]
    text = (
        f"In {last.year} the median of {last.organisations} organisations was "
        f"{last.middle:.1f}%; the middle half lay between {last.low:.1f}% and "
        f"{last.high:.1f}%."
    )
    if last.year in own:
        text += f" {own_name}: {own[last.year]:.1f}%."
    return text


def _bounds(years, own: dict[int, float]) -> tuple[float, float]:
    values = [v for y in years for v in (y.low, y.high)] + list(own.values())
    low, high = min(values, default=0), max(values, default=100)
    return max(0, 5 * (low // 5) - 5), min(100, 5 * (high // 5) + 10)


def _picture(years, own: dict[int, float], own_name: str) -> dict:
    if not years:
        return {}
    low, high = _bounds(years, own)
    first, last = years[0].year, years[-1].year

    def x(year: int) -> float:
        return round(scale(year, first, last, LEFT + 20, RIGHT - 12), 1)

    def y(value: float) -> float:
        return round(scale(value, low, high, BOTTOM, TOP), 1)

    band = [(x(r.year), y(r.high)) for r in years]
    band += [(x(r.year), y(r.low)) for r in reversed(years)]
    middle = [(x(r.year), y(r.middle)) for r in years]
    mine = [(x(year), y(value)) for year, value in sorted(own.items())]
    parts = [*_axis(low, high, y), *_year_labels(years, x)]
    parts.append({"tag": "polygon", "class": "qi-middle", "points": points_text(band)})
    parts += _line(middle, "qi-centre", "qi-point", "median", _away(middle, mine))
    if mine:
        parts += _line(mine, "qi-own", "qi-own-point", "this one", -_away(middle, mine))
    label = f"Median and middle half by year, {first} to {last}"
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "label": label,
        "class": "qi-benchmark",
        "elements": parts,
    }


def _away(line, other) -> float:
    """How far a label moves so that it does not lie on the other line's label."""
    gap = line[-1][1] - other[-1][1] if other else LABEL
    if abs(gap) >= LABEL:
        return 0
    push = (LABEL - abs(gap)) / 2
    return push if gap > 0 else -push


def _line(points, css: str, dot: str, label: str, nudge: float) -> list[dict]:
    x, y = points[-1]
    parts = [{"tag": "polyline", "class": css, "points": points_text(points)}]
    parts += [
        {"tag": "circle", "class": dot, "cx": px, "cy": py, "r": 4} for px, py in points
    ]
    place = {"x": x + 12, "y": round(y + 4 + nudge, 1)}
    return [*parts, {"tag": "text", "class": "qi-label", "text": label, **place}]


def _axis(low: float, high: float, y) -> list[dict]:
    parts = []
    for step in range(5):
        value = low + (high - low) * step / 4
        parts.append(
            {
                "tag": "line",
                "class": "qi-rule",
                "x1": LEFT,
                "x2": RIGHT,
                "y1": y(value),
                "y2": y(value),
            }
        )
        parts.append(
            {
                "tag": "text",
                "class": "qi-label",
                "x": LEFT - 6,
                "y": y(value) + 4,
                "anchor": "end",
                "text": f"{value:.0f}%",
            }
        )
    return parts


def _year_labels(years, x) -> list[dict]:
    return [
        {
            "tag": "text",
            "class": "qi-label",
            "x": x(row.year),
            "y": BOTTOM + 22,
            "anchor": "middle",
            "text": str(row.year),
        }
        for row in years
    ]


def _table(years, own: dict[int, float], own_name: str) -> dict:
    columns = ["Year", "Organisations", "Lower quarter", "Median", "Upper quarter"]
    heads = [{"label": name, "numeric": i > 0} for i, name in enumerate(columns)]
    if own:
        heads.append({"label": own_name, "numeric": True})
    rows = []
    for row in years:
        cells = [str(row.year), str(row.organisations)]
        cells += [f"{v:.1f}%" for v in (row.low, row.middle, row.high)]
        if own:
            value = own.get(row.year)
            cells.append("Not published" if value is None else f"{value:.1f}%")
        rows.append(cells)
    return {"caption": "Published results by year", "columns": heads, "rows": rows}
