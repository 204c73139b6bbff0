"""Survey comments in many words: frames and slots of data/voices.txt, filled by chance.

No names, wards or days: a comment stands for a voice and never for a person.
"""

from dataclasses import dataclass
from functools import cache
from random import Random

from qiportal.demo.content import DATA, sections
from qiportal.demo.seed.phrases import capital
from qiportal.demo.seed.world import weighted

THEMES = {
    "staff_engagement": 20,
    "time_resources": 16,
    "workload_pressure": 15,
    "leadership": 14,
    "training": 9,
    "method_fidelity": 7,
    "data_measurement": 7,
    "coproduction": 5,
    "spread": 4,
    "other": 5,
}
NIL_SHARE, MIXED_SHARE, SECOND_SENTENCE, OPENER = 0.04, 0.1, 0.55, 0.28


@dataclass(frozen=True)
class Voice:
    text: str
    is_nil: bool = False


@cache
def _frames() -> dict[str, dict[str, list[str]]]:
    return dict(sections(DATA / "voices.txt"))


@cache
def _slots() -> dict[str, list[str]]:
    return {
        name: [word.strip() for word in lines[0].split(";")]
        for name, lines in _frames()["slots"].items()
    }


def voice(rng: Random, prompt: str, cheer: float) -> Voice:
    """One comment to a prompt (improve, good, open); `cheer` is the share of praise."""
    if rng.random() < NIL_SHARE:
        return Voice(rng.choice(_frames()["nil"]["line"]), is_nil=True)
    if prompt != "open":
        return Voice(_answer(rng, "ask" if prompt == "improve" else "good"))
    if rng.random() < MIXED_SHARE:
        return Voice(_mixed(rng))
    return Voice(_answer(rng, "pos" if rng.random() < cheer else "neg"))


def _answer(rng: Random, key: str) -> str:
    """One sentence, at times a second one of another theme."""
    first = weighted(rng, THEMES)
    text = _said(rng, first, key)
    if rng.random() < SECOND_SENTENCE:
        second = weighted(rng, THEMES)
        if second != first:
            text = f"{text} {_said(rng, second, key)}"
    if key in ("pos", "neg") and rng.random() < OPENER:
        return f"{rng.choice(_frames()['opener']['line'])} {_small(text)}"
    return text


def _mixed(rng: Random) -> str:
    frame = rng.choice(_frames()["mixed"]["line"])
    pos = _said(rng, weighted(rng, THEMES), "pos")
    neg = _said(rng, weighted(rng, THEMES), "neg")
    return frame.format(pos=pos, neg=neg, pos_small=_small(pos), neg_small=_small(neg))


def _small(text: str) -> str:
    """A sentence going on after "but": no capital, unless it is "I" or a short form."""
    word = text.split()[0]
    return text if word == "I" or word.isupper() else text[0].lower() + text[1:]


def _said(rng: Random, theme: str, key: str) -> str:
    words = {name: rng.choice(choices) for name, choices in _slots().items()}
    words |= {capital(name): capital(word) for name, word in words.items()}
    return rng.choice(_frames()[theme][key]).format(**words)
