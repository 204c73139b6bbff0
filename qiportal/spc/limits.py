"""Centre lines and control limits, one function per method.

Sums and means run over a row's base points: in the segment, not excluded, and
within the fixed or frozen baseline where there is one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, lgamma, sqrt

import numpy as np

from .layout import Layout
from .model import Bools, Floats
from .ranges import (
    MeanRange,
    column_sums,
    masked_mean,
    masked_median,
    mean_range,
    tolerance_of,
)
from .values import Values

XMR_FACTOR = 2.66
D2 = 1.128  # expected range of two, in standard deviations
MR_FACTOR = 3.267
T_POWER = 3.6


@dataclass(frozen=True, eq=False)
class Frame:
    """What a limit function may use. Packed arrays are (positions, rows)."""

    values: Values
    layout: Layout
    packed: Floats
    base: Bools
    tolerance: Floats
    screen: Bools


@dataclass(frozen=True, eq=False)
class Limits:
    """`centre` is per row; `lower` and `upper` are per row, or per cell
    (series x points) where they depend on each point's denominator.

    `half`, the distance from centre to limit, is there where one number per row
    says it (xmr).
    """

    centre: Floats
    lower: Floats
    upper: Floats
    ranges: MeanRange | None = None
    half: Floats = field(default_factory=lambda: np.empty(0))


def limits_find(method: str, frame: Frame) -> Limits:
    """Centre and limits of every row by the method's formula."""
    return FORMULAS[method](frame)


def _run(frame: Frame) -> Limits:
    centre = masked_median(frame.packed, frame.base)
    none = np.full_like(centre, np.nan)
    return Limits(centre, none, none)


def _individuals(
    frame: Frame, packed: Floats, tolerance: Floats, width: float
) -> Limits:
    """Mean -/+ width x mean moving range of `packed`."""
    centre = masked_mean(packed, frame.base)
    ranges = mean_range(packed, frame.base, frame.screen, tolerance)
    half = width * ranges.value
    return Limits(centre, centre - half, centre + half, ranges, half)


def _xmr(frame: Frame) -> Limits:
    return _individuals(frame, frame.packed, frame.tolerance, XMR_FACTOR)


def _i(frame: Frame) -> Limits:
    return _individuals(frame, frame.packed, frame.tolerance, 3 / D2)


def _mr(frame: Frame) -> Limits:
    centre = masked_mean(frame.packed, frame.base)
    return Limits(centre, 0 * centre, MR_FACTOR * centre)


def _t(frame: Frame) -> Limits:
    packed = frame.packed ** (1 / T_POWER)
    z = _individuals(frame, packed, tolerance_of(packed), 3 / D2)
    lower = np.maximum(z.lower, 0.0) ** T_POWER
    return Limits(z.centre**T_POWER, lower, z.upper**T_POWER, z.ranges)


def _ratio(frame: Frame) -> Floats:
    """Sum of numerators over sum of denominators of the base points."""
    part, size = (
        column_sums(np.where(frame.base, frame.layout.pack(x), 0.0))
        for x in (frame.values.part, frame.values.size)
    )
    return part / size


def _sigma(frame: Frame, variance: Floats) -> Floats:
    """sqrt(variance / n_i) per cell; NaN for an impossible (negative) variance."""
    return np.sqrt(frame.layout.spread(variance) / frame.values.size)


def _around(frame: Frame, centre: Floats, half: Floats, top: float) -> Limits:
    middle = frame.layout.spread(centre)
    lower, upper = np.maximum(middle - half, 0.0), np.minimum(middle + half, top)
    return Limits(centre, lower, upper)


def _p(frame: Frame) -> Limits:
    centre = _ratio(frame)
    return _around(frame, centre, 3 * _sigma(frame, centre * (1 - centre)), 1.0)


def _u(frame: Frame) -> Limits:
    centre = _ratio(frame)
    return _around(frame, centre, 3 * _sigma(frame, centre), np.inf)


