"""How much may be said with few points."""

from .errors import SpcError
from .model import FULL_POINTS, METHODS, TRIAL_POINTS

RUN_VERDICT_POINTS = 10


def few_points_status(n: int, method: str) -> str:
    """ "too_few", "trial" or "full" for n non-missing points in the last segment.

    too_few: the line and its centre only. trial: limits dotted and marked, icons
    marked; a run chart gives its verdict only when `run_verdict_allowed`.
    Raises SpcError unknown_method.
    """
    if method not in METHODS:
        raise SpcError("unknown_method", f"Unknown method {method!r}.")
    if n < TRIAL_POINTS:
        return "too_few"
    return "trial" if n < FULL_POINTS else "full"


def run_verdict_allowed(n: int, n_useful: int | None) -> bool:
    """Whether a run chart's verdict may be shown.

    `n` non-missing points in the segment, `n_useful` of them off the median.
    """
    return n >= FULL_POINTS or (n_useful or 0) >= RUN_VERDICT_POINTS
