"""Read the seed pages of the method library (plain files, no database).

One Markdown file per method lies in ``data/methods``: ``key: value`` front
matter between two ``---`` lines, then six sections in a fixed order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DATA_DIR = Path(__file__).parent / "data" / "methods"

CHOICES = {
    "category": ("start", "understand", "measure", "test", "embed"),
    "family": ("mfi", "lean", "six_sigma", "co_design", "general"),
    "stage": ("set_up", "understand", "measure", "test", "embed"),
    "level": ("awareness", "foundation", "practitioner", "coach", "expert"),
    "is_house": ("true", "false"),
}
REQUIRED_KEYS = (
    "slug",
    "title",
    "category",
    "family",
    "stage",
    "level",
    "time_needed",
    "people_needed",
    "source",
    "licence",
    "position",
)
OPTIONAL_KEYS = ("source_url", "is_house")
SECTIONS = {
    "Summary": "summary",
    "When to use": "when_to_use",
    "When not to use": "when_not_to_use",
    "Steps": "steps",
    "Common mistakes": "mistakes",
    "Worked example": "example",
}


@dataclass(frozen=True, slots=True)
class MethodEntry:
    """One library page; the six sections are Markdown without their headings."""

    slug: str
    title: str
    category: str
    family: str
    stage: str
    level: str
    time_needed: str
    people_needed: str
    source: str
    licence: str
    position: int
    summary: str
    when_to_use: str
    when_not_to_use: str
    steps: str
    mistakes: str
    example: str
    source_url: str = ""
    is_house: bool = False


def load_entries(directory: Path = DATA_DIR) -> list[MethodEntry]:
    """Return every seed entry, ordered by position (1, 2, 3 ...).

    Raises ValueError, naming the file and the remedy, when a file breaks the
    format, a slug or position is used twice, or there are two house methods.
    """
    paths = sorted(directory.glob("*.md"))
    if not paths:
        raise ValueError(f"{directory}: no .md files found. Check the folder.")
    pairs = [(path, parse_entry(path)) for path in paths]
    _check_unique(pairs)
    return sorted((entry for _, entry in pairs), key=lambda entry: entry.position)


def parse_entry(path: Path) -> MethodEntry:
    """Parse one file strictly; ValueError names the file and the remedy."""
    front, body = _split(path)
    meta = _front_matter(path, front)
    sections = _sections(path, body)
    return MethodEntry(
        **{key: meta[key] for key in REQUIRED_KEYS if key != "position"},
        position=_position(path, meta["position"]),
        source_url=_url(path, meta.get("source_url", "")),
        is_house=meta.get("is_house") == "true",
        **sections,
    )


def _error(path: Path, problem: str, remedy: str) -> ValueError:
    return ValueError(f"{path.name}: {problem}. {remedy}")


def _split(path: Path) -> tuple[list[str], list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        raise _error(
            path,
            "front matter not found",
            "Start the file with a --- line and close the keys with another.",
        )
    end = lines.index("---", 1)
    return lines[1:end], lines[end + 1 :]


def _front_matter(path: Path, lines: Iterable[str]) -> dict[str, str]:
    meta: dict[str, str] = {}
    for line in lines:
        key, separator, value = line.partition(": ")
        if not separator or not value.strip():
            raise _error(path, f"cannot read {line!r}", "Write it as 'key: value'.")
        if key not in REQUIRED_KEYS + OPTIONAL_KEYS:
            known = ", ".join(REQUIRED_KEYS + OPTIONAL_KEYS)
            raise _error(path, f"unknown key {key!r}", f"Use one of: {known}.")
        if key in meta:
            raise _error(path, f"key {key!r} appears twice", "Keep one of them.")
        meta[key] = value.strip()
    _check_values(path, meta)
    return meta


def _check_values(path: Path, meta: dict[str, str]) -> None:
    for key in REQUIRED_KEYS:
        if key not in meta:
            raise _error(path, f"key {key!r} is missing", f"Add a '{key}: ...' line.")
    for key, allowed in CHOICES.items():
        if key in meta and meta[key] not in allowed:
            raise _error(
                path,
                f"{key} is {meta[key]!r}",
                f"Use one of: {', '.join(allowed)}.",
            )
    if meta["slug"] != path.stem:
        raise _error(
            path,
            f"slug is {meta['slug']!r}",
            "Give the file and the slug the same name.",
        )


def _sections(path: Path, lines: Iterable[str]) -> dict[str, str]:
    found: list[str] = []
    texts: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("## "):
            found.append(line.removeprefix("## ").strip())
            texts[found[-1]] = []
        elif found:
            texts[found[-1]].append(line)
        elif line.strip():
            raise _error(path, "text before the first heading", "Move it below one.")
    _check_headings(path, found)
    sections = {SECTIONS[name]: "\n".join(texts[name]).strip() for name in found}
    for name in found:
        if not sections[SECTIONS[name]]:
            raise _error(path, f"section {name!r} is empty", "Write its text.")
    return sections


def _check_headings(path: Path, found: list[str]) -> None:
    for name in SECTIONS:
        if name not in found:
            raise _error(path, f"heading {name!r} is missing", f"Add '## {name}'.")
    if found != list(SECTIONS):
        raise _error(
            path,
            f"headings are {', '.join(found)}",
            f"Use exactly, in this order: {', '.join(SECTIONS)}.",
        )


def _position(path: Path, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise _error(path, f"position is {text!r}", "Use a whole number from 1.")
    return int(text)


def _url(path: Path, text: str) -> str:
    if text and not text.startswith("https://"):
        raise _error(path, f"source_url is {text!r}", "Use an https:// address.")
    return text


def _check_unique(pairs: list[tuple[Path, MethodEntry]]) -> None:
    places: dict[int, str] = {}
    house = ""
    for path, entry in pairs:
        if entry.position in places:
            raise _error(
                path,
                f"position {entry.position} is also used by {places[entry.position]}",
                "Give each file its own number.",
            )
        places[entry.position] = path.name
        if entry.is_house and house:
            raise _error(
                path,
                f"is_house is also true in {house}",
                "Only one method is the house method.",
            )
        house = path.name if entry.is_house else house
