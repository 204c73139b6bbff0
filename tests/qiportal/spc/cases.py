"""Shared helpers of the SPC tests: months, vectors, an exact reference."""

import json
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

OWN_VECTORS = Path(__file__).parent / "data" / "own.json"


def months(count, start=date(2024, 1, 1)):
    """First days of consecutive months."""
    at = start.year * 12 + start.month - 1
    return tuple(date((at + k) // 12, (at + k) % 12 + 1, 1) for k in range(count))


def load(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def exact_labels(values, screen=True):
    """XmR labels of whole numbers, in exact fractions, point by point.

    Written from the rules alone and slowly, to hold the kernel against.
    """
    count = len(values)
    mean = Fraction(sum(values), count)
    ranges = [abs(b - a) for a, b in pairwise(values)]
    if not ranges:
        return ["Common Cause"] * count
    width = Fraction(sum(ranges), len(ranges))
    if screen:
        kept = [r for r in ranges if r < Fraction(3267, 1000) * width]
        if kept and sum(kept):
            width = Fraction(sum(kept), len(kept))
    half = Fraction(266, 100) * width
    shape = _shape(values, mean, half)
    trend = _trend(values)
    return [_label(k, shape, trend) for k in range(count)]


def _shape(values, mean, half):
    """(side of the mean, side of the outer zone, side of the limits) per point."""

    def side(value, distance):
        return (value > mean + distance) - (value < mean - distance)

    zone = half * Fraction(2, 3)
    return [(side(v, 0), side(v, zone), side(v, half)) for v in values]


def _trend(values):
    """Signed direction of each point in a trend, 0 elsewhere."""
    steps = [(b > a) - (b < a) for a, b in pairwise(values)]
    member = [False] * len(values)
    for k in range(len(steps) - 5):
        if abs(sum(steps[k : k + 6])) == 6:
            member[k : k + 7] = [True] * 7
    found = [0] * len(values)
    for k in range(len(values)):
        if member[k]:
            onward = k + 1 < len(values) and member[k + 1] and steps[k]
            found[k] = steps[k] if onward else steps[k - 1]
    return found


def _label(k, shape, trend):
    middle, zone, limit = shape[k]
    if limit:
        return "Above UCL" if limit > 0 else "Below LCL"
    if trend[k]:
        return f"7 Point Trend ({'Increasing' if trend[k] > 0 else 'Decreasing'})"
    windows = [shape[j : j + 3] for j in range(max(k - 2, 0), k + 1)]
    for window in windows:
        one_side = len(window) == 3 and abs(sum(m for m, _, _ in window)) == 3
        if zone and one_side and abs(sum(z for _, z, _ in window)) >= 2:
            return f"2 in 3 {'Above' if zone > 0 else 'Below'} CL"
    for j in range(max(k - 6, 0), k + 1):
        window = shape[j : j + 7]
        if len(window) == 7 and abs(sum(m for m, _, _ in window)) == 7:
            return f"7 Points {'Above' if middle > 0 else 'Below'} CL"
    return "Common Cause"
