"""How well the scorer agrees with human labels: plain functions over lists.

Three labels count (negative, neutral_mixed, positive). A prediction of nil on a
labelled row is wrong, so it lowers the recall of that row's label.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.sentiment.rules import LABELS, LOW_CONFIDENCE, NIL, Result, Scorer

BUNDLED_FLOORS = {
    "accuracy": 0.75,
    "macro_f1": 0.75,
    "negative_recall": 0.75,
    "negative_precision": 0.75,
}
_LENGTHS = ((1, 3), (4, 10), (11, 30))


@dataclass(frozen=True)
class Example:
    """A comment with the label a person gave it."""

    text: str
    label: str
    prompt: str = "open"

    @property
    def length_band(self) -> str:
        """Words: 1-3, 4-10, 11-30 or 31+."""
        words = len(self.text.split())
        bands = (f"{low}-{high}" for low, high in _LENGTHS if words <= high)
        return next(bands, "31+")


@dataclass(frozen=True)
class Pair:
    """An example and what the scorer made of it."""

    example: Example
    result: Result

    @property
    def is_right(self) -> bool:
        return self.example.label == self.result.label


def _ratio(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def class_scores(pairs: Sequence[Pair], label: str) -> dict[str, float]:
    """precision, recall and f1 of one label; 0 where undefined."""
    right = sum(p.is_right and p.example.label == label for p in pairs)
    predicted = sum(p.result.label == label for p in pairs)
    actual = sum(p.example.label == label for p in pairs)
    return {
        "precision": _ratio(right, predicted),
        "recall": _ratio(right, actual),
        "f1": _ratio(2 * right, predicted + actual),
    }


def summary(pairs: Sequence[Pair]) -> dict[str, float]:
    """n, accuracy and macro-F1 over the labels that occur or are predicted."""
    used = [label for label in LABELS if _occurs(pairs, label)]
    f1 = [class_scores(pairs, label)["f1"] for label in used]
    return {
        "n": len(pairs),
        "accuracy": _ratio(sum(p.is_right for p in pairs), len(pairs)),
        "macro_f1": _ratio(sum(f1), len(f1)),
    }


def _occurs(pairs: Sequence[Pair], label: str) -> bool:
    return any(label in (p.example.label, p.result.label) for p in pairs)


def _grouped(
    pairs: Sequence[Pair], key: Callable[[Pair], str]
) -> dict[str, dict[str, float]]:
    names = sorted({key(pair) for pair in pairs}, key=_by_number)
    return {name: summary([p for p in pairs if key(p) == name]) for name in names}


def _by_number(name: str) -> tuple[int, str]:
    """Sorts 4-10 before 11-30; names without a number go by letters."""
    digits = re.match("[0-9]+", name)
    return (int(digits.group()) if digits else 0, name)


def confusion(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    """Counts by human label, then by predicted label (nil included)."""
    cells = Counter((p.example.label, p.result.label) for p in pairs)
    return {
        label: {guess: cells[label, guess] for guess in (*LABELS, NIL)}
        for label in LABELS
    }


def report(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Everything about agreement, as plain JSON types (no timing, no version)."""
    unsure = sum(p.result.confidence < LOW_CONFIDENCE for p in pairs)
    return {
        **summary(pairs),
        "per_class": {label: class_scores(pairs, label) for label in LABELS},
        "by_prompt": _grouped(pairs, lambda p: p.example.prompt),
        "by_length": _grouped(pairs, lambda p: p.example.length_band),
        "confusion": confusion(pairs),
        "low_confidence_share": _ratio(unsure, len(pairs)),
        "predicted_nil": sum(p.result.label == NIL for p in pairs),
    }


def evaluate(examples: Sequence[Example], scorer: Scorer) -> dict[str, Any]:
    """Score all examples and report, with scorer_version and comments_per_second."""
    started = time.perf_counter()
    results = [scorer.score(e.text, e.prompt) for e in examples]
    seconds = max(time.perf_counter() - started, 1e-9)
    pairs = [Pair(e, r) for e, r in zip(examples, results, strict=True)]
    return {
        **report(pairs),
        "scorer_version": scorer.version,
        "comments_per_second": round(len(examples) / seconds),
    }


def below_floor(result: Mapping[str, Any], floors: Mapping[str, float]) -> list[str]:
    """One sentence per floor that `report`'s answer does not reach."""
    negative = result["per_class"]["negative"]
    reached = {
        "accuracy": result["accuracy"],
        "macro_f1": result["macro_f1"],
        "negative_recall": negative["recall"],
        "negative_precision": negative["precision"],
    }
    return [
        f"{name} {reached[name]} is below {floor}"
        for name, floor in floors.items()
        if reached[name] < floor
    ]
