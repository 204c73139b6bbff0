"""The driver diagram as a picture: aim, drivers and ideas, from left to right.

Boxes are as tall as their text; each column is stacked so that a box sits in the
middle of what hangs on it. The measures are those of an A4 sheet across: a branch of
four times four ideas fills one and its letters are printed some 9 points high. What
does not fit is drawn as one sheet for each primary driver. The picture is a companion
of the outline, never the only copy of a text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from projects.lettering import SPARE, text_width, wrap
from projects.models import ChangeIdea
from projects.selectors import Branch, Theory

WIDTHS = (190, 200, 256, 400)
GAP = 36
SIZE = 14
LINE = 17
PAD = 9
ROOM = 5  # above and below a text
BETWEEN = 7
HEADING = 30
SHEET = 800  # higher than this, a picture is no longer readable on one page
HEADINGS = ("Aim", "Primary drivers", "Secondary drivers", "Change ideas")
BOLD = ("aim", "primary")

Notes = Mapping[str, str]  # "idea-7" -> "2 tests, last adapted"


@dataclass
class Box:
    """One text in one column; `top` is set when the column is stacked."""

    lines: list[str]
    column: int
    kind: str
    key: str = ""
    children: list["Box"] = field(default_factory=list)
    top: float = 0

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 2 * ROOM

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def _box(text: str, column: int, kind: str, key: str = "", note: str = "") -> Box:
    whole = f"{text} ({note})" if note else text
    room = WIDTHS[column] - 2 * PAD
    lines = wrap(whole, room, SIZE, bold=kind in BOLD)
    return Box(lines or [""], column, kind, key)


def _idea_box(idea: ChangeIdea, notes: Notes) -> Box:
    dropped = idea.status == ChangeIdea.Status.ABANDONED
    key = f"idea-{idea.pk}"
    note = "tried and dropped" if dropped else notes.get(key, "")
    return _box(idea.title, 3, "dropped" if dropped else "idea", key, note)


def _branch_box(branch: Branch, column: int, notes: Notes) -> Box:
    kind, key = ("primary", "secondary")[column - 1], f"driver-{branch.driver.pk}"
    box = _box(branch.driver.text, column, kind, key, notes.get(key, ""))
    box.children = [_branch_box(child, 2, notes) for child in branch.branches]
    box.children += [_idea_box(idea, notes) for idea in branch.ideas]
    return box


def _tree(theory: Theory, notes: Notes) -> Box:
    statement = theory.aim.statement if theory.aim else "The aim is not written yet"
    aim = _box(statement, 0, "aim")
    aim.children = [_branch_box(branch, 1, notes) for branch in theory.branches]
    aim.children += [_idea_box(idea, notes) for idea in theory.loose]
    return aim


def _below(box: Box) -> float:
    """The room of all that hangs on a box."""
    rooms = sum(_height(child) for child in box.children)
    return rooms + BETWEEN * max(len(box.children) - 1, 0)


def _height(box: Box) -> float:
    """The room a box and all that hangs on it need."""
    return max(box.height, _below(box))


def _stack(box: Box, top: float) -> None:
    """Gives a box the middle of its room, and its children their own rooms."""
    room = _height(box)
    box.top = top + (room - box.height) / 2
    at = top + (room - _below(box)) / 2
    for child in box.children:
        _stack(child, at)
        at += _height(child) + BETWEEN


def _left(column: int) -> int:
    return sum(WIDTHS[:column]) + GAP * column + 2


def _walk(box: Box) -> Iterator[Box]:
    yield box
    for child in box.children:
        yield from _walk(child)


def _link(parent: Box, child: Box) -> str:
    """A curve out of a box, then straight to what hangs on it.

    The child's row is its own, so a link that skips a column crosses no box.
    """
    x1, x2 = _left(parent.column) + WIDTHS[parent.column], _left(child.column)
    y1, y2 = f"{parent.middle:.1f}", f"{child.middle:.1f}"
    bend = x1 + GAP // 2
    return f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x1 + GAP} {y2}H{x2}"


def _line(box: Box, number: int) -> dict:
    """A line with the width it takes: another font than Arial is fitted to that."""
    text = box.lines[number]
    width = text_width(text, SIZE, bold=box.kind in BOLD) / SPARE
    y = box.top + ROOM + LINE * number + 13
    return {"y": f"{y:.1f}", "text": text, "width": f"{width:.1f}"}


def _drawn(box: Box) -> dict:
    left = _left(box.column)
    return {
        "kind": box.kind,
        "key": box.key,
        "x": left,
        "y": f"{box.top:.1f}",
        "width": WIDTHS[box.column],
        "height": f"{box.height:.1f}",
        "text_x": left + PAD,
        "lines": [_line(box, number) for number in range(len(box.lines))],
    }


def _picture(root: Box) -> dict:
    _stack(root, HEADING)
    boxes = list(_walk(root))
    columns = sorted({box.column for box in boxes})
    links = [
        _link(box, child)
        for box in boxes
        for child in box.children
        if not (box is root and child.column == 3)
    ]
    return {
        "width": _left(columns[-1]) + WIDTHS[columns[-1]] + 2,
        "height": round(HEADING + _height(root) + 3),
        "headings": [{"x": _left(c), "text": HEADINGS[c]} for c in columns],
        "links": links,
        "boxes": [_drawn(box) for box in boxes],
    }


def driver_picture(theory: Theory, notes: Notes | None = None) -> dict:
    """The whole diagram in one picture; decoration for screen readers, who have the
    outline. `notes` are a few words behind a text, by the key of its row."""
    return _picture(_tree(theory, notes or {}))


def driver_sheets(theory: Theory, notes: Notes | None = None) -> list[dict]:
    """The diagram in pictures that can be read on a page each: one if it fits, or one
    for each primary driver, with `key` and `title`, and one for ideas without."""
    whole = driver_picture(theory, notes)
    if whole["height"] <= SHEET or len(theory.branches) < 2:
        return [{**whole, "key": "", "title": ""}]
    sheets = []
    for branch in theory.branches:
        part = driver_picture(replace(theory, branches=[branch], loose=[]), notes)
        key = f"driver-{branch.driver.pk}"
        sheets.append({**part, "key": key, "title": branch.driver.text})
    if theory.loose:
        part = driver_picture(replace(theory, branches=[]), notes)
        sheets.append({**part, "key": "loose", "title": "Ideas without a driver"})
    return sheets
