"""From valence to label: empty answers, contrast, and what was asked."""

import re
from dataclasses import dataclass
from functools import cache

from surveys.sentiment.engine import ClauseAnalyzer, Hit, Reading
from surveys.sentiment.lexicon import Lexicon, default_lexicon, term_words

ENGINE_VERSION = "1"
RULES_VERSION = "1"
NEGATIVE, MIXED, POSITIVE, NIL = "negative", "neutral_mixed", "positive", "nil"
LABELS = (NEGATIVE, MIXED, POSITIVE)
PROMPTS = ("improve", "good", "open")
MAX_CHARACTERS = 5000
LOW_CONFIDENCE = 0.4

_CUE_FACTOR = {"improve": 1.5, "good": 0.0, "open": 1.0}
_BOTH_WAYS = 0.8
_STRONGLY_NEGATIVE = -0.4
_IMPROVE_POSITIVE = 0.35
_GOOD_NEGATIVE = -0.3
_DEAD_BAND = 0.05

_LATER = r"at (?:present|the moment|this time|this point)|right now|currently|for now"
_FILLER = (
    rf"(?: (?:{_LATER}|really|thanks|thank you|else|further|more|specific|in particular"
    r"|to (?:add|say|report|mention)|(?:comes|springs) to mind"
    r"|(?:that )?i can think of))*"
)
_SAYS_NOTHING = re.compile(
    r"(?:sorry )?(?:i |i'm |we )?(?:really |honestly )?(?:"
    r"no|none|nothing|nil|nope|n a|na|not applicable|not sure|unsure"
    r"|no (?:comments?|answer|idea|opinion|view|suggestions?)"
    r"|(?:don't|do not|dont) (?:really )?know"
    r"|(?:can't|cannot|can not|cant|couldn't) (?:really )?think of "
    rf"(?:anything|any|a thing)){_FILLER}"
)
_OPENS_EMPTY = frozenset({"no", "none", "nothing", "nope"})


@dataclass(frozen=True)
class Result:
    """One comment read by the rules.

    label: positive, neutral_mixed, negative or nil; score -1..1; confidence 0..1
    (below LOW_CONFIDENCE: say so); suggestion: it asks for a change, happy or not;
    hits: what moved the score, offsets into the text; version: of words and rules.
    """

    label: str
    score: float
    confidence: float
    suggestion: bool
    hits: tuple[Hit, ...]
    version: str


class Scorer:
    """Scores comments with one lexicon. Same text and version: same result."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.version = f"{ENGINE_VERSION}-{lexicon.digest[:8]}-{RULES_VERSION}"
        self._analyzers = {
            prompt: ClauseAnalyzer(lexicon, factor)
            for prompt, factor in _CUE_FACTOR.items()
        }

    def score(self, text: str, prompt_type: str | None = "open") -> Result:
        """Read one comment; `prompt_type` improve, good or open (None: open).

        Text beyond 5,000 characters is not read. Raises ValueError for another prompt.
        """
        prompt = prompt_type or "open"
        if prompt not in PROMPTS:
            raise ValueError(f"Unknown prompt type {prompt}.")
        text = text[:MAX_CHARACTERS]
        words = term_words(text)
        if _SAYS_NOTHING.fullmatch(" ".join(words)):
            return self._nil()
        reading = self._analyzers[prompt].read(text)
        if not words and not reading.hits:
            return self._nil()
        return Result(
            label=_label(reading, prompt, words),
            score=reading.compound,
            confidence=abs(reading.compound),
            suggestion=reading.suggestion,
            hits=reading.hits,
            version=self.version,
        )

    def _nil(self) -> Result:
        return Result(NIL, 0.0, 0.0, False, (), self.version)


def _label(reading: Reading, prompt: str, words: list[str]) -> str:
    if _goes_both_ways(reading):
        return MIXED
    if prompt == "improve":
        return _improve_label(reading.compound, words)
    if prompt == "good":
        return NEGATIVE if reading.compound < _GOOD_NEGATIVE else POSITIVE
    if abs(reading.compound) <= _DEAD_BAND:
        return MIXED
    return POSITIVE if reading.compound > 0 else NEGATIVE


def _goes_both_ways(reading: Reading) -> bool:
    clauses = reading.clauses or (0.0,)
    both = max(clauses) >= _BOTH_WAYS and min(clauses) <= -_BOTH_WAYS
    return reading.contrast and both


def _improve_label(compound: float, words: list[str]) -> str:
    """A bare topic is a complaint here; "nothing, ..." is praise unless harsh."""
    if words and words[0] in _OPENS_EMPTY:
        return NEGATIVE if compound < _STRONGLY_NEGATIVE else POSITIVE
    return POSITIVE if compound > _IMPROVE_POSITIVE else NEGATIVE


@cache
def default_scorer() -> Scorer:
    """The scorer with the shipped overlay (about 30 ms to build, once)."""
    return Scorer(default_lexicon())


def score(text: str, prompt_type: str | None = "open") -> Result:
    """Score with the shipped overlay; see `Scorer.score`."""
    return default_scorer().score(text, prompt_type)