def _prime(frame: Frame, centre: Floats, sigma: Floats, top: float) -> Limits:
    """Laney's p' and u': sigma_i widened by the moving range of z-scores."""
    middle = frame.layout.spread(centre)
    z = np.where(sigma > 0, (frame.values.y - middle) / sigma, sigma)
    packed = frame.layout.pack(z)
    ranges = mean_range(packed, frame.base, frame.screen, tolerance_of(packed))
    widening = frame.layout.spread(ranges.value) / D2
    half = np.where(sigma > 0, 3 * sigma * widening, sigma)
    limits = _around(frame, centre, half, top)
    return Limits(limits.centre, limits.lower, limits.upper, ranges)


def _pp(frame: Frame) -> Limits:
    centre = _ratio(frame)
    return _prime(frame, centre, _sigma(frame, centre * (1 - centre)), 1.0)


def _up(frame: Frame) -> Limits:
    centre = _ratio(frame)
    return _prime(frame, centre, _sigma(frame, centre), np.inf)


def _c(frame: Frame) -> Limits:
    centre = masked_mean(frame.packed, frame.base)
    half = 3 * np.sqrt(centre)
    return Limits(centre, np.maximum(centre - half, 0.0), centre + half)


def _g(frame: Frame) -> Limits:
    mean = masked_mean(frame.packed, frame.base)
    centre = masked_median(frame.packed, frame.base)
    return Limits(centre, 0 * mean, mean + 3 * np.sqrt(mean * (mean + 1)))


def _spread_of_subgroups(frame: Frame) -> Floats:
    """S: the mean sd where all sizes agree, else the pooled sd, per row."""
    size = frame.values.size
    sd = frame.layout.pack(frame.values.part)
    base = frame.base & ~np.isnan(sd)
    plain = masked_mean(sd, base)
    weight = np.where(base, frame.layout.pack(size) - 1, 0.0)
    squares = column_sums(weight * np.where(base, sd, 0.0) ** 2)
    pooled = np.sqrt(squares / column_sums(weight))
    shown = np.where(size > 0, size, np.nan)
    alike = frame.layout.largest(shown) == frame.layout.smallest(shown)
    return np.where(alike, plain, pooled)


def _xbar(frame: Frame) -> Limits:
    size = frame.layout.pack(frame.values.size)
    weight = np.where(frame.base, size, 0.0)
    total = column_sums(weight * np.where(frame.base, frame.packed, 0.0))
    centre = total / column_sums(weight)
    a3, _, _ = _size_factors(frame.values.size)
    half = a3 * frame.layout.spread(_spread_of_subgroups(frame))
    middle = frame.layout.spread(centre)
    return Limits(centre, middle - half, middle + half)


def _s(frame: Frame) -> Limits:
    centre = _spread_of_subgroups(frame)
    _, b3, b4 = _size_factors(frame.values.size)
    middle = frame.layout.spread(centre)
    return Limits(centre, b3 * middle, b4 * middle)


def _size_factors(size: Floats) -> tuple[Floats, Floats, Floats]:
    """A3, B3 and B4 for each subgroup size, NaN below two members."""
    sizes, where = np.unique(size, return_inverse=True)
    table = np.array([size_factors(int(n)) for n in sizes]).reshape(len(sizes), 3)
    a3, b3, b4 = (table[:, k][where].reshape(size.shape) for k in range(3))
    return a3, b3, b4


@lru_cache(maxsize=4096)
def size_factors(n: int) -> tuple[float, float, float]:
    """(A3, B3, B4) of a subgroup of n, from c4(n); all NaN when n < 2."""
    if n < 2:
        return float("nan"), float("nan"), float("nan")
    c4 = sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))
    reach = 3 * sqrt(max(0.0, 1 - c4 * c4)) / c4
    return 3 / (c4 * sqrt(n)), max(0.0, 1 - reach), 1 + reach


FORMULAS: dict[str, Callable[[Frame], Limits]] = {
    "run": _run,
    "xmr": _xmr,
    "i": _i,
    "mr": _mr,
    "p": _p,
    "pp": _pp,
    "c": _c,
    "u": _u,
    "up": _up,
    "g": _g,
    "t": _t,
    "xbar": _xbar,
    "s": _s,
}
