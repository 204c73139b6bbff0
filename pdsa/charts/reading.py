"""A measure's chart, read once: what every drawing of it shows.

The same reading is drawn as a Plotly specification, as an SVG, as a table and told in
a sentence, so that they cannot differ. Values are on the scale people read.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pdsa.models import Cycle, Phase
from pdsa.selectors.series import Series, phase_of_rows, series_analyse
from pdsa.units import factor_of, sentence_context, unit_of
from qiportal.spc import Analysis, few_points_status, point_words, sentence_write

COMMON = "common"


@dataclass(frozen=True)
class CycleMark:
    """A test on the time axis: its running number in the project, and its Do date."""

    number: int
    day: date
    cycle: Cycle


@dataclass(frozen=True)
class Stretch:
    """A segment: rows `start` to `end`, and how firm its limits are."""

    start: int
    end: int
    centre: float | None
    status: str
    phase: Phase | None


@dataclass(frozen=True)
class Fixed:
    """The rows whose points fix a stretch's limits, and how many they are."""

    first: int
    last: int
    points: int


@dataclass(frozen=True)
class Reading:
    """Everything a drawing needs; lists have one entry per row of the series.

    `kinds` is "common", "improvement_high", ... or None where a number is missing.
    Limits are None where they must not be shown (too few points, run charts).
    `window` is the first and last row to draw; all else still speaks of every row.
    """

    series: Series
    analysis: Analysis
    days: tuple[date, ...]
    y: tuple[float | None, ...]
    centre: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    kinds: tuple[str | None, ...]
    words: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    cycles: tuple[CycleMark, ...]
    target: float | None
    sentence: str
    window: tuple[int, int] | None = None

    @property
    def drawn(self) -> range:
        """The rows that are drawn."""
        first, last = self.window or (0, len(self.days) - 1)
        return range(first, last + 1)

    @property
    def axis(self) -> tuple[date, date]:
        """First and last day of the time axis: the numbers, and tests after them."""
        if not self.days:
            return date(2000, 1, 1), date(2000, 1, 1)
        tests = [mark.day for mark in self.drawn_cycles]
        last = self.days[self.drawn[-1]]
        return self.days[self.drawn[0]], max([last, *tests])

    @property
    def drawn_cycles(self) -> tuple[CycleMark, ...]:
        """The tests begun within what is drawn; after the last number they all are."""
        if not self.days:
            return ()
        first, after = self.days[self.drawn[0]], self.drawn[-1] + 1
        end = self.days[after] if after < len(self.days) else date.max
        return tuple(mark for mark in self.cycles if first <= mark.day < end)

    @property
    def drawn_stretches(self) -> list[Stretch]:
        """The stretches, cut to the rows that are drawn."""
        rows = self.drawn
        return [
            replace(s, start=max(s.start, rows.start), end=min(s.end, rows.stop - 1))
            for s in self.stretches
            if s.start < rows.stop and s.end >= rows.start
        ]

    @property
    def step_changes(self) -> list[Stretch]:
        """The stretches begun by a rebase within what is drawn."""
        return [
            s for s in self.stretches if s.start and s.phase and s.start in self.drawn
        ]

    @property
    def measure(self):
        return self.series.measure

    @property
    def status(self) -> str:
        """ "too_few", "trial" or "full", by the points of the newest segment."""
        return self.stretches[-1].status if self.stretches else "too_few"

    @property
    def unit(self) -> str:
        return unit_of(self.measure)

    @property
    def drawn_lower(self) -> tuple[float | None, ...]:
        """The lower limits as drawn: cut at 0 where the measure asks for it."""
        return self._cut(self.lower, max, 0.0) if self.measure.clip else self.lower

    @property
    def drawn_upper(self) -> tuple[float | None, ...]:
        """The upper limits as drawn: percentages cut at 100 where asked for."""
        cut = self.measure.clip and self.unit == "%"
        return self._cut(self.upper, min, 100.0) if cut else self.upper

    @staticmethod
    def _cut(values, choose, edge: float) -> tuple[float | None, ...]:
        return tuple(None if v is None else choose(v, edge) for v in values)

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest value of the y axis, with some air; never all from 0."""
        drawn = (*self.y, *self.drawn_lower, *self.drawn_upper, *self.centre)
        values = [v for v in (*drawn, self.target) if v is not None]
        low, high = min(values, default=0.0), max(values, default=1.0)
        air = (high - low) * 0.08 or max(abs(high) * 0.1, 1.0)
        floor = 0.0 if low >= 0 else -math.inf
        ceiling = 100.0 + air / 2 if self.unit == "%" and high <= 100 else math.inf
        return max(low - air, floor), min(high + air, ceiling)


def reading_within(
    reading: Reading, first: date | None, last: date | None
) -> Reading | None:
    """The reading with only some days drawn; None where there is no number in them.

    Nothing is computed anew: limits, icons, sentence and table still use every number.
    """
    rows = [
        row
        for row, day in enumerate(reading.days)
        if (first is None or day >= first) and (last is None or day <= last)
    ]
    if not any(reading.y[row] is not None for row in rows):
        return None
    return replace(reading, window=(rows[0], rows[-1]))


def fixed_stretches(reading: Reading) -> list[Fixed]:
    """Where limits rest on the first points of a stretch alone.

    XmR fixes each stretch that asks for it, the other charts their only one.
    """
    method = reading.analysis.method
    if method != "xmr" and len(reading.stretches) > 1:
        return []
    wanted = [
        (s, s.phase.freeze_after_n)
        for s in reading.stretches
        if s.phase and s.phase.freeze_after_n
    ]
    found = [_fixed(reading, s, n, method in ("xmr", "run")) for s, n in wanted]
    return [fixed for fixed in found if fixed]


def _fixed(reading: Reading, stretch: Stretch, n: int, points_only: bool):
    """The first n points or, where gaps stay as rows, rows; None if there are fewer."""
    rows = [
        row
        for row in range(stretch.start, stretch.end + 1)
        if reading.y[row] is not None or not points_only
    ][:n]
    known = [row for row in rows if reading.y[row] is not None]
    return Fixed(known[0], rows[-1], len(known)) if len(rows) == n and known else None


def cycle_marks(cycles: Sequence[Cycle]) -> tuple[CycleMark, ...]:
    """Numbers a project's started tests by the day they say they were done."""
    started = [cycle for cycle in cycles if cycle.do_on and cycle.do_started_at]
    started.sort(key=lambda cycle: (cycle.do_on, cycle.pk))
    return tuple(
        CycleMark(number, cycle.do_on, cycle)
        for number, cycle in enumerate(started, start=1)
        if cycle.do_on
    )


