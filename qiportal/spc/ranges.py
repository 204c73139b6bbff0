"""Tolerance, means and the screened mean moving range.

Every function takes packed arrays of shape (positions, rows) and returns one
number per row.
"""

from dataclasses import dataclass

import numpy as np

from .model import Bools, Floats, Ints

RELATIVE_TOLERANCE = 1e-9
SCREEN_FACTOR = 3.267


@dataclass(frozen=True, eq=False)
class MeanRange:
    """`value` is the mean moving range in use, NaN where there is no range.

    `screened_out` counts the ranges left aside, `fallback` marks rows where
    screening would have emptied the ranges and was not applied.
    """

    value: Floats
    screened_out: Ints
    fallback: Bools


def tolerance_of(packed: Floats) -> Floats:
    """Differences up to this count as none: 1e-9 of the row's largest size."""
    return RELATIVE_TOLERANCE * np.fmax.reduce(np.abs(packed), axis=0, initial=0.0)


def column_sums(packed: Floats) -> Floats:
    """Sum of each row's positions, added one by one from the first.

    numpy sums a lone column pairwise, so its last bit would depend on how many
    rows are analysed together.
    """
    if packed.shape[1] == 1 and len(packed):
        return np.add.accumulate(packed, axis=0)[-1]
    return packed.sum(axis=0)


def masked_mean(packed: Floats, base: Bools) -> Floats:
    """Mean over base positions, NaN for a row without any."""
    return column_sums(np.where(base, packed, 0.0)) / base.sum(axis=0)


def masked_median(packed: Floats, base: Bools) -> Floats:
    """Median over base positions, NaN for a row without any."""
    count = base.sum(axis=0)
    if not len(packed):
        return np.full(packed.shape[1], np.nan)
    ordered = np.sort(np.where(base, packed, np.nan), axis=0)
    column = np.arange(packed.shape[1])
    low = ordered[np.maximum(count - 1, 0) // 2, column]
    return (low + ordered[np.minimum(count // 2, len(packed) - 1), column]) / 2


def mean_range(
    packed: Floats, base: Bools, screen: Bools, tolerance: Floats
) -> MeanRange:
    """Mean absolute difference of neighbouring base points.

    With `screen`, ranges of 3.267 times the mean or more are left aside once
    (the classic upper limit of a range of two). Where only zero ranges would
    remain, the unscreened mean stands: otherwise the limits would fall onto
    the centre line and flag nearly every point.
    """
    moving = np.abs(packed[1:] - packed[:-1])
    usable = base[1:] & base[:-1] & ~np.isnan(moving)
    count = usable.sum(axis=0)
    moving = np.where(usable, moving, 0.0)
    plain = column_sums(moving) / count
    keep = usable & (moving < SCREEN_FACTOR * plain - tolerance)
    kept_count = keep.sum(axis=0)
    kept = column_sums(np.where(keep, moving, 0.0)) / kept_count
    collapsed = ~(kept > tolerance)
    use = screen & ~collapsed
    return MeanRange(
        value=np.where(use, kept, plain),
        screened_out=np.where(use, count - kept_count, 0),
        fallback=screen & collapsed & (plain > tolerance),
    )
