"""Words above a drawing and numbers on its time axis, kept from running together.

Widths are counted in characters, so that one rule serves each drawing: `chars` is how
many fit along its time axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdsa.charts.reading import CycleMark, Reading, fixed_stretches
from pdsa.charts.words import cycle_text, day_text, fixed_text, phase_text

MARGIN = 10  # characters that fit beyond the right end of the axis
CUT = 28


@dataclass(frozen=True)
class Flag:
    """Words for a day, from the longest wording to the shortest."""

    day: date
    texts: tuple[str, ...]
    more: str


@dataclass(frozen=True)
class Placed:
    """Words as they fit: beginning ("start") or ending ("end") at their day."""

    day: date
    text: str
    anchor: str
    more: str


def flags_placed(reading: Reading, chars: int) -> list[Placed]:
    """The baseline's words and each step change's, none over another."""
    if not chars:
        return []
    flags = [*_baseline(reading), *_step_changes(reading)]
    spots = [_spot(reading, flag.day) * chars for flag in flags]
    placed, taken = [], 0.0
    for n, (flag, spot) in enumerate(zip(flags, spots, strict=True)):
        end = spots[n + 1] if n + 1 < len(flags) else chars + MARGIN
        text, anchor = _fitted(flag.texts, end - spot - 1, spot - taken - 1)
        taken = spot + len(text) if anchor == "start" else spot
        if text:
            placed.append(Placed(flag.day, text, anchor, flag.more))
    return placed


def _spot(reading: Reading, day: date) -> float:
    """Where a day lies on the time axis, from 0 to 1."""
    first, last = reading.axis
    return (day - first).days / max((last - first).days, 1)


def _fitted(texts: Sequence[str], right: float, left: float) -> tuple[str, str]:
    """The longest wording that fits on either side; "" if none does."""
    for text in texts:
        if len(text) <= right:
            return text, "start"
        if len(text) <= left:
            return text, "end"
    return "", "start"


def _baseline(reading: Reading) -> list[Flag]:
    """What the band over the first numbers means."""
    drawn = [fixed for fixed in fixed_stretches(reading) if not fixed.first]
    return [
        Flag(
            reading.days[max(fixed.first, reading.drawn.start)],
            (fixed_text(reading, fixed), f"Limits set on {fixed.points} points"),
            fixed_text(reading, fixed),
        )
        for fixed in drawn
        if fixed.last >= reading.drawn.start
    ]


def _step_changes(reading: Reading) -> list[Flag]:
    flags = []
    for stretch in reading.step_changes:
        day = reading.days[stretch.start]
        text = phase_text(reading, stretch)
        when = day_text(day, reading.measure.frequency)
        short = f"{text[:CUT].rstrip()}…" if len(text) > CUT else text
        more = f"{text}. {stretch.phase.reason}" if stretch.phase else text
        flags.append(Flag(day, (text, short, when), more))
    return flags


def cycles_grouped(
    reading: Reading, share: float
) -> list[tuple[date, str, Sequence[CycleMark]]]:
    """(day, "2" or "2–4", tests): tests closer than a share of the axis stand in one.

    Numbers follow the days, so tests that stand together are neighbours.
    """
    groups: list[list[CycleMark]] = []
    for mark in reading.drawn_cycles:
        place = _spot(reading, mark.day)
        if groups and place - _spot(reading, groups[-1][0].day) < share:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [(marks[0].day, _numbers(marks), marks) for marks in groups]


def _numbers(marks: Sequence[CycleMark]) -> str:
    first, last = marks[0].number, marks[-1].number
    return str(first) if first == last else f"{first}–{last}"


def cycles_said(marks: Sequence[CycleMark]) -> str:
    """The tests of a box, one line each."""
    return "\n".join(cycle_text(mark) for mark in marks)
