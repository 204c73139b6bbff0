"""What a comment is about: several themes at once, by keywords and phrases."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from surveys.sentiment.lexicon import DATA

OTHER = "other"
_MAX_CHARACTERS = 5000


@dataclass(frozen=True)
class ThemeHit:
    """A cue found in the text; offsets are half-open."""

    start: int
    end: int
    surface: str


@dataclass(frozen=True)
class Theme:
    """`cues` alone suffice; `both` are two sets of cues that must occur together."""

    slug: str
    label: str
    sub_score: str
    cues: re.Pattern[str] | None
    both: tuple[re.Pattern[str], ...]

    def hits(self, text: str) -> list[ThemeHit]:
        found = _found(self.cues, text) if self.cues else []
        pairs = [_found(pattern, text) for pattern in self.both]
        if all(pairs):
            found += [hit for side in pairs for hit in side]
        return sorted(set(found), key=lambda hit: (hit.start, hit.end))


@dataclass(frozen=True)
class Taxonomy:
    """The themes in their order, with the version and digest of the data file."""

    version: str
    digest: str
    themes: tuple[Theme, ...]

    def read(self, text: str) -> list[tuple[str, tuple[ThemeHit, ...]]]:
        """(slug, hits) of each theme found, in taxonomy order; else `other` alone."""
        plain = text[:_MAX_CHARACTERS].replace("\u2019", "'")
        found = [
            (theme.slug, tuple(hits))
            for theme in self.themes
            if (hits := theme.hits(plain))
        ]
        return found or [(OTHER, ())]


def _found(pattern: re.Pattern[str], text: str) -> list[ThemeHit]:
    return [ThemeHit(m.start(), m.end(), m.group()) for m in pattern.finditer(text)]


def _pattern(cues: list[str]) -> re.Pattern[str]:
    """Whole words, any case; `*` stands for any ending; a space also for a hyphen."""
    longest_first = sorted(cues, key=len, reverse=True)
    parts = [re.escape(cue).replace(r"\*", r"\w{0,15}") for cue in longest_first]
    spaced = [part.replace(r"\ ", r"[\s\-]{1,2}") for part in parts]
    return re.compile(rf"\b(?:{'|'.join(spaced)})\b", re.IGNORECASE)


def taxonomy_build(data: Mapping[str, Any]) -> Taxonomy:
    """A taxonomy from the parsed data file (`data/themes.json` shows the shape)."""
    canonical = json.dumps(data, sort_keys=True).encode()
    return Taxonomy(
        version=str(data["version"]),
        digest=hashlib.sha256(canonical).hexdigest(),
        themes=tuple(
            Theme(
                slug=entry["slug"],
                label=entry["label"],
                sub_score=entry["sub_score"],
                cues=_pattern(entry["cues"]) if entry["cues"] else None,
                both=tuple(_pattern(cues) for cues in entry.get("both", [])),
            )
            for entry in data["themes"]
        ),
    )


@cache
def default_taxonomy() -> Taxonomy:
    return taxonomy_build(json.loads((DATA / "themes.json").read_text("utf-8")))


def themes(text: str) -> list[tuple[str, tuple[ThemeHit, ...]]]:
    """Themes of a comment with the shipped taxonomy; see `Taxonomy.read`."""
    return default_taxonomy().read(text)
