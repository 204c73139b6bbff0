"""From series x points to kernel columns and back.

The kernel works on arrays of shape (positions, rows): a row is one segment of
one series, its points packed from position 0. Neighbouring positions are
neighbours for ranges and rules, so whatever a range or a run joins across
(dropped missing rows, excluded points) is simply not packed.
"""

from dataclasses import dataclass

import numpy as np

from .model import Array, Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Layout:
    """Which matrix cell sits where in the packed arrays.

    `row_of` is None when each series is one row in its original order; then
    packing is a transpose. `first` is the flat index of each row's first cell.
    """

    shape: tuple[int, int]
    row_of: Ints | None
    kept: Bools
    first: Ints
    slot_row: Ints | None
    slot_position: Ints | None
    width: int

    @property
    def rows(self) -> int:
        return len(self.first)

    @property
    def series(self) -> Ints:
        if self.row_of is None:
            return np.arange(self.shape[0])
        return self.first // self.shape[1]

    @property
    def start(self) -> Ints:
        return self.first - self.series * self.shape[1]

    @property
    def end(self) -> Ints:
        after = np.append(self.first[1:], self.shape[0] * self.shape[1])
        return after - self.series * self.shape[1] - 1

    @property
    def last_row(self) -> Ints:
        """The newest row of each series, shape (series,)."""
        return np.searchsorted(self.series, np.arange(self.shape[0]), "right") - 1

    def pack(self, cells: Floats) -> Floats:
        """(series, points) -> (positions, rows); unused positions are NaN."""
        if self.row_of is None:
            return np.ascontiguousarray(cells.T)
        packed = np.full((self.width, self.rows), np.nan)
        packed[self.slot_position, self.slot_row] = cells[self.kept]
        return packed

    def unpack(self, packed: Array, fill: float) -> Array:
        """(positions, rows) -> (series, points); cells not packed get `fill`."""
        if self.row_of is None:
            return packed.T
        cells = np.full(self.shape, fill, dtype=packed.dtype)
        cells[self.kept] = packed[self.slot_position, self.slot_row]
        return cells

    def spread(self, per_row: Array) -> Array:
        """(rows,) -> (series, points): each cell gets its row's value."""
        if self.row_of is None:
            return np.broadcast_to(per_row[:, None], self.shape)
        return per_row[self.row_of]

    def count(self, cells: Bools) -> Ints:
        """True cells per row."""
        return self.total(cells.astype(np.int64))

    def total(self, cells: Array) -> Array:
        """Sum per row."""
        if self.row_of is None:
            return cells.sum(axis=1)
        return np.add.reduceat(cells.ravel(), self.first)

    def largest(self, cells: Floats) -> Floats:
        """Greatest value per row, NaN ignored; 0 for a row without any."""
        if self.row_of is None:
            top = np.fmax.reduce(cells, axis=1, initial=0.0)
        else:
            top = np.fmax.reduceat(cells.ravel(), self.first)
        return np.nan_to_num(top, nan=0.0)

    def smallest(self, cells: Floats) -> Floats:
        """Least value per row, NaN ignored; NaN for a row without any."""
        if self.row_of is None:
            return np.fmin.reduce(cells, axis=1, initial=np.nan)
        return np.fmin.reduceat(cells.ravel(), self.first)


def layout_build(
    valid: Bools, excluded: Bools | None, starts: Bools | None, drop_missing: bool
) -> Layout:
    """Lay out a batch. `starts` is True where a segment begins (None: never)."""
    shape = valid.shape
    plain = starts is None and excluded is None
    if valid.size == 0 or (plain and (not drop_missing or _leading(valid))):
        first = np.arange(shape[0]) * shape[1]
        kept = valid if drop_missing else np.broadcast_to(np.True_, shape)
        return Layout(shape, None, kept, first, None, None, shape[1])
    kept = valid.copy() if drop_missing else np.ones(shape, dtype=bool)
    if excluded is not None:
        kept &= ~excluded
    starts = np.zeros(shape, dtype=bool) if starts is None else starts.copy()
    starts[:, 0] = True
    return _packed_layout(shape, kept, starts)


def _packed_layout(shape: tuple[int, int], kept: Bools, starts: Bools) -> Layout:
    first = np.flatnonzero(starts)
    row_of = (np.cumsum(starts.ravel()) - 1).reshape(shape)
    slot_row = row_of[kept]
    counts = np.bincount(slot_row, minlength=len(first))
    slot_position = np.arange(len(slot_row)) - (np.cumsum(counts) - counts)[slot_row]
    width = int(counts.max())
    return Layout(shape, row_of, kept, first, slot_row, slot_position, width)


def _leading(valid: Bools) -> bool:
    """True when no missing point is followed by a present one."""
    return not (valid[:, 1:] > valid[:, :-1]).any()
