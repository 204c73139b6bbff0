"""Sentences that fit any project, read from data/phrases.txt."""

from functools import cache
from random import Random

from qiportal.demo.content import DATA, sections


@cache
def phrases() -> dict[str, dict[str, list[str]]]:
    return dict(sections(DATA / "phrases.txt"))


def one(rng: Random, section: str, key: str = "line", **slots) -> str:
    """A sentence of a section, its slots filled."""
    text = rng.choice(phrases()[section][key])
    return text.format(**slots) if slots else text


def single(section: str, key: str) -> str:
    """A section's only sentence of a key, or ""."""
    return phrases()[section].get(key, [""])[0]


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def sentence(text: str) -> str:
    """A note as a sentence: capital first, full stop last."""
    return capital(text).rstrip(".") + "."
