"""Names, codes and result types shared by the whole engine."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENGINE_VERSION = "1.0.0"

METHODS = (
    *("run", "xmr", "i", "mr", "p", "pp", "c", "u", "up", "g", "t", "xbar", "s"),
)
DIRECTIONS = ("increase", "decrease", "neutral")

FULL_POINTS = 12  # limits are firm from here on
TRIAL_POINTS = 8  # limits are drawn, marked as trial, from here on

# A label's index is its code in integer arrays: odd codes are high, even ones
# (but 0) low. The order is the order of precedence: the smallest match wins.
LABELS = (
    "Common Cause",
    "Above UCL",
    "Below LCL",
    "7 Point Trend (Increasing)",
    "7 Point Trend (Decreasing)",
    "2 in 3 Above CL",
    "2 in 3 Below CL",
    "7 Points Above CL",
    "7 Points Below CL",
)
NOT_JUDGED = -1

VARIATION_ICONS = (
    None,
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
)
ASSURANCE_ICONS = (None, "pass", "fail", "hit_or_miss")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int8]
Bools = NDArray[np.bool_]
Array = NDArray[Any]


@dataclass(frozen=True)
class Segment:
    """One stretch between rebases. `start` and `end` are inclusive row numbers.

    `n` counts non-missing points, `n_used` those that set centre and limits.
    `lcl` and `ucl` are None where they differ from point to point. The run
    figures are None for `xmr`, and where no point lies off the centre line.
    """

    start: int
    end: int
    n: int
    n_used: int
    centre: float | None
    lcl: float | None
    ucl: float | None
    mean_range: float | None
    screened_out: int
    screen_fallback: bool
    n_useful: int | None
    longest_run: int | None
    longest_run_max: int | None
    n_crossings: int | None
    n_crossings_min: int | None
    runs_signal: bool


@dataclass(frozen=True)
class Analysis:
    """One analysed series. Per-point tuples are as long as the input.

    "No value" is None, never NaN. `special_cause` and `point_type` are None at
    missing rows and for every method but `xmr`, as are both icons. `y` is what
    is plotted: numerator over denominator where denominators are used.
    """

    method: str
    y: tuple[float | None, ...]
    cl: tuple[float | None, ...]
    lcl: tuple[float | None, ...]
    ucl: tuple[float | None, ...]
    sigma_signal: tuple[bool, ...]
    special_cause: tuple[str | None, ...]
    point_type: tuple[str | None, ...]
    provisional: tuple[bool | None, ...]
    excluded: tuple[bool, ...]
    segments: tuple[Segment, ...]
    variation_icon: str | None
    assurance_icon: str | None
    notes: tuple[str, ...]
    n: int
    missing: int
    engine_version: str = ENGINE_VERSION


@dataclass(frozen=True, eq=False)
class RowTable:
    """One entry per row; a row is one segment of one series, in series order.

    Counts that do not apply are -1, other missing numbers NaN.
    """

    series: Ints
    start: Ints
    end: Ints
    n: Ints
    n_used: Ints
    centre: Floats
    lower: Floats
    upper: Floats
    tolerance: Floats
    mean_range: Floats
    screened_out: Ints
    screen_fallback: Bools
    n_useful: Ints
    longest_run: Ints
    longest_run_max: Ints
    n_crossings: Ints
    n_crossings_min: Ints
    runs_signal: Bools


@dataclass(frozen=True, eq=False)
class Batch:
    """Many analysed series. Matrices are series x points, "no value" is NaN.

    `label` holds indices into LABELS, NOT_JUDGED at missing points and for
    methods other than `xmr`. `latest` is the column of each series' last
    non-missing point (-1: none) and `last_row` its newest segment in `rows`.
    `variation` and `assurance` hold indices into the icon tuples. Matrices may
    be read-only views.
    """

    method: str
    y: Floats
    valid: Bools
    cl: Floats
    lcl: Floats
    ucl: Floats
    sigma_signal: Bools
    label: Codes
    variation: Codes
    assurance: Codes
    latest: Ints
    last_row: Ints
    rows: RowTable
    engine_version: str = ENGINE_VERSION

    def variation_icons(self) -> list[str | None]:
        """Icon names, one per series; None for a series without points."""
        return [VARIATION_ICONS[code] for code in self.variation]

    def assurance_icons(self) -> list[str | None]:
        """Icon names, one per series; None without target or direction."""
        return [ASSURANCE_ICONS[code] for code in self.assurance]


def direction_sign(direction: str) -> int:
    """+1 when high is good, -1 when low is good, 0 when neither."""
    return (direction == "increase") - (direction == "decrease")


def label_side(code: int) -> int:
    """+1 for a high label, -1 for a low one, 0 for common cause."""
    return 0 if code <= 0 else (1 if code % 2 else -1)


def point_type(code: int, direction: str) -> str | None:
    """The point type of a label code, None where the point is not judged."""
    if code == NOT_JUDGED:
        return None
    side = label_side(code)
    if side == 0:
        return "common_cause"
    if direction == "neutral":
        return f"special_cause_neutral_{'high' if side > 0 else 'low'}"
    good = side == direction_sign(direction)
    return f"special_cause_{'improvement' if good else 'concern'}"
