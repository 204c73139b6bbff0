"""The SPC kernel against a bare numpy pass over the same numbers.

Floor: mean, screened mean moving range, limits and the four rules with rolling
sums, on a complete series x points matrix; no missing values, tolerance,
labels, point types or icons. Ours does all of that besides.
"""

import numpy as np

from benchmarks.ratio import compare, result
from qiportal.spc import analyse_many

SERIES, POINTS = 10_000, 36
GOAL = 3.0
SCALES = (1,)


def data_make():
    """10,000 series of 36 points of plain noise, one decimal, seeded."""
    return np.random.default_rng(1).normal(50, 5, (SERIES, POINTS)).round(1)


def rolling(flags, width):
    """Rolling sums of `width` neighbours along each row."""
    sums = np.cumsum(flags, axis=1, dtype=np.int32)
    sums[:, width:] -= sums[:, :-width].copy()
    return sums[:, width - 1 :]


def floor_pass(y):
    """What a careful numpy user writes when nothing can be missing."""
    mean = y.mean(axis=1, keepdims=True)
    moving = np.abs(np.diff(y, axis=1))
    keep = moving < 3.267 * moving.mean(axis=1, keepdims=True)
    sizes = keep.sum(axis=1, keepdims=True)
    half = 2.66 * (moving * keep).sum(axis=1, keepdims=True) / sizes
    above, below = y > mean, y < mean
    step = np.diff(y, axis=1)
    return (
        mean - half,
        mean + half,
        y > mean + half,
        y < mean - half,
        rolling(above, 7) == 7,
        rolling(below, 7) == 7,
        rolling(step > 0, 6) == 6,
        rolling(step < 0, 6) == 6,
        (rolling(y > mean + half * 2 / 3, 3) >= 2) & (rolling(above, 3) == 3),
        (rolling(y < mean - half * 2 / 3, 3) >= 2) & (rolling(below, 3) == 3),
    )


def ours(y):
    """Limits, four rules, both icons."""
    return analyse_many(y, improvement_direction="increase", target=55.0)


def run(scale):
    """The kernel's row; it reads no data, so it has one scale."""
    y = data_make()
    work = {"ours": lambda: ours(y), "bare numpy pass": lambda: floor_pass(y)}
    measured = compare(work, base="bare numpy pass")
    floor = measured["bare numpy pass"]
    return [result("spc_kernel", measured["ours"], floor, goal=GOAL, scale=scale)]
