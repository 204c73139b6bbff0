"""Small server-drawn pictures, as plain dicts that components/svg.html prints."""

from collections.abc import Sequence


def points_text(points: Sequence[tuple[float, float]]) -> str:
    """Coordinates as SVG wants them: "1,2 3,4", to a tenth of a pixel."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def scale(value: float, low: float, high: float, start: float, end: float) -> float:
    """`value` of the range low to high, moved onto start to end (middle if flat)."""
    if high == low:
        return (start + end) / 2
    return start + (value - low) / (high - low) * (end - start)


def runs(points: Sequence[tuple[float, float] | None]) -> list[list]:
    """Unbroken stretches of points: a gap (None) breaks the line."""
    stretches: list[list] = [[]]
    for point in points:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    return [stretch for stretch in stretches if stretch]


def sparkline(
    values: Sequence[float | None],
    *,
    width: int = 120,
    height: int = 32,
    centre: float | None = None,
    label: str = "",
) -> dict:
    """A small line of `values`, oldest first; None is drawn as a gap.

    `centre` adds a mean or median line. Without `label` the picture is decoration
    and hidden from screen readers: then the number must stand beside it in words.
    """
    known = [v for v in [*values, centre] if v is not None]
    low, high = min(known, default=0), max(known, default=0)
    last = max(len(values) - 1, 1)

    def place(index, value):
        return scale(index, 0, last, 4, width - 4), scale(
            value, low, high, height - 4, 4
        )

    places = [None if v is None else place(i, v) for i, v in enumerate(values)]
    drawn = [p for p in places if p]
    elements = []
    if centre is not None:
        y = f"{place(0, centre)[1]:.1f}"
        ends = {"x1": 0, "x2": width, "y1": y, "y2": y}
        elements.append({"tag": "line", "class": "qi-centre", **ends})
    for stretch in runs(places):
        line = {"tag": "polyline", "class": "qi-line", "points": points_text(stretch)}
        elements.append(line)
    if drawn:
        x, y = (f"{part:.1f}" for part in drawn[-1])
        dot = {"tag": "circle", "class": "qi-point", "cx": x, "cy": y, "r": 3}
        elements.append(dot)
    return {"width": width, "height": height, "label": label, "elements": elements}
