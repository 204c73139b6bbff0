"""The chart as a server-drawn SVG: no script, prints, fits a card or a page.

All marks of one kind are one path, so a chart is a handful of elements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from pdsa.charts.labels import cycles_grouped, flags_placed
from pdsa.charts.reading import Reading, Stretch, fixed_stretches
from pdsa.charts.words import day_text, level_text
from qiportal.core.svg import points_text, runs, scaling


@dataclass(frozen=True)
class Size:
    """A drawing's size and margins, in units of its view box.

    `labels` days are named on its axis at most; `gap` and `apart` are the least
    distance of labels at the edge and of tests, as shares of the axes; `chars` letters
    fit above the plot.
    """

    name: str
    width: int
    height: int
    left: int
    top: int
    bottom: int
    ticks: int
    labels: int
    gap: float
    apart: float
    chars: int


FULL = Size("full", 760, 360, 52, 26, 52, 5, 6, gap=0.06, apart=0.06, chars=84)
PHONE = Size("phone", 390, 300, 46, 26, 48, 4, 3, gap=0.08, apart=0.15, chars=32)
SMALL = Size("small", 360, 196, 42, 14, 40, 3, 2, gap=0.1, apart=0.14, chars=0)
RADII = {"common": 2.6, "improvement": 6.0, "concern": 5.5, "neutral": 4.5}
LETTER = 7.2  # the width of a letter of 13 units, at most


class Frame:
    """Turns days and values into places in the drawing."""

    def __init__(self, reading: Reading, size: Size):
        self.size = size
        self.low, self.high = reading.span
        first, last = reading.axis
        self.first, self.last = first.toordinal(), last.toordinal()
        self.levels = level_text(reading, size.gap)
        longest = max((len(text) for _, text in self.levels), default=0)
        self.right = size.width - round(max(24, longest * LETTER + 12))
        self.across = scaling(self.first, self.last, size.left + 6, self.right - 6)
        self.up = scaling(self.low, self.high, self.floor, size.top)

    @property
    def floor(self) -> int:
        return self.size.height - self.size.bottom

    def x(self, day: date) -> float:
        return self.across(day.toordinal())

    def y(self, value: float) -> float:
        return self.up(value)


def chart_svg(reading: Reading, *, small: bool = False, label: str = "") -> dict:
    """The drawing as components/svg.html prints it; `label` is its accessible name."""
    return _drawing(reading, SMALL if small else FULL, label)


def phone_svg(reading: Reading) -> dict:
    """The drawing for a narrow screen: the same letters, less room."""
    return _drawing(reading, PHONE, "")


def _drawing(reading: Reading, size: Size, label: str) -> dict:
    frame = Frame(reading, size)
    elements = [
        *_bands(reading, frame),
        *_axes(reading, frame),
        *_phases(reading, frame),
        *_lines(reading, frame),
        *_marks(reading, frame),
        *_edge(frame),
        *_cycles(reading, frame),
    ]
    return {
        "width": size.width,
        "height": size.height,
        "label": label or f"Chart of {reading.measure.name}. {reading.sentence}",
        "class": f"qi-svg--{size.name}",
        "elements": elements,
    }


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> dict:
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    return {"tag": "line", "class": name, **ends}


def _text(x: float, y: float, text: str, anchor: str = "start", name: str = "") -> dict:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "anchor": anchor}
    return {"tag": "text", "class": f"qi-label {name}".strip(), "text": text, **place}


def nice_ticks(low: float, high: float, wanted: int) -> list[float]:
    """Round numbers within low to high, about `wanted` of them."""
    rough = (high - low) / max(wanted, 1)
    if rough <= 0:
        return [low]
    size = 10.0 ** floor(log10(rough))
    scales = [_multiples(low, high, size * step) for step in (1, 2, 5, 10)]
    return min(reversed(scales), key=lambda ticks: abs(len(ticks) - wanted))


def _multiples(low: float, high: float, step: float) -> list[float]:
    """The multiples of a step from low to high."""
    first = -floor(-low / step + 1e-9)
    last = floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def _axes(reading: Reading, frame: Frame) -> list[dict]:
    size = frame.size
    elements, lines = [], ""
    for tick in nice_ticks(frame.low, frame.high, size.ticks):
        y = frame.y(tick)
        text = f"{tick:,g}" if abs(tick) < 1e6 else f"{tick:,.0f}"
        unit = "%" if reading.unit == "%" else ""
        lines += f"M{size.left} {y:.1f}H{frame.right}"
        elements.append(_text(size.left - 6, y + 4, f"{text}{unit}", "end"))
    grid = {"tag": "path", "class": "qi-path qi-grid-line", "d": lines}
    axis = _line("qi-axis", size.left, frame.floor, frame.right, frame.floor)
    return [grid, *elements, axis, *_day_labels(reading, frame)]


def _day_labels(reading: Reading, frame: Frame) -> list[dict]:
    """Days from the first on, as many as have room, at even steps where days are.

    Where there is room for two, they are the first and the last.
    """
    room = (frame.right - frame.size.left) / frame.size.labels
    y, next_free, labels = frame.size.height - 6, 0.0, []
    rows = reading.drawn
    for row in rows[:: max(len(rows) - 1, 1)] if frame.size.labels == 2 else rows:
        x = frame.x(reading.days[row])
        if x < next_free:
            continue
        next_free = x + room
        text = day_text(reading.days[row], reading.measure.frequency)
        labels.append(_text(x, y, text, "middle"))
    return labels


def _bands(reading: Reading, frame: Frame) -> list[dict]:
    """A pale band over the points that fix limits, with a firm edge above it."""
    rows, bands = reading.drawn, []
    for fixed in fixed_stretches(reading):
        if fixed.last < rows.start or fixed.first >= rows.stop:
            continue
        x = frame.x(reading.days[max(fixed.first, rows.start)])
        end = frame.x(reading.days[min(fixed.last, rows.stop - 1)])
        rect = {"x": f"{x:.1f}", "y": frame.size.top, "width": f"{end - x:.1f}"}
        height = frame.floor - frame.size.top
        bands.append({"tag": "rect", "class": "qi-band", **rect, "height": height})
        top = frame.size.top
        bands.append(_line("qi-band-edge", x, top, end, top))
    return bands


def _phases(reading: Reading, frame: Frame) -> list[dict]:
    """Step changes as lines; above them, and above the band, their words."""
    top = frame.size.top
    elements = []
    for stretch in reading.step_changes:
        x = frame.x(reading.days[stretch.start])
        elements.append(_line("qi-phase", x, top - 14, x, frame.floor))
    for placed in flags_placed(reading, frame.size.chars):
        shift = 3 if placed.anchor == "start" else -3
        place = frame.x(placed.day) + shift, top - 6
        elements.append(_text(*place, placed.text, placed.anchor))
    return elements


def _lines(reading: Reading, frame: Frame) -> list[dict]:
    elements = []
    if reading.target is not None:
        y = frame.y(reading.target)
        elements.append(_line("qi-target", frame.size.left, y, frame.right, y))
    for stretch in reading.drawn_stretches:
        trial = " qi-limit--trial" if stretch.status == "trial" else ""
        for values in (reading.drawn_lower, reading.drawn_upper):
            elements += _polylines(reading, frame, stretch, values, f"qi-limit{trial}")
        elements += _polylines(reading, frame, stretch, reading.centre, "qi-centre")
    whole = Stretch(reading.drawn.start, reading.drawn.stop - 1, None, "full", None)
    return elements + _polylines(reading, frame, whole, reading.y, "qi-line")


def _polylines(
    reading: Reading,
    frame: Frame,
    stretch: Stretch,
    values: Sequence[float | None],
    name: str,
) -> list[dict]:
    """The values of a stretch as unbroken lines; a level lasts over its gaps."""
    places: list[tuple[float, float] | None] = []
    for row in range(stretch.start, stretch.end + 1):
        value = values[row]
        if value is not None:
            places.append((frame.x(reading.days[row]), frame.y(value)))
        elif values is reading.y:
            places.append(None)
    if values is not reading.y and len({y for _, y in filter(None, places)}) == 1:
        places = [places[0], places[-1]]
    return [
        {"tag": "polyline", "class": f"qi-path {name}", "points": points_text(unbroken)}
        for unbroken in runs(places)
    ]


def _shape(kind: str, x: float, y: float) -> str:
    """One mark as a piece of a path: circle, triangle, diamond or square."""
    family, _, side = kind.partition("_")
    r = RADII[family]
    if family == "improvement":
        tip = -r if side == "high" else r
        base = y - tip * 0.7
        return f"M{x:.1f} {y + tip:.1f}L{x + r:.1f} {base:.1f}H{x - r:.1f}Z"
    if family == "concern":
        return f"M{x:.1f} {y - r:.1f}l{r} {r}l{-r} {r}l{-r} {-r}Z"
    if family == "neutral":
        return f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}Z"
    return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0"


def _marks(reading: Reading, frame: Frame) -> list[dict]:
    """All marks of a kind as one path; points left out of the limits are hollow."""
    paths: dict[str, list[str]] = {}
    for row in reading.drawn:
        kind, value = reading.kinds[row], reading.y[row]
        if kind is None or value is None:
            continue
        family = kind.partition("_")[0]
        name = "qi-point" if family == "common" else f"qi-point--{family}"
        if reading.analysis.excluded[row]:
            name = f"{name} qi-point--out"
        place = frame.x(reading.days[row]), frame.y(value)
        paths.setdefault(name, []).append(_shape(kind, *place))
    return [
        {"tag": "path", "class": name, "d": "".join(pieces)}
        for name, pieces in paths.items()
    ]


def _edge(frame: Frame) -> list[dict]:
    return [
        _text(frame.right + 6, frame.y(height) + 4, text)
        for height, text in frame.levels
    ]


def _cycles(reading: Reading, frame: Frame) -> list[dict]:
    """Numbers of tests in boxes on the time axis."""
    boxes, numbers = "", []
    for day, text, _ in cycles_grouped(reading, frame.size.apart):
        x, half = frame.x(day), 5 + 3.5 * len(text)
        boxes += f"M{x - half:.1f} {frame.floor - 2}h{2 * half}v17h{-2 * half}Z"
        numbers.append(_text(x, frame.floor + 11, text, "middle", "qi-cycle-number"))
    box = {"tag": "path", "class": "qi-cycle-mark", "d": boxes}
    return [box, *numbers] if numbers else []
