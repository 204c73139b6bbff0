"""analyse_many: the engine's door for a matrix of series.

Arguments besides the matrix (series x points; for xbar and s series x points x
members, NaN where a subgroup is smaller; what is not finite counts as missing):

mask            bool matrix, False where there is no value: ragged series are
                padded and the padding is masked out
denominators    matrix; the values then are numerators
rebase          bool matrix, True where a new segment starts
fix_after_n     xmr: one int, or an int matrix read where a segment starts
                (0: not fixed); 1 to 11 is refused
freeze_after_n  other methods: one int or one per series (0: none); no effect on
                a series with a rebase
exclude         bool matrix of points left out of centre, ranges and runs
improvement_direction, target (NaN: none), screen_outliers
                one value for all series, or one per series
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .errors import SpcError
from .kernel import Options, kernel_run
from .model import (
    DIRECTIONS,
    FULL_POINTS,
    Batch,
    Bools,
    Codes,
    Floats,
    Ints,
    direction_sign,
)
from .values import SUBGROUPED, values_prepare


def analyse_many(
    matrix: ArrayLike,
    mask: ArrayLike | None = None,
    *,
    method: str = "xmr",
    denominators: ArrayLike | None = None,
    rebase: ArrayLike | None = None,
    fix_after_n: ArrayLike | None = None,
    freeze_after_n: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    improvement_direction: str | Sequence[str] = "neutral",
    target: ArrayLike | None = None,
    screen_outliers: ArrayLike = True,
) -> Batch:
    """Analyse every row of `matrix` with one method.

    Raises SpcError: unknown_method, length_mismatch, fix_too_short,
    t_needs_positive, bad_input.
    """
    cells = _matrix(matrix, method)
    shape = cells.shape[:2]
    options = Options(
        starts=_flags(rebase, shape),
        excluded=_flags(exclude, shape),
        fix=_fix(fix_after_n, shape),
        freeze=_per_series(freeze_after_n, shape[0], np.int64, 0),
        signs=_signs(improvement_direction, shape[0]),
        targets=_per_series(target, shape[0], float, np.nan),
        screen=_per_series(screen_outliers, shape[0], bool, True),
    )
    companions = _cells(mask, shape, bool), _cells(denominators, shape, float)
    values = values_prepare(method, cells, *companions)
    return kernel_run(method, values, options)


def _matrix(matrix: ArrayLike, method: str) -> Floats:
    cells = np.asarray(matrix, dtype=float)
    if cells.ndim != (3 if method in SUBGROUPED else 2):
        raise SpcError("bad_input", "Expected series x points (x members).")
    return cells


def _cells(cells: Any, shape: tuple[int, ...], kind: type) -> Any:
    """An optional companion matrix, checked to be of the same shape."""
    if cells is None:
        return None
    cells = np.asarray(cells, dtype=kind)
    if cells.shape != shape:
        raise SpcError("length_mismatch", f"Expected shape {shape}, got {cells.shape}.")
    return cells


def _flags(flags: Any, shape: tuple[int, ...]) -> Bools | None:
    """As `_cells`; None when nothing is flagged."""
    flags = _cells(flags, shape, bool)
    return flags if flags is not None and flags.any() else None


def _fix(fix: Any, shape: tuple[int, ...]) -> Ints | None:
    """None, or an int matrix of baseline lengths (0: not fixed)."""
    if fix is None:
        return None
    fix = np.broadcast_to(fix, shape) if np.ndim(fix) == 0 else _cells(fix, shape, int)
    if ((fix != 0) & (fix < FULL_POINTS)).any():
        raise SpcError(
            "fix_too_short", f"Limits can be fixed on {FULL_POINTS} points or more."
        )
    return fix if fix.any() else None


def _per_series(value: Any, count: int, kind: type, default: float) -> Any:
    value = np.asarray(default if value is None else value, dtype=kind)
    if value.shape not in ((), (count,)):
        raise SpcError("length_mismatch", f"Expected one value, or {count}.")
    return np.broadcast_to(value, (count,))


def _signs(direction: str | Sequence[str], count: int) -> Codes:
    """+1, -1 or 0 for each series."""
    names = [direction] if isinstance(direction, str) else list(direction)
    if not set(names) <= set(DIRECTIONS):
        raise SpcError("bad_input", "A direction is increase, decrease or neutral.")
    signs = [direction_sign(name) for name in names]
    single = isinstance(direction, str)
    return _per_series(signs[0] if single else signs, count, np.int8, 0)
