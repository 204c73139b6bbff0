"""The chart as a server-drawn SVG: no script, prints, fits a card or a page.

All marks of one kind are one path, so a chart is a handful of elements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from pdsa.charts.reading import Reading, Stretch
from pdsa.charts.spec import fixed_row
from pdsa.charts.words import FULL_GAP, SMALL_GAP, day_text, level_text
from qiportal.core.svg import points_text, runs, scale


@dataclass(frozen=True)
class Size:
    """A drawing's size and margins, in units of its view box."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    ticks: int
    labels: int


FULL = Size(760, 360, 52, 108, 24, 52, ticks=5, labels=6)
SMALL = Size(360, 196, 42, 88, 14, 40, ticks=3, labels=2)
RADII = {"common": 2.6, "improvement": 6.0, "concern": 5.5, "neutral": 4.5}


class Frame:
    """Turns days and values into places in the drawing."""

    def __init__(self, reading: Reading, size: Size):
        self.size = size
        self.low, self.high = reading.span
        days = reading.days or (date(2000, 1, 1),)
        started = [mark.day for mark in reading.cycles if mark.day >= days[0]]
        self.first = days[0].toordinal()
        self.last = max(day.toordinal() for day in (days[-1], *started))

    @property
    def right(self) -> int:
        return self.size.width - self.size.right

    @property
    def floor(self) -> int:
        return self.size.height - self.size.bottom

    def x(self, day: date) -> float:
        return scale(
            day.toordinal(), self.first, self.last, self.size.left + 6, self.right - 6
        )

    def y(self, value: float) -> float:
        return scale(value, self.low, self.high, self.floor, self.size.top)


def chart_svg(reading: Reading, *, small: bool = False, label: str = "") -> dict:
    """The drawing as components/svg.html prints it; `label` is its accessible name."""
    size = SMALL if small else FULL
    frame = Frame(reading, size)
    elements = [
        *_bands(reading, frame),
        *_axes(reading, frame),
        *_phases(reading, frame, small),
        *_lines(reading, frame),
        *_marks(reading, frame),
        *_edge(reading, frame, SMALL_GAP if small else FULL_GAP),
        *_cycles(reading, frame),
    ]
    return {
        "width": size.width,
        "height": size.height,
        "label": label or f"Chart of {reading.measure.name}. {reading.sentence}",
        "class": "qi-svg--small" if small else "qi-svg--full",
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
    """The first and the last day and, where there is room, some between."""
    rows = len(reading.days)
    if not rows:
        return []
    step = max((rows - 1) / max(frame.size.labels - 1, 1), 1)
    wanted = {round(n * step) for n in range(frame.size.labels)}
    chosen = sorted(wanted & set(range(rows)))
    y = frame.size.height - 6
    return [
        _text(
            frame.x(reading.days[row]),
            y,
            day_text(reading.days[row], reading.measure.frequency),
            "start" if row == 0 and rows > 1 else "middle",
        )
        for row in chosen
    ]


def _bands(reading: Reading, frame: Frame) -> list[dict]:
    bands = []
    for stretch in reading.stretches:
        last = fixed_row(reading, stretch)
        if last is not None:
            x = frame.x(reading.days[stretch.start])
            width = frame.x(reading.days[last]) - x
            rect = {"x": f"{x:.1f}", "y": frame.size.top, "width": f"{width:.1f}"}
            height = frame.floor - frame.size.top
            bands.append({"tag": "rect", "class": "qi-band", **rect, "height": height})
    return bands


def _phases(reading: Reading, frame: Frame, small: bool) -> list[dict]:
    elements = []
    for stretch in reading.stretches:
        if not (stretch.start and stretch.phase):
            continue
        x = frame.x(reading.days[stretch.start]) - 3
        elements.append(_line("qi-phase", x, frame.size.top, x, frame.floor))
        if not small:
            label = stretch.phase.label[:28]
            elements.append(_text(x + 3, frame.size.top - 6, label))
    return elements


def _lines(reading: Reading, frame: Frame) -> list[dict]:
    elements = []
    if reading.target is not None:
        y = frame.y(reading.target)
        elements.append(_line("qi-target", frame.size.left, y, frame.right, y))
    for stretch in reading.stretches:
        trial = " qi-limit--trial" if stretch.status == "trial" else ""
        for values in (reading.drawn_lower, reading.drawn_upper):
            elements += _polylines(reading, frame, stretch, values, f"qi-limit{trial}")
        elements += _polylines(reading, frame, stretch, reading.centre, "qi-centre")
    whole = Stretch(0, len(reading.days) - 1, None, "full", None)
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
    for row, kind in enumerate(reading.kinds):
        value = reading.y[row]
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


def _edge(reading: Reading, frame: Frame, gap: float) -> list[dict]:
    return [
        _text(frame.right + 6, frame.y(height) + 4, text)
        for height, text in level_text(reading, gap)
    ]


def _cycles(reading: Reading, frame: Frame) -> list[dict]:
    """Numbers of tests in boxes on the time axis."""
    boxes, numbers = "", []
    for mark in reading.cycles:
        if not reading.days or mark.day < reading.days[0]:
            continue
        x, half = frame.x(mark.day), 8 if mark.number < 10 else 11
        boxes += f"M{x - half:.1f} {frame.floor - 2}h{2 * half}v17h{-2 * half}Z"
        place = x, frame.floor + 11
        numbers.append(_text(*place, str(mark.number), "middle", "qi-cycle-number"))
    box = {"tag": "path", "class": "qi-cycle-mark", "d": boxes}
    return [box, *numbers] if numbers else []
