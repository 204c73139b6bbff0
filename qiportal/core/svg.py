"""Small server-drawn pictures, as plain dicts that components/svg.html prints."""

from collections.abc import Callable, Sequence


def points_text(points: Sequence[tuple[float, float]]) -> str:
    """Coordinates as SVG wants them: "1,2 3,4", to a tenth of a pixel."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def scale(value: float, low: float, high: float, start: float, end: float) -> float:
    """`value` of the range low to high, moved onto start to end (middle if flat)."""
    if high == low:
        return (start + end) / 2
    return start + (value - low) / (high - low) * (end - start)


def scaling(
    low: float, high: float, start: float, end: float
) -> Callable[[float], float]:
    """`scale` for many values of one range."""
    if high == low:
        return lambda _: (start + end) / 2
    factor = (end - start) / (high - low)
    return lambda value: start + (value - low) * factor


def runs(points: Sequence[tuple[float, float] | None]) -> list[list]:
    """Unbroken stretches of points: a gap (None) breaks the line."""
    stretches: list[list] = [[]]
    for point in points:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    return [stretch for stretch in stretches if stretch]


def level(y: float, width: int) -> dict:
    """The mean or median line, right across."""
    ends = {"x1": 0, "x2": width, "y1": f"{y:.1f}", "y2": f"{y:.1f}"}
    return {"tag": "line", "class": "qi-centre", **ends}


def dot(point: tuple[float, float]) -> dict:
    """The latest point."""
    place = {"cx": f"{point[0]:.1f}", "cy": f"{point[1]:.1f}", "r": 3}
    return {"tag": "circle", "class": "qi-point", **place}


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

    def place(index: int, value: float) -> tuple[float, float]:
        x = scale(index, 0, last, 4, width - 4)
        return x, scale(value, low, high, height - 4, 4)

    places = [None if v is None else place(i, v) for i, v in enumerate(values)]
    lines = [
        {"tag": "polyline", "class": "qi-line", "points": points_text(stretch)}
        for stretch in runs(places)
    ]
    centres = [] if centre is None else [level(place(0, centre)[1], width)]
    dots = [dot(point) for point in places if point][-1:]
    elements = [*centres, *lines, *dots]
    return {"width": width, "height": height, "label": label, "elements": elements}
