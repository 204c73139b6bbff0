"""Turning one series' loose input into arrays, or refusing it by code."""

from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from .errors import SpcError
from .model import DIRECTIONS, FULL_POINTS, METHODS, Bools, Floats, Ints
from .values import SUBGROUPED


def names_check(method: str, direction: str) -> None:
    """Raises SpcError unknown_method, or bad_input for a direction."""
    if method not in METHODS:
        raise SpcError("unknown_method", f"Unknown method {method!r}.")
    if direction not in DIRECTIONS:
        raise SpcError("bad_input", "A direction is increase, decrease or neutral.")


def numbers_read(values: Any) -> Floats:
    """A float vector, NaN for None. Raises SpcError bad_input."""
    try:
        if isinstance(values, np.ndarray):
            return values.astype(float)
        return np.array([_number(value) for value in values], dtype=float)
    except (TypeError, ValueError, OverflowError) as error:
        raise SpcError(
            "bad_input", f"Values must be numbers or empty ({error})."
        ) from error


def _number(value: Any) -> float:
    if isinstance(value, (str, bytes)):
        raise TypeError(f"{value!r} is text")
    return float("nan") if value is None else float(value)


def series_read(
    method: str, values: Any, subgroups: Any, denominators: Any
) -> tuple[Floats, Floats | None]:
    """The one-row matrices (values or subgroups, denominators) of a series."""
    if method in SUBGROUPED:
        return _subgroups(subgroups), None
    sizes = None if denominators is None else numbers_read(denominators)[None]
    return numbers_read(values)[None], sizes


def _subgroups(subgroups: Sequence[Sequence | None] | None) -> Floats:
    """1 x points x members, NaN where a subgroup has fewer members."""
    if subgroups is None:
        raise SpcError("bad_input", "xbar and s need subgroups.")
    rows = [numbers_read(() if group is None else group) for group in subgroups]
    cube = np.full((1, len(rows), max((len(row) for row in rows), default=0)), np.nan)
    for at, row in enumerate(rows):
        cube[0, at, : len(row)] = row
    return cube


def dates_check(dates: Sequence | None, n: int) -> None:
    """Dates must match the values and strictly ascend."""
    if dates is None:
        return
    if len(dates) != n:
        raise SpcError("length_mismatch", f"{n} values but {len(dates)} dates.")
    pairs = list(zip(dates, dates[1:], strict=False))
    try:
        if any(later < earlier for earlier, later in pairs):
            raise SpcError("unsorted_dates", "Dates must ascend.")
        if any(later == earlier for earlier, later in pairs):
            raise SpcError("duplicate_dates", "Two values have the same date.")
    except TypeError as error:
        raise SpcError("bad_input", f"Dates cannot be compared ({error}).") from error


def options_read(
    method: str,
    n: int,
    rebase_at: Iterable[int],
    fix_after_n: Any,
    freeze_after_n: int | None,
    exclude: Iterable[int],
) -> dict[str, Any]:
    """The row-wise options as keyword arguments of `analyse_many`."""
    starts = [row for row in _rows(rebase_at) if row > 0]
    return {
        "rebase": _flagged(starts, n),
        "fix_after_n": _fix(fix_after_n, starts, n) if method == "xmr" else None,
        "freeze_after_n": _freeze(freeze_after_n),
        "exclude": _flagged(_rows(exclude), n),
    }


def _rows(rows: Iterable[int]) -> list[int]:
    """Distinct row numbers, ascending."""
    try:
        return sorted({_whole(row) for row in rows})
    except TypeError as error:
        raise SpcError("bad_input", f"Row numbers must be whole ({error}).") from error


def _flagged(rows: list[int], n: int) -> Bools:
    """1 x n flags; rows outside the series are ignored."""
    flags = np.zeros((1, n), dtype=bool)
    flags[0, [row for row in rows if 0 <= row < n]] = True
    return flags


def _fix(fix: Any, starts: list[int], n: int) -> Ints:
    """The baseline length of each segment, at the row where it starts, else 0."""
    try:
        single = fix is None or isinstance(fix, Integral)
        lengths = [fix] * (len(starts) + 1) if single else list(fix)
        lengths = [0 if entry is None else _fix_length(entry) for entry in lengths]
    except TypeError as error:
        raise SpcError("bad_input", f"fix_after_n must be whole ({error}).") from error
    if len(lengths) != len(starts) + 1:
        raise SpcError(
            "length_mismatch",
            f"{len(starts) + 1} segments but {len(lengths)} entries in fix_after_n.",
        )
    matrix = np.zeros((1, n), dtype=np.int64)
    for start, length in zip([0, *starts], lengths, strict=True):
        if start < n:
            matrix[0, start] = length
    return matrix


def _fix_length(entry: int) -> int:
    if _whole(entry) < FULL_POINTS:
        raise SpcError(
            "fix_too_short", f"Limits can be fixed on {FULL_POINTS} points or more."
        )
    return int(entry)


def _freeze(freeze: int | None) -> int:
    """Rows of the frozen baseline, 0 for none."""
    try:
        return 0 if freeze is None else max(_whole(freeze), 0)
    except TypeError as error:
        raise SpcError(
            "bad_input", f"freeze_after_n must be whole ({error})."
        ) from error


def target_read(target: Any) -> float:
    """The target as a float, NaN for none."""
    return float(numbers_read([target])[0])


def _whole(value: Any) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{value!r}")
    return int(value)
