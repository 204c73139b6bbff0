"""Where sustained signals start and end, for words beside the chart.

Only the newest segment is looked at: icons and sentences speak of it alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .model import Analysis
from .ranges import RELATIVE_TOLERANCE
from .rules import SHIFT_POINTS, TREND_POINTS

STEP_CHANGE_POINTS = 8


@dataclass(frozen=True)
class Signal:
    """A shift, trend or long run. `side` is high (above, rising) or low.

    `start` and `end` are row numbers, inclusive; `points` counts the points that
    make it up, without those a run passes over.
    """

    kind: str
    side: str
    start: int
    end: int
    points: int


def signals_find(analysis: Analysis) -> list[Signal]:
    """Sustained signals of the newest segment, by the chart's own rules.

    xmr: shifts and trends of 7 or more points. Other methods: runs longer than
    the limit for their number of points (never for mr, which has no signal).
    """
    if not analysis.segments:
        return []
    if analysis.method == "xmr":
        found = [s for s in shifts_find(analysis) if s.points >= SHIFT_POINTS]
        return found + [s for s in trends_find(analysis) if s.points >= TREND_POINTS]
    segment = analysis.segments[-1]
    if not segment.runs_signal:
        return []
    limit = segment.longest_run_max or 0
    return [run for run in runs_list(analysis) if run.points > limit]


def signal_latest(analysis: Analysis) -> Signal | None:
    """The sustained signal that ends last; of two, the longer one."""
    found = signals_find(analysis)
    return max(found, key=lambda s: (s.end, s.points)) if found else None


def step_change_suggest(analysis: Analysis) -> Signal | None:
    """A shift of 8 points or more that lasts up to the latest point, if any.

    Grounds to ask people what changed; never to rebase without them.
    """
    if not analysis.segments:
        return None
    found = shifts_find(analysis) if analysis.method == "xmr" else runs_list(analysis)
    last = found[-1] if found else None
    kept = _kept(analysis)
    if last and last.points >= STEP_CHANGE_POINTS and last.end == kept[-1][0]:
        return last
    return None


def shifts_find(analysis: Analysis) -> list[Signal]:
    """All stretches strictly on one side; a point on the centre line ends one."""
    return list(_gather("shift", _sides(analysis)))


def runs_list(analysis: Analysis) -> list[Signal]:
    """As shifts, but points on the centre line are passed over."""
    return list(_gather("run", [(row, s) for row, s in _sides(analysis) if s]))


def trends_find(analysis: Analysis) -> list[Signal]:
    """All strictly rising or falling stretches; a tie ends one."""
    kept, tolerance = _kept(analysis), _tolerance(analysis)
    pairs = list(zip(kept, kept[1:], strict=False))
    steps = [(after[0], _sign(after[1] - row[1], tolerance)) for row, after in pairs]
    came_from = {after[0]: row[0] for row, after in pairs}
    return [
        replace(found, start=came_from[found.start], points=found.points + 1)
        for found in _gather("trend", steps)
    ]


def _gather(kind: str, signs: list[tuple[int, int]]) -> Iterator[Signal]:
    """Join neighbours of one non-zero sign."""
    open_at: int | None = None
    for at, (row, sign) in enumerate(signs):
        if open_at is None or sign != signs[at - 1][1]:
            open_at = at
        ends = at + 1 == len(signs) or signs[at + 1][1] != sign
        if ends and sign:
            side = "high" if sign > 0 else "low"
            yield Signal(kind, side, signs[open_at][0], row, at - open_at + 1)


def _kept(analysis: Analysis) -> list[tuple[int, float]]:
    """(row, y) of the newest segment's points that take part in rules."""
    segment = analysis.segments[-1]
    return [
        (row, y)
        for row, y in enumerate(analysis.y[segment.start :], start=segment.start)
        if y is not None and not analysis.excluded[row]
    ]


def _sides(analysis: Analysis) -> list[tuple[int, int]]:
    """(row, +1 above, -1 below, 0 on the centre line); empty without a centre."""
    centre, tolerance = analysis.segments[-1].centre, _tolerance(analysis)
    if centre is None:
        return []
    return [(row, _sign(y - centre, tolerance)) for row, y in _kept(analysis)]


def _tolerance(analysis: Analysis) -> float:
    shown = analysis.y[analysis.segments[-1].start :]
    return RELATIVE_TOLERANCE * max((abs(y) for y in shown if y is not None), default=0)


def _sign(difference: float, tolerance: float) -> int:
    return (difference > tolerance) - (difference < -tolerance)
