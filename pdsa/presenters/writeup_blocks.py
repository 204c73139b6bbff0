"""The pieces a write-up is made of, the same for page, print and text file.

A block is a plain dict with its `kind`; templates and the text writer print each kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from pdsa.selectors.writeup import Writeup


@dataclass
class Section:
    """One heading of the guideline, what it is for, and what was found for it."""

    key: str
    title: str
    hint: str
    blocks: list[dict] = field(default_factory=list)

    @property
    def gaps(self) -> int:
        return sum(block["kind"] == "gap" for block in self.blocks)


@dataclass
class Part:
    """A part of the report with its sections."""

    title: str
    sections: list[Section]


def text(said: str, label: str = "") -> dict:
    """Words a person entered, under a label that says what they are."""
    return {"kind": "text", "label": label, "text": said}


def told(said: str) -> dict:
    """A sentence made from the record."""
    return {"kind": "told", "text": said}


def items(rows: list[str], label: str = "") -> dict:
    return {"kind": "items", "label": label, "rows": rows}


def facts(
    rows: Sequence[tuple[str, object]], title: str = "", day=None, *, inner=False
) -> dict:
    """Named values; those that are empty are left out. `inner`: below a heading."""
    filled = [(key, str(value)) for key, value in rows if value not in (None, "")]
    named = {"title": title, "day": day, "inner": inner}
    return {"kind": "facts", "rows": filled, **named}


def heading(title: str, lead: str = "") -> dict:
    return {"kind": "heading", "title": title, "lead": lead}


def figure(svg: dict, sentence: str = "", url: str = "", scrolls: str = "") -> dict:
    """`scrolls` names a picture that may be wider than a phone."""
    kind = {"kind": "figure", "svg": svg, "sentence": sentence}
    return {**kind, "url": url, "scrolls": scrolls}


def diagram(picture: dict) -> dict:
    """A driver diagram, which has a template of its own."""
    return {"kind": "diagram", "picture": picture}


def ask(said: str) -> dict:
    """What only the authors can write."""
    return {"kind": "ask", "text": said}


def gap(said: str, url: str = "", label: str = "") -> dict:
    """What was not entered, and where it can be."""
    return {"kind": "gap", "text": said, "url": url, "label": label}


def gap_for(paper: Writeup, said: str, name: str, label: str, *, lead=False) -> dict:
    """A gap with its link, for those who may fill it."""
    stands = paper.place.stands
    may = stands.can_lead if lead else stands.can_write
    url = reverse(name, args=[paper.project.reference]) if may else ""
    return gap(said, url, label)


def counted(count: int, one: str, many: str = "") -> str:
    """ "1 test", "3 tests"."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def listed(parts: list[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def cut(said: str, most: int) -> str:
    """A text on one line, cut at a word where it is too long."""
    line = " ".join(said.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"
