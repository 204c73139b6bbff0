"""The four "Making Data Count" rules on packed arrays (positions, rows)."""

import numpy as np

from .model import Bools, Codes, Floats

SHIFT_POINTS = 7
TREND_POINTS = 7
OUTER_SHARE = 2 / 3


def labels_find(
    packed: Floats, centre: Floats, half: Floats, tolerance: Floats
) -> Codes:
    """Label codes (indices into LABELS) of every packed point.

    `half` is the distance from centre to limit, NaN where there are no limits;
    comparisons with NaN are false, so nothing is flagged there.
    """
    codes = np.zeros(packed.shape, dtype=np.int8)
    above = packed > centre + tolerance
    below = packed < centre - tolerance
    zone = OUTER_SHARE * half
    far_up = packed > centre + (zone + tolerance)
    far_down = packed < centre - (zone + tolerance)
    up, down = _trends(packed, tolerance)
    # weakest first: a stronger rule overwrites
    for code, flags in (
        (8, stretches(below, SHIFT_POINTS)),
        (7, stretches(above, SHIFT_POINTS)),
        (6, _two_in_three(below, far_down)),
        (5, _two_in_three(above, far_up)),
        (4, down),
        (3, up),
        (2, packed < centre - (half + tolerance)),
        (1, packed > centre + (half + tolerance)),
    ):
        if flags is not None:
            np.copyto(codes, np.int8(code), where=flags)
    return codes


def stretches(flags: Bools, length: int) -> Bools | None:
    """Members of unbroken stretches of at least `length`; None: there are none."""
    windows = _windows(flags, length)
    return _cover(windows, length, len(flags)) if windows.any() else None


def _windows(flags: Bools, length: int) -> Bools:
    """True where `length` consecutive flags start."""
    have = 1
    while have < length:
        step = min(have, length - have)
        flags = flags[:-step] & flags[step:]
        have += step
    return flags


def _cover(windows: Bools, length: int, size: int) -> Bools:
    """Spread each window start over the `length` positions of its window."""
    covered = np.zeros((size, *windows.shape[1:]), dtype=bool)
    covered[: len(windows)] = windows
    have = 1
    while have < length:
        step = min(have, length - have)
        covered[step:] |= covered[:-step].copy()
        have += step
    return covered


def _two_in_three(side: Bools, far: Bools) -> Bools | None:
    """Outer points of any three neighbours on one side with two outer ones."""
    a, b, c = far[:-2], far[1:-1], far[2:]
    windows = ((a & b) | (a & c) | (b & c)) & side[:-2] & side[1:-1] & side[2:]
    return far & _cover(windows, 3, len(far)) if windows.any() else None


def _trends(packed: Floats, tolerance: Floats) -> tuple[Bools | None, Bools | None]:
    """Members of rising and falling trends; a tie breaks a trend.

    A point takes the direction of its step to the next point where that point
    is in a trend too, else of its step from the previous one.
    """
    step = packed[1:] - packed[:-1]
    rises, falls = step > tolerance, step < -tolerance
    starts = _windows(rises, TREND_POINTS - 1) | _windows(falls, TREND_POINTS - 1)
    if not starts.any():
        return None, None
    member = _cover(starts, TREND_POINTS, len(packed))
    onward = np.zeros_like(member)
    onward[:-1] = member[1:] & (rises | falls)
    goes_up, came_up = np.zeros_like(member), np.zeros_like(member)
    goes_up[:-1] = rises
    came_up[1:] = rises
    upward = np.where(onward, goes_up, came_up)
    return member & upward, member & ~upward
