"""The write-up as a text file (Markdown), for any editor."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from django.conf import settings

from pdsa.presenters.writeup_blocks import Part
from qiportal.core.dates import plain

SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")
LEADING = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)", re.MULTILINE)


def escaped(said: str) -> str:
    """Words as they are: no sign of theirs becomes a heading, a list or a link."""
    plain_text = SPECIAL.sub(r"\\\1", said.replace("\r", ""))
    return LEADING.sub(_kept, plain_text)


def _kept(found: re.Match) -> str:
    mark = found[2]
    return f"{found[1]}{mark[:-1]}\\{mark[-1]}"


def markdown(title: str, made_on: str, parts: list[Part]) -> str:
    """The whole report as Markdown."""
    lines = [f"# {escaped(title)}", escaped(made_on)]
    for part in parts:
        lines.append(f"## {part.title}")
        for section in part.sections:
            lines.append(f"### {section.title}")
            for block in section.blocks:
                lines += WRITERS[block["kind"]](block)
    return "\n\n".join(lines) + "\n"


def _text(block: dict) -> Iterator[str]:
    if block["label"]:
        yield f"**{escaped(block['label'])}**"
    yield escaped(block["text"])


def _told(block: dict) -> Iterator[str]:
    yield escaped(block["text"])


def _items(block: dict) -> Iterator[str]:
    if block["label"]:
        yield f"**{escaped(block['label'])}**"
    if block["rows"]:
        yield "\n".join(f"- {_inline(row)}" for row in block["rows"])


def _inline(said: str) -> str:
    return escaped(" ".join(said.split()))


def _facts(block: dict) -> Iterator[str]:
    if block["title"]:
        day = f" ({plain(block['day'])})" if block["day"] else ""
        level = "#####" if block["inner"] else "####"
        yield f"{level} {_inline(block['title'])}{day}"
    if block["rows"]:
        rows = (f"- **{key}:** {_inline(value)}" for key, value in block["rows"])
        yield "\n".join(rows)


def _heading(block: dict) -> Iterator[str]:
    yield f"#### {_inline(block['title'])}"
    if block["lead"]:
        yield escaped(block["lead"])


def _figure(block: dict) -> Iterator[str]:
    said = block["sentence"] or block["svg"].get("label", "")
    yield f"[Picture] {escaped(said)}"
    if block["url"]:
        yield f"Chart: {urljoin(f'{settings.PUBLIC_URL}/', block['url'])}"


def _diagram(block: dict) -> Iterator[str]:
    yield "[Picture] Driver diagram."


def _ask(block: dict) -> Iterator[str]:
    yield f"*For the authors: {escaped(block['text'])}*"


def _gap(block: dict) -> Iterator[str]:
    yield f"*Not entered: {escaped(block['text'])}*"


WRITERS = {
    "text": _text,
    "told": _told,
    "items": _items,
    "facts": _facts,
    "heading": _heading,
    "figure": _figure,
    "diagram": _diagram,
    "ask": _ask,
    "gap": _gap,
}
