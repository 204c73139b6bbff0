"""A ramp as a picture: tests from left to right, their scale upwards, decisions."""

from collections.abc import Sequence

from pdsa.charts import DECIDED
from pdsa.models import Cycle
from qiportal.core.svg import points_text

SCALES = {
    1: "One patient",
    2: "A few",
    3: "One shift",
    4: "One bay",
    5: "Whole ward",
    6: "Several units",
    7: "Trust-wide",
}
UNSAID = "Not said"
STAGES = {
    "plan": "planned",
    "do": "under way",
    "study": "to study",
    "act": "to decide",
}
LEFT, TOP, STEP_X, STEP_Y, RADIUS = 96, 22, 70, 34, 13
MOST = 10
WIDE = 4


def state_word(cycle: Cycle) -> str:
    """Where a test stands, in one word: "adapted", "under way"."""
    if cycle.decision:
        return DECIDED[Cycle.Decision(cycle.decision)]
    return STAGES[cycle.stage]


def is_wide(cycles: Sequence[Cycle]) -> bool:
    """Whether the picture needs the whole width."""
    return len(cycles) > WIDE


def ramp_svg(cycles: Sequence[Cycle]) -> dict:
    """The picture of a ramp's newest tests, by number."""
    shown = list(cycles)[-MOST:]
    rungs = _rungs(shown)
    places = [
        (LEFT + STEP_X // 2 + n * STEP_X, TOP + rungs.index(cycle.scale or 0) * STEP_Y)
        for n, cycle in enumerate(shown)
    ]
    width = LEFT + STEP_X * max(len(shown), 3) + 8
    height = TOP + (len(rungs) - 1) * STEP_Y + 44
    elements = _ladder(rungs, width)
    if len(places) > 1:
        line = {"tag": "polyline", "class": "qi-path qi-ramp__line"}
        elements.append({**line, "points": points_text(places)})
    for cycle, place in zip(shown, places, strict=True):
        elements += _mark(cycle, *place)
    return {
        "width": width,
        "height": height,
        "class": f"qi-ramp__svg{' qi-ramp__svg--wide' if is_wide(shown) else ''}",
        "label": ramp_words(cycles),
        "elements": elements,
    }


def _rungs(cycles: Sequence[Cycle]) -> list[int]:
    """The rungs drawn, highest first: from the lowest used to one above the highest."""
    used = [cycle.scale for cycle in cycles if cycle.scale]
    if not used:
        return [0]
    low, high = min(used), min(max(used) + 1, 7)
    rungs = list(range(high, low - 1, -1))
    return rungs if all(cycle.scale for cycle in cycles) else [*rungs, 0]


def _ladder(rungs: list[int], width: int) -> list[dict]:
    elements = []
    for row, rung in enumerate(rungs):
        y = TOP + row * STEP_Y
        line = {"tag": "line", "class": "qi-grid-line", "x1": LEFT, "x2": width}
        elements.append({**line, "y1": y, "y2": y})
        text = {"tag": "text", "class": "qi-label", "x": LEFT - 8, "y": y + 4}
        elements.append({**text, "anchor": "end", "text": SCALES.get(rung, UNSAID)})
    return elements


def _mark(cycle: Cycle, x: int, y: int) -> list[dict]:
    """A numbered mark; shape, fill and the word below tell the decision."""
    name = f"qi-ramp__mark qi-ramp__mark--{cycle.decision or 'open'}"
    number = {"tag": "text", "x": x, "y": y + 4, "anchor": "middle"}
    word = {**number, "class": "qi-label", "y": y + RADIUS + 15}
    light = " qi-ramp__number--light" if cycle.decision == "adopt" else ""
    return [
        _outline(cycle.decision, name, x, y),
        {
            **number,
            "class": f"qi-label qi-ramp__number{light}",
            "text": str(cycle.number),
        },
        {**word, "text": state_word(cycle)},
    ]


def _outline(decision: str, name: str, x: int, y: int) -> dict:
    r = RADIUS
    if decision == "abandon":
        box = {"x": x - r + 1, "y": y - r + 1, "width": 2 * r - 2, "height": 2 * r - 2}
        return {"tag": "rect", "class": name, **box}
    if decision == "adapt":
        d = f"M{x} {y - r - 3}l{r + 3} {r + 3}l{-r - 3} {r + 3}l{-r - 3} {-r - 3}Z"
        return {"tag": "path", "class": name, "d": d}
    return {"tag": "circle", "class": name, "cx": x, "cy": y, "r": r}


def ramp_words(cycles: Sequence[Cycle]) -> str:
    """The picture in words, for those who do not see it."""
    parts = [
        f"Test {cycle.number}: {SCALES.get(cycle.scale or 0, UNSAID).lower()}, "
        f"{state_word(cycle)}"
        for cycle in cycles
    ]
    return f"{cycles[0].ramp.title}. {'; '.join(parts)}." if cycles else ""
