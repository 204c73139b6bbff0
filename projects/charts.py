"""The driver diagram as a picture: aim, drivers and ideas, from left to right.

Boxes are as tall as their text; each column is stacked so that a box sits in the
middle of what hangs on it. The picture is a companion of the outline, never the only
copy of a text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from projects.models import ChangeIdea
from projects.selectors import Branch, Theory

WIDTHS = (200, 230, 250, 290)
GAP = 46
LINE = 18
PAD = 10
BETWEEN = 10
CHARACTER = 7.3
HEADING = 34
HEADINGS = ("Aim", "Primary drivers", "Secondary drivers", "Change ideas")


@dataclass
class Box:
    """One text in one column; `top` is set when the column is stacked."""

    lines: list[str]
    column: int
    kind: str
    children: list["Box"] = field(default_factory=list)
    top: float = 0

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 2 * PAD

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most as many letters as fit; a longer word is cut with a hyphen."""
    most = int((width - 2 * PAD) / CHARACTER)
    lines, line = [], ""
    for word in text.split():
        while len(word) > most:
            head, word = word[: most - 1], word[most - 1 :]
            lines += [line, f"{head}-"] if line else [f"{head}-"]
            line = ""
        if len(line) + len(word) + bool(line) > most:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def _box(text: str, column: int, kind: str) -> Box:
    return Box(wrap(text, WIDTHS[column]) or [""], column, kind)


def _idea_box(idea: ChangeIdea) -> Box:
    dropped = idea.status == ChangeIdea.Status.ABANDONED
    text = f"{idea.title} (tried and dropped)" if dropped else idea.title
    return _box(text, 3, "dropped" if dropped else "idea")


def _branch_box(branch: Branch, column: int) -> Box:
    box = _box(branch.driver.text, column, "primary" if column == 1 else "secondary")
    box.children = [_branch_box(child, 2) for child in branch.branches]
    box.children += [_idea_box(idea) for idea in branch.ideas]
    return box


def _tree(theory: Theory) -> Box:
    statement = theory.aim.statement if theory.aim else "The aim is not written yet"
    aim = _box(statement, 0, "aim")
    aim.children = [_branch_box(branch, 1) for branch in theory.branches]
    aim.children += [_idea_box(idea) for idea in theory.loose]
    return aim


def _height(box: Box) -> float:
    """The room a box and all that hangs on it need."""
    below = sum(_height(child) for child in box.children)
    below += BETWEEN * max(len(box.children) - 1, 0)
    return max(box.height, below)


def _stack(box: Box, top: float) -> None:
    """Gives a box the middle of its room, and its children their own rooms."""
    room = _height(box)
    box.top = top + (room - box.height) / 2
    children = sum(_height(child) for child in box.children)
    children += BETWEEN * max(len(box.children) - 1, 0)
    at = top + (room - children) / 2
    for child in box.children:
        _stack(child, at)
        at += _height(child) + BETWEEN


def _left(column: int) -> int:
    return sum(WIDTHS[:column]) + GAP * column + 1


def _walk(box: Box) -> Iterator[Box]:
    yield box
    for child in box.children:
        yield from _walk(child)


def _link(parent: Box, child: Box) -> dict:
    """A curve out of a box, then straight to what hangs on it.

    The child's row is its own, so a link that skips a column crosses no box.
    """
    x1, x2 = _left(parent.column) + WIDTHS[parent.column], _left(child.column)
    y1, y2 = f"{parent.middle:.1f}", f"{child.middle:.1f}"
    bend = x1 + GAP // 2
    d = f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x1 + GAP} {y2}H{x2}"
    return {"tag": "path", "class": "qi-driver-link", "d": d}


def _drawn(box: Box) -> list[dict]:
    left = _left(box.column)
    frame = {
        "tag": "rect",
        "class": f"qi-driver-box qi-driver-box--{box.kind}",
        "x": left,
        "y": f"{box.top:.1f}",
        "width": WIDTHS[box.column],
        "height": f"{box.height:.1f}",
    }
    lines = [
        {
            "tag": "text",
            "class": f"qi-driver-text qi-driver-text--{box.kind}",
            "x": left + PAD,
            "y": f"{box.top + PAD + LINE * number + 13:.1f}",
            "text": line,
        }
        for number, line in enumerate(box.lines)
    ]
    return [frame, *lines]


def _headings(columns: set[int]) -> list[dict]:
    return [
        {
            "tag": "text",
            "class": "qi-driver-heading",
            "x": _left(column),
            "y": 16,
            "text": HEADINGS[column],
        }
        for column in sorted(columns)
    ]


def driver_picture(theory: Theory) -> dict:
    """The diagram as SVG primitives for components/svg.html; decoration for screen
    readers, who have the outline."""
    root = _tree(theory)
    _stack(root, HEADING)
    boxes = list(_walk(root))
    columns = {box.column for box in boxes}
    links = [
        _link(box, child)
        for box in boxes
        for child in box.children
        if not (box is root and child.column == 3)
    ]
    shapes = [shape for box in boxes for shape in _drawn(box)]
    last = max(columns)
    return {
        "width": _left(last) + WIDTHS[last] + 1,
        "height": round(HEADING + _height(root) + 2),
        "class": "qi-driver-picture",
        "elements": [*_headings(columns), *links, *shapes],
    }
