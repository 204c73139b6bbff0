"""Reading what people paste: two or three columns from a spreadsheet, and a note."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pdsa.models import Measure
from pdsa.parsing import Unreadable, parse_day, parse_number, period_start
from pdsa.services.points import NewPoint, point_problems
from qiportal.core.identifiers import scan

MOST_ROWS = 2000
HEADINGS = re.compile(r"date|month|week|period|quarter|day", re.IGNORECASE)
NUMBERED = re.compile(r"\d")


@dataclass(frozen=True)
class PastedRow:
    """One pasted line: what it was read as, or what is wrong with it."""

    line: int
    cells: tuple[str, ...]
    point: NewPoint | None = None
    problem: str = ""


@dataclass(frozen=True)
class Pasted:
    """A whole paste. Nothing is written while any row has a problem."""

    rows: list[PastedRow] = field(default_factory=list)
    problem: str = ""

    @property
    def points(self) -> list[NewPoint]:
        return [row.point for row in self.rows if row.point]

    @property
    def bad(self) -> list[PastedRow]:
        return [row for row in self.rows if row.problem]

    @property
    def ok(self) -> bool:
        return bool(self.rows) and not self.problem and not self.bad


def paste_read(measure: Measure, text: str) -> Pasted:
    """Rows of a paste, each read or with its problem in plain words.

    A first line without any digit, or that names a date column, is a heading. Periods
    given twice are a problem of the second row.
    """
    lines = list(_lines(text))
    if lines and _is_heading(lines[0][1]):
        lines = lines[1:]
    if not lines:
        return Pasted(problem="There are no numbers in what you pasted.")
    if len(lines) > MOST_ROWS:
        return Pasted(problem=f"Paste at most {MOST_ROWS:,} rows at a time.")
    seen: dict[date, int] = {}
    return Pasted([_row(measure, line, cells, seen) for line, cells in lines])


def _lines(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Non-empty lines with their number, split at tabs, semicolons or commas."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    first = next((line for line in plain.split("\n") if line.strip()), "")
    delimiter = next((mark for mark in "\t;|" if mark in first), ",")
    reader = csv.reader(io.StringIO(plain), delimiter=delimiter)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, tuple(cell.strip() for cell in cells)


def _is_heading(cells: tuple[str, ...]) -> bool:
    no_digits = not any(NUMBERED.search(cell) for cell in cells)
    return no_digits or bool(HEADINGS.fullmatch(cells[0]))


def _row(
    measure: Measure, line: int, cells: tuple[str, ...], seen: dict[date, int]
) -> PastedRow:
    try:
        point = _point(measure, cells)
    except Unreadable as error:
        return PastedRow(line, cells, problem=str(error))
    if other := seen.get(point.period_start):
        return PastedRow(line, cells, problem=f"Line {other} has the same date.")
    seen[point.period_start] = line
    problems = point_problems(
        measure, point.period_start, point.numerator, point.denominator
    )
    if problems:
        return PastedRow(line, cells, problem=" ".join(problems.values()))
    return PastedRow(line, cells, point=point)


def _point(measure: Measure, cells: tuple[str, ...]) -> NewPoint:
    """Date, number(s), note. Raises Unreadable."""
    wanted = 3 if measure.has_denominator else 2
    filled = [*cells, *[""] * (wanted + 1 - len(cells))]
    while len(filled) > wanted + 1 and not filled[-1]:
        filled.pop()
    if len(filled) > wanted + 1:
        raise Unreadable("too_many", f"This row has more than {wanted + 1} columns.")
    day = parse_day(filled[0])
    numerator = parse_number(filled[1], name="number")
    denominator = (
        parse_number(filled[2], name="“out of” number") if wanted == 3 else None
    )
    return NewPoint(
        measure_id=measure.pk,
        period_start=period_start(day, measure.frequency),
        numerator=numerator,
        denominator=denominator,
        note=_note(filled[wanted]),
    )


def _note(text: str) -> str:
    """The note, if it fits and cannot identify a patient."""
    if len(text) > 300:
        raise Unreadable("note_long", "The note is longer than 300 letters.")
    if scan(text):
        raise Unreadable(
            "note_identifier", "The note may identify a patient. Take it out."
        )
    return text
