"""From what was recorded to what is plotted, per method."""

from dataclasses import dataclass, field

import numpy as np

from .errors import SpcError
from .model import METHODS, Bools, Floats, Ints

NEEDS_DENOMINATOR = frozenset({"p", "pp", "u", "up"})
MAY_DIVIDE = NEEDS_DENOMINATOR | {"run", "xmr", "i", "mr"}
SUBGROUPED = frozenset({"xbar", "s"})


@dataclass(frozen=True, eq=False)
class Values:
    """Matrices of series x points; NaN where missing.

    `y` is the plotted value, `valid` where it is present. `part` and `size` are
    numerator and denominator (p and u kinds), or, for xbar and s, `part` is the
    subgroups' standard deviation and `size` their number of members. Otherwise
    they are empty.
    """

    y: Floats
    valid: Bools
    part: Floats = field(default_factory=lambda: np.empty(0))
    size: Floats = field(default_factory=lambda: np.empty(0))


@np.errstate(all="ignore")
def values_prepare(
    method: str, matrix: Floats, mask: Bools | None, denominators: Floats | None
) -> Values:
    """Divide, summarise subgroups and find what is missing.

    Missing: not finite, masked out, or (where denominators count) a missing or
    non-positive denominator. Raises SpcError unknown_method, t_needs_positive.
    """
    if method not in METHODS:
        raise SpcError("unknown_method", f"Unknown method {method!r}.")
    if method in SUBGROUPED:
        return _subgrouped(method, matrix, mask)
    valid = np.isfinite(matrix)
    if mask is not None:
        valid &= mask
    if method in NEEDS_DENOMINATOR or (
        method in MAY_DIVIDE and denominators is not None
    ):
        return _divided(matrix, denominators, valid)
    if method == "t" and (matrix[valid] <= 0).any():
        raise SpcError("t_needs_positive", "A t chart needs times above zero.")
    return Values(_blanked(matrix, valid), valid)


def _blanked(cells: Floats, valid: Bools) -> Floats:
    return cells if valid.all() else np.where(valid, cells, np.nan)


def _divided(matrix: Floats, denominators: Floats | None, valid: Bools) -> Values:
    if denominators is None:
        denominators = np.full(matrix.shape, np.nan)
    valid = valid & np.isfinite(denominators) & (denominators > 0)
    y = np.where(valid, matrix / denominators, np.nan)
    valid &= np.isfinite(y)
    part, size = (np.where(valid, x, np.nan) for x in (matrix, denominators))
    return Values(np.where(valid, y, np.nan), valid, part, size)


def _subgrouped(method: str, cube: Floats, mask: Bools | None) -> Values:
    """Size, mean and sd (n - 1) of subgroups along the last axis of `cube`."""
    present = np.isfinite(cube)
    if mask is not None:
        present &= mask[..., None]
    size = present.sum(axis=-1).astype(float)
    mean = np.where(present, cube, 0.0).sum(axis=-1) / size
    off = np.where(present, cube - mean[..., None], 0.0)
    sd = np.sqrt((off**2).sum(axis=-1) / np.where(size > 1, size - 1, np.nan))
    y = mean if method == "xbar" else sd
    valid = np.isfinite(y)
    return Values(np.where(valid, y, np.nan), valid, sd, size)


def moving_ranges(values: Values, kept: Bools, start: Ints) -> Values:
    """Replace `y` by its distance to the previous kept point of the segment.

    `start` (series, points) is the column where each cell's segment begins. The
    first point of a segment, and one after a missing point, have no range.
    """
    column = np.arange(values.y.shape[1])
    last_kept = np.maximum.accumulate(np.where(kept, column, -1), axis=1)
    before = np.full_like(last_kept, -1)
    before[:, 1:] = last_kept[:, :-1]
    previous = np.take_along_axis(values.y, np.maximum(before, 0), axis=1)
    y = np.where(before >= start, np.abs(values.y - previous), np.nan)
    return Values(y, values.valid)
