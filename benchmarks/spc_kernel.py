"""The SPC kernel against a bare numpy pass over the same numbers.

Floor: mean, screened mean moving range, limits and the four rules with rolling
sums, on a complete series x points matrix; no missing values, tolerance,
labels, point types or icons. Ours does all of that besides.
"""

import gc
import random
from statistics import median
from time import process_time

import numpy as np

from qiportal.spc import analyse_many

SERIES, POINTS, ROUNDS, REPEATS = 10_000, 36, 9, 5
GOAL = 3.0


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


def cpu_ms(work, y):
    """CPU milliseconds of one call, averaged over a few."""
    gc.collect()
    start = process_time()
    for _ in range(REPEATS):
        work(y)
    return 1000 * (process_time() - start) / REPEATS


def run():
    """Interleaved rounds in shuffled order; the median of per-round ratios."""
    y = data_make()
    order = random.Random(1)
    rounds = []
    for _ in range(ROUNDS + 1):
        arms = [ours, floor_pass]
        order.shuffle(arms)
        rounds.append({arm.__name__: cpu_ms(arm, y) for arm in arms})
    warm = rounds[1:]
    return {
        "name": "spc_kernel",
        "ours_cpu_ms": median(r["ours"] for r in warm),
        "floor_cpu_ms": median(r["floor_pass"] for r in warm),
        "ratio": median(r["ours"] / r["floor_pass"] for r in warm),
        "goal": GOAL,
    }


if __name__ == "__main__":
    print(run())
