"""Reading cells of numbers, shared by all imports of this app."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pdsa.models import Measure
from pdsa.parsing import Unreadable, parse_day, parse_number, period_start
from pdsa.services.points import NewPoint, point_problems
from qiportal.accounts.safe_forms import NAMES, hospital_pattern
from qiportal.core.identifiers import scan
from qiportal.core.tables import Row, RowProblem

COLUMN_OF = {"period_start": "period"}


class BadCell(Exception):
    """What is wrong with a cell; never the cell's text."""

    def __init__(self, column: str, code: str, message: str):
        super().__init__(message)
        self.column, self.code, self.message = column, code, message

    def at(self, line: int) -> RowProblem:
        return RowProblem(line, self.column, self.code, self.message)


def day_cell(text: str, column: str = "period") -> date:
    try:
        return parse_day(text)
    except Unreadable as error:
        raise BadCell(column, error.code, str(error)) from error


def number_cell(text: str, column: str) -> Decimal:
    try:
        return parse_number(text, name=column)
    except Unreadable as error:
        raise BadCell(column, error.code, str(error)) from error


def text_cell(cells: dict[str, str], column: str, most: int) -> str:
    text = cells.get(column, "")
    if len(text) > most:
        raise BadCell(column, "too_long", f"Use at most {most} letters.")
    return text


def point_cells(measure: Measure, cells: dict[str, str]) -> NewPoint:
    """The number of a row, checked against its measure. Raises BadCell."""
    size = cells.get("denominator", "")
    point = NewPoint(
        measure_id=measure.pk or 0,
        period_start=period_start(day_cell(cells["period"]), measure.frequency),
        numerator=number_cell(cells["numerator"], "numerator"),
        denominator=number_cell(size, "denominator") if size else None,
        note=text_cell(cells, "note", 300),
    )
    problems = point_problems(
        measure, point.period_start, point.numerator, point.denominator
    )
    for name, message in problems.items():
        raise BadCell(COLUMN_OF.get(name, name), "impossible_number", message)
    return point


class Once:
    """Refuses a second row for the same period of the same measure."""

    def __init__(self) -> None:
        self.lines: dict[tuple, int] = {}

    def check(self, key: tuple, line: int) -> None:
        if other := self.lines.get(key):
            raise BadCell(
                "period",
                "duplicate_row",
                f"Line {other} has the same period. Keep one.",
            )
        self.lines[key] = line


class Texts:
    """Looks through free text for patients, each distinct text once."""

    def __init__(self) -> None:
        self.pattern = hospital_pattern()
        self.seen: dict[str, list] = {"": []}

    def check(self, row: Row, columns: Iterable[str]) -> list[RowProblem]:
        """Warnings of a row. Raises BadCell for what is refused."""
        warnings = []
        for column in columns:
            text = row.cells.get(column, "")
            if text not in self.seen:
                self.seen[text] = scan(text, hospital_pattern=self.pattern)
            for found in self.seen[text]:
                message = f"This may hold {NAMES[found.type]}."
                if found.action == "refuse":
                    raise BadCell(column, found.type, f"{message} Take it out.")
                warnings.append(RowProblem(row.line, column, found.type, message))
        return warnings