def reading_make(series: Series, marks: Sequence[CycleMark] = ()) -> Reading:
    """Analyses a series and hides what too few points must not show."""
    analysis = series_analyse(series)
    factor = factor_of(series.measure)
    stretches = _stretches(series, analysis)
    bare = _rows_without_limits(analysis, stretches)
    context = sentence_context(
        series.measure,
        dates=series.days,
        target=series.target,
        cycles=tuple((mark.number, mark.day) for mark in marks),
    )
    words = point_words(analysis, context.direction)
    return Reading(
        series=series,
        analysis=analysis,
        days=series.days,
        y=_scaled(analysis.y, factor),
        centre=_scaled(analysis.cl, factor),
        lower=_scaled(analysis.lcl, factor, bare),
        upper=_scaled(analysis.ucl, factor, bare),
        kinds=_kinds(analysis, context.direction, bare),
        words=tuple("" if row in bare else word for row, word in enumerate(words)),
        stretches=stretches,
        cycles=tuple(marks),
        target=None if series.target is None else series.target * factor,
        sentence=sentence_write(analysis, context),
    )


def _scaled(
    values: Sequence[float | None], factor: int, without: frozenset[int] = frozenset()
) -> tuple[float | None, ...]:
    return tuple(
        None if value is None or row in without else value * factor
        for row, value in enumerate(values)
    )


def _stretches(series: Series, analysis: Analysis) -> tuple[Stretch, ...]:
    begins = phase_of_rows(series.days, series.phases)
    return tuple(
        Stretch(
            start=segment.start,
            end=segment.end,
            centre=segment.centre,
            status=few_points_status(segment.n, analysis.method),
            phase=begins.get(segment.start),
        )
        for segment in analysis.segments
    )


def _rows_without_limits(
    analysis: Analysis, stretches: Sequence[Stretch]
) -> frozenset[int]:
    """Rows of segments with too few points; on a run chart all rows."""
    return frozenset(
        row
        for stretch in stretches
        if stretch.status == "too_few" or analysis.method == "run"
        for row in range(stretch.start, stretch.end + 1)
    )


def _kinds(
    analysis: Analysis, direction: str, bare: frozenset[int]
) -> tuple[str | None, ...]:
    return tuple(
        None
        if y is None
        else COMMON
        if row in bare
        else _kind(analysis, row, direction)
        for row, y in enumerate(analysis.y)
    )


def _kind(analysis: Analysis, row: int, direction: str) -> str:
    """The mark of a point: what its special cause means, and to which side."""
    side = _side(analysis, row)
    if side is None:
        return COMMON
    if direction == "neutral":
        return f"neutral_{side}"
    good = (side == "high") == (direction == "increase")
    return f"{'improvement' if good else 'concern'}_{side}"


HIGH = ("Above UCL", "7 Point Trend (Increasing)", "2 in 3 Above CL")
HIGH_LABELS = frozenset({*HIGH, "7 Points Above CL"})


def _side(analysis: Analysis, row: int) -> str | None:
    """ "high", "low", or None for usual variation."""
    label = analysis.special_cause[row]
    if label is not None:
        if label == "Common Cause":
            return None
        return "high" if label in HIGH_LABELS else "low"
    if not analysis.sigma_signal[row]:
        return None
    upper, y = analysis.ucl[row], analysis.y[row]
    return "high" if upper is not None and y is not None and y > upper else "low"
