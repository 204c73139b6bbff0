"""Reads staff comments: sentiment by rules, themes by keywords. No trained model."""

from surveys.sentiment.rules import (
    LABELS,
    LOW_CONFIDENCE,
    PROMPTS,
    Result,
    Scorer,
    default_scorer,
    score,
)
from surveys.sentiment.taxonomy import Taxonomy, ThemeHit, default_taxonomy, themes

__all__ = [
    "LABELS",
    "LOW_CONFIDENCE",
    "PROMPTS",
    "Result",
    "Scorer",
    "Taxonomy",
    "ThemeHit",
    "default_scorer",
    "default_taxonomy",
    "score",
    "themes",
]
