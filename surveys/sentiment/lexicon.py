"""The overlay lexicon: our own words, phrases and cues for improvement comments."""

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
KINDS = ("word", "phrase", "cue", "opener", "override")


@dataclass(frozen=True)
class Lexicon:
    """Weights by term (lower case, words joined by one space), and their digest.

    `words` holds words, phrases and overrides (0 takes a word out of VADER's list);
    `cues` ask for a change anywhere in a clause, `openers` as its first word only.
    """

    words: Mapping[str, float]
    cues: Mapping[str, float]
    openers: Mapping[str, float]
    digest: str


def term_words(term: str) -> list[str]:
    """A term or text as lower-case words, the way the engine reads them."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", term.replace("\u2019", "'").lower())


def lexicon_build(rows: Iterable[Mapping[str, str]]) -> Lexicon:
    """A lexicon from rows of term (variants split by `|`), weight, kind.

    Raises ValueError for an unknown kind, a weight outside -4 to 4, an empty term, or
    one with two weights.
    """
    tables: dict[str, dict[str, float]] = {"words": {}, "cue": {}, "opener": {}}
    for row in rows:
        kind, weight = row["kind"], float(row["weight"])
        if kind not in KINDS:
            raise ValueError(f"Unknown kind {kind}.")
        if not -4 <= weight <= 4:
            raise ValueError(f"The weight of {row['term']} is outside -4 to 4.")
        table = tables.get(kind, tables["words"])
        for variant in row["term"].split("|"):
            words = " ".join(term_words(variant))
            if not words:
                raise ValueError("A term is empty.")
            if table.setdefault(words, weight) != weight:
                raise ValueError(f"{words} stands twice with different weights.")
    return Lexicon(tables["words"], tables["cue"], tables["opener"], _digest(tables))


def _digest(tables: Mapping[str, Mapping[str, float]]) -> str:
    lines = [
        f"{name}\t{term}\t{weight:g}"
        for name, table in sorted(tables.items())
        for term, weight in sorted(table.items())
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def overlay_rows() -> list[dict[str, str]]:
    """The shipped overlay: term, weight, kind, note. Seeds the table people edit."""
    with (DATA / "overlay.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def default_lexicon() -> Lexicon:
    return lexicon_build(overlay_rows())
