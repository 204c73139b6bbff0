"""Clause-by-clause valence on top of VADER's lexicon and intensity rules.

Plain VADER lets "not" flip a word behind the next comma, and knows no phrases. Here a
text is cut into clauses, known phrases become one token, cues that ask for a change
are weighed apart, and only then do VADER's rules run, each clause on its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    SentimentIntensityAnalyzer,
    allcap_differential,
    normalize,
)

from surveys.sentiment.lexicon import Lexicon

CONTRAST = frozenset({"but", "however", "although", "though", "whereas"})
_BREAK = re.compile(r"[.!?;,:()\n]")
_WORDS = (
    r"[:;=]-?[()DPp/|]"  # emoticons
    r"|[0-9]+(?:[.,:][0-9]+)+"
    r"|[^\W_]+(?:['\u2019][^\W_]+)*"
)
_NEGATORS = frozenset({"nobody"})  # negates like "never"; not in VADER's list
_EMPTY_OPENERS = frozenset({"no", "none", "nothing", "nope", "nil"})
_CARRIES_ON = frozenset(
    re.findall(
        r"\w+",
        """was is has had ever gets got seems changes changed happens happened works
        worked back can could will would comes done matters of at about to on in one""",
    )
)
# "Nothing could be better", "can't think of anything you could improve": full praise.
_SATISFIED = re.compile(
    r"\bnothing (?!gets|got|ever|seems|has|will)(?:[^ ]+ ){0,5}"
    r"(?:better|improve|improved|differently|different)\b"
    r"|\b(?:can't|cannot|couldn't|don't|didn't|not) (?:really |honestly )?"
    r"(?:think|identify|imagine|suggest|ask)\b(?: [^ ]+){0,6} "
    r"(?:anything|better|improve|improved|improvements?|thing|more)\b"
    r"|\b(?:couldn't|cannot|can't|not) (?:[^ ]+ ){0,3}(?:any|done|been|do|be) better\b"
)
_SATISFIED_WEIGHT = 2.2
_PRAISE_IN_A_WISH = 0.3
_LONGEST_CLAUSE = 40


@dataclass(frozen=True)
class Token:
    """A word or phrase: offsets, lower-case key, and what neighbours see of it."""

    start: int
    end: int
    surface: str
    key: str
    context: str


@dataclass(frozen=True)
class Hit:
    """A stretch of the text that moved the score, for highlighting."""

    start: int
    end: int
    surface: str
    weight: float


@dataclass(frozen=True)
class Reading:
    """`clauses` are valence sums in order; `compound` is the whole, -1 to 1."""

    compound: float
    clauses: tuple[float, ...]
    contrast: bool
    suggestion: bool
    hits: tuple[Hit, ...]


class _Clause:
    """Tokens between two breaks, as VADER's rules expect to see a text."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.words_and_emoticons = [token.context for token in tokens]
        self.is_cap_diff = allcap_differential(self.words_and_emoticons)

    def __str__(self) -> str:
        return " ".join(token.key for token in self.tokens)


