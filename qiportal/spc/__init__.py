"""Run charts and control charts: numpy only, pure functions."""

from .batch import analyse_many
from .errors import SpcError
from .few import few_points_status, run_verdict_allowed
from .model import (
    ASSURANCE_ICONS,
    DIRECTIONS,
    ENGINE_VERSION,
    LABELS,
    METHODS,
    VARIATION_ICONS,
    Analysis,
    Batch,
    RowTable,
    Segment,
    point_type,
)
from .sentences import sentence_write
from .signals import Signal, signal_latest, signals_find, step_change_suggest
from .single import analyse
from .words import Context, point_words

__all__ = [
    "ASSURANCE_ICONS",
    "DIRECTIONS",
    "ENGINE_VERSION",
    "LABELS",
    "METHODS",
    "VARIATION_ICONS",
    "Analysis",
    "Batch",
    "Context",
    "RowTable",
    "Segment",
    "Signal",
    "SpcError",
    "analyse",
    "analyse_many",
    "few_points_status",
    "point_type",
    "point_words",
    "run_verdict_allowed",
    "sentence_write",
    "signal_latest",
    "signals_find",
    "step_change_suggest",
]
