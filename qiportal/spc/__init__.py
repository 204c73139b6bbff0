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
)
from .single import analyse

__all__ = [
    "ASSURANCE_ICONS",
    "DIRECTIONS",
    "ENGINE_VERSION",
    "LABELS",
    "METHODS",
    "VARIATION_ICONS",
    "Analysis",
    "Batch",
    "RowTable",
    "Segment",
    "SpcError",
    "analyse",
    "analyse_many",
    "few_points_status",
    "run_verdict_allowed",
]
