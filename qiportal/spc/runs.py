"""Runs analysis around a centre line (Anhoj rules), on packed arrays."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .model import Bools, Floats, Ints

CROSSINGS_TAIL = 0.05


@dataclass(frozen=True, eq=False)
class Runs:
    """Per row; every count is -1 where no point lies off the centre line."""

    n_useful: Ints
    longest: Ints
    longest_max: Ints
    crossings: Ints
    crossings_min: Ints
    signal: Bools


def runs_find(packed: Floats, centre: Floats, tolerance: Floats) -> Runs:
    """Longest run and crossings, against the limits for that many points.

    Points on the centre line and missing ones count for nothing; a run carries
    on across them. Anhoj & Olesen 2014: a signal is a run longer than
    round(log2 n) + 3, or fewer crossings than the 5 % point of a
    Binomial(n - 1, 1/2).
    """
    above, below = packed > centre + tolerance, packed < centre - tolerance
    useful = above | below
    n_useful = useful.sum(axis=0)
    fresh = useful & (above != _previous(above, useful))
    seen = useful.cumsum(axis=0)
    before = np.maximum.accumulate(np.where(fresh, seen - 1, 0), axis=0)
    longest = (seen - before).max(axis=0, initial=0)
    crossings = fresh.sum(axis=0) - _opens_above(above, useful)
    longest_max, crossings_min = _bounds(n_useful)
    signal = (n_useful > 0) & ((longest > longest_max) | (crossings < crossings_min))
    return Runs(
        n_useful=n_useful,
        longest=np.where(n_useful > 0, longest, -1),
        longest_max=np.where(n_useful > 0, longest_max, -1),
        crossings=np.where(n_useful > 0, crossings, -1),
        crossings_min=np.where(n_useful > 0, crossings_min, -1),
        signal=signal,
    )


def runs_none(rows: int) -> Runs:
    """Figures of rows whose runs are not looked at."""
    none = np.full(rows, -1)
    return Runs(none, none, none, none, none, np.zeros(rows, dtype=bool))


def _previous(above: Bools, useful: Bools) -> Bools:
    """Whether the useful point before each position is above; False: none."""
    position = np.arange(len(above))[:, None]
    last = np.maximum.accumulate(np.where(useful, position, -1), axis=0)
    before = np.full_like(last, -1)
    before[1:] = last[:-1]
    found = np.take_along_axis(above, np.maximum(before, 0), axis=0)
    return found & (before >= 0)


def _opens_above(above: Bools, useful: Bools) -> Bools:
    """Whether the first useful point of each row lies above the centre line."""
    if not len(above):
        return np.zeros(above.shape[1], dtype=bool)
    return above[useful.argmax(axis=0), np.arange(above.shape[1])]


def _bounds(n_useful: Ints) -> tuple[Ints, Ints]:
    sizes, where = np.unique(n_useful, return_inverse=True)
    longest = np.rint(np.log2(np.maximum(sizes, 1))).astype(np.int64) + 3
    crossings = np.array([crossings_floor(int(n)) for n in sizes], dtype=np.int64)
    return longest[where], crossings[where]


@lru_cache(maxsize=4096)
def crossings_floor(n_useful: int) -> int:
    """Smallest k with P(Binomial(n_useful - 1, 1/2) <= k) >= 0.05."""
    trials = max(n_useful - 1, 0)
    logs = np.concatenate(([0.0], np.log(np.arange(1, trials + 1)).cumsum()))
    mass = np.exp(logs[-1] - logs - logs[::-1] - trials * np.log(2.0))
    return int(np.searchsorted(mass.cumsum(), CROSSINGS_TAIL))