class ClauseAnalyzer(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """VADER with an overlay, where negation and emphasis end with the clause."""

    def __init__(self, lexicon: Lexicon, cue_factor: float) -> None:
        """`cue_factor` scales the weight of cues; 0 switches them off."""
        super().__init__()
        merged: dict[str, float] = {**self.make_lex_dict(), **lexicon.words}
        self.lexicon = {word: w for word, w in merged.items() if w}
        self._cues = lexicon.cues if cue_factor else {}
        self._openers = lexicon.openers if cue_factor else {}
        self._cue_factor = cue_factor
        self._phrases = _phrase_sizes(lexicon)
        marks = "".join(re.escape(mark) for mark in self.emojis if len(mark) == 1)
        self._plain_token = re.compile(_WORDS)
        self._token = re.compile(f"{_WORDS}|[{marks}]")

    def read(self, text: str) -> Reading:
        """The valence of `text`, with what caused it."""
        hits: list[Hit] = []
        sums: list[float] = []
        suggestion = contrast = False
        for clause in self._clauses(text):
            weights, asks = self._weights(clause)
            suggestion = suggestion or asks
            contrast = contrast or clause.tokens[0].key in CONTRAST
            sums.append(sum(weights))
            hits += [
                Hit(t.start, t.end, text[t.start : t.end], round(w, 2))
                for t, w in zip(clause.tokens, weights, strict=True)
                if w
            ]
        compound = self._compound(sum(sums), text)
        return Reading(compound, tuple(sums), contrast, suggestion, tuple(hits))

    def _compound(self, total: float, text: str) -> float:
        if not total:
            return 0.0
        emphasis = self._punctuation_emphasis(text)
        louder = total + emphasis if total > 0 else total - emphasis
        return round(float(normalize(louder)), 4)

    def _clauses(self, text: str) -> Iterator[_Clause]:
        tokens: list[Token] = []
        for token in self._merged(text, self._tokens(text)):
            if tokens and _ends_clause(text, tokens, token):
                yield _Clause(tokens)
                tokens = []
            tokens.append(token)
        if tokens:
            yield _Clause(tokens)

    def _tokens(self, text: str) -> list[Token]:
        pattern = self._plain_token if text.isascii() else self._token
        found = []
        for match in pattern.finditer(text):
            word = match.group().replace("\u2019", "'")
            key = word.lower()
            seen = "never" if key in _NEGATORS else word
            found.append(Token(match.start(), match.end(), word, key, seen))
        return found

    def _merged(self, text: str, tokens: list[Token]) -> Iterator[Token]:
        """Tokens with the longest known phrases put together."""
        at = 0
        while at < len(tokens):
            size = self._phrase_at(text, tokens, at)
            first, last = tokens[at], tokens[at + size - 1]
            if size == 1:
                yield first
            else:
                key = " ".join(t.key for t in tokens[at : at + size])
                yield Token(first.start, last.end, key, key, "_")
            at += size

    def _phrase_at(self, text: str, tokens: list[Token], at: int) -> int:
        for size in self._phrases.get(tokens[at].key, ()):
            part = tokens[at : at + size]
            key = " ".join(t.key for t in part)
            within = key in self.lexicon and len(part) == size
            if within and not _BREAK.search(text, part[0].end, part[-1].start):
                return size
        return 1

    def _weights(self, clause: _Clause) -> tuple[list[float], bool]:
        """Weight per token, and whether the clause asks for a change."""
        cues = [self._cue(token.key, i) for i, token in enumerate(clause.tokens)]
        valences: list[float] = []
        for i, token in enumerate(clause.tokens):
            if token.key in self.emojis:
                valences.append(self._emoji(token.key))
            elif cues[i] or token.key in BOOSTER_DICT:
                valences.append(0.0)
            else:
                self.sentiment_valence(0.0, clause, token.surface, i, valences)
        if _SATISFIED.search(str(clause)):
            praise = [max(v, 0.0) for v in valences]
            praise[0] += _SATISFIED_WEIGHT
            return praise, False
        if any(cues):
            valences = [v * _PRAISE_IN_A_WISH if v > 0 else v for v in valences]
        return [v + c for v, c in zip(valences, cues, strict=True)], any(cues)

    def _cue(self, key: str, position: int) -> float:
        weight = self._cues.get(key, 0.0)
        if position == 0 and not weight:
            weight = self._openers.get(key, 0.0)
        return weight * self._cue_factor

    def _emoji(self, mark: str) -> float:
        words = self.emojis[mark].split()
        return float(sum(self.lexicon.get(word, 0.0) for word in words))


def _phrase_sizes(lexicon: Lexicon) -> dict[str, tuple[int, ...]]:
    """First word of each phrase -> lengths in words, longest first."""
    sizes: dict[str, set[int]] = {}
    for term in lexicon.words:
        words = term.split()
        if len(words) > 1:
            sizes.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(found)[::-1]) for word, found in sizes.items()}


def _ends_clause(text: str, tokens: list[Token], following: Token) -> bool:
    if following.key in CONTRAST or len(tokens) >= _LONGEST_CLAUSE:
        return True
    if _BREAK.search(text, tokens[-1].end, following.start):
        return True
    alone = len(tokens) == 1 and tokens[0].key in _EMPTY_OPENERS
    return alone and following.key not in _CARRIES_ON
