"""Reading the rows of a file of projects: every cell checked before any is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from projects.models import CLOSED, Project, Status, Visibility
from qiportal.accounts.imports import Checked
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import NAMES, hospital_pattern
from qiportal.core.dates import today
from qiportal.core.identifiers import scan
from qiportal.core.tables import Row, RowProblem, Table
from qiportal.library.models import Method
from qiportal.organisation.models import Unit

REQUIRED = ("title", "problem", "unit_code", "aim", "lead_email")
OPTIONAL = (
    *("external_id", "status", "visibility", "registered_on", "started_on"),
    *("target_end_on", "closed_on", "learning", "rationale"),
    *("method_slug", "reason_if_other"),
)
LENGTHS = {
    "title": 150,
    "problem": 4000,
    "aim": 1000,
    "rationale": 4000,
    "learning": 4000,
    "reason_if_other": 300,
    "external_id": 80,
}
SCANNED = ("title", "problem", "aim", "rationale", "learning", "reason_if_other")
PAST = ("registered_on", "started_on", "closed_on")


class BadCell(Exception):
    """What is wrong with a cell: its column, a code and what to do; never its text."""

    def __init__(self, column: str, code: str, message: str):
        super().__init__(message)
        self.column, self.code, self.message = column, code, message

    def at(self, line: int) -> RowProblem:
        return RowProblem(line, self.column, self.code, self.message)


@dataclass(frozen=True)
class ProjectRow:
    """One good row: a project to make, or one to change (`existing`).

    `status` and the visibility among `values` are empty where the row says nothing.
    """

    line: int
    values: dict[str, Any]
    aim: str
    lead: User
    status: str
    learning: str
    closed_on: date | None
    existing: Project | None


class Known:
    """What the cells of a file refer to, read in five queries."""

    def __init__(self, rows: Iterable[Row]):
        rows = list(rows)

        def named(column):
            return {row.cells.get(column, "") for row in rows} - {""}

        units = Unit.objects.filter(code__in=named("unit_code"))
        self.units = {unit.code: unit for unit in units}
        emails = {email.lower() for email in named("lead_email")}
        people = User.objects.filter(kind=User.Kind.PERSON, email__in=emails)
        self.people = {person.email: person for person in people}
        methods = Method.objects.filter(slug__in=named("method_slug"))
        self.methods = {method.slug: method for method in methods}
        self.house = Method.objects.live().filter(is_house=True).first()
        self._index(Project.objects.alive().select_related("unit", "method"))

    def _index(self, projects) -> None:
        self.by_external: dict[str, Project] = {}
        self.by_title: dict[tuple[str, str], Project] = {}
        for project in projects:
            if project.external_id:
                self.by_external[project.external_id] = project
            key = project.title.casefold(), project.unit.code
            self.by_title.setdefault(key, project)

    def existing(self, external_id: str, title: str, unit: Unit) -> Project | None:
        """By external number where the row has one, else by title and unit."""
        if external_id:
            return self.by_external.get(external_id)
        return self.by_title.get((title.casefold(), unit.code))


def day_cell(cells: dict[str, str], column: str) -> date | None:
    """2026-11-23 or 23/11/2026; None when empty."""
    text = cells.get(column, "")
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        if day.year < 1990 or (column in PAST and day > today()):
            raise BadCell(column, "impossible_date", "This date cannot be right.")
        return day
    message = "Write the date as 2026-11-23 or 23/11/2026."
    raise BadCell(column, "unreadable_date", message)


def _texts(cells: dict[str, str]) -> None:
    for column in ("title", "problem", "aim"):
        if not cells[column]:
            raise BadCell(column, "missing", "This must not be empty.")
    for column, most in LENGTHS.items():
        if len(cells.get(column, "")) > most:
            raise BadCell(column, "too_long", f"Use at most {most} letters.")


def _choice(cells: dict[str, str], column: str, choices) -> str:
    text = cells.get(column, "").lower()
    if text and text not in choices.values:
        allowed = ", ".join(choices.values)
        raise BadCell(column, "unknown_choice", f"Use one of: {allowed}.")
    return text


def _of(known: dict, key: str, column: str, what: str):
    if key not in known:
        raise BadCell(column, f"unknown_{what}", f"There is no {what} of this name.")
    return known[key]


def _method(cells: dict[str, str], known: Known) -> Method | None:
    slug = cells.get("method_slug", "")
    method = _of(known.methods, slug, "method_slug", "method") if slug else None
    other = method and known.house and method != known.house
    if other and not cells.get("reason_if_other", ""):
        message = f"Say why this and not {known.house}."
        raise BadCell("reason_if_other", "missing", message)
    return method


def _dates(cells: dict[str, str]) -> dict[str, date | None]:
    columns = ("registered_on", "started_on", "target_end_on")
    dates = {column: day_cell(cells, column) for column in columns}
    start, end = dates["started_on"], dates["target_end_on"]
    if start and end and end < start:
        raise BadCell("target_end_on", "impossible_date", "It lies before the start.")
    return dates


def _closing(cells: dict[str, str], status: str) -> date | None:
    """The closing date of a closed project; learning and date go with it."""
    closed_on = day_cell(cells, "closed_on")
    if status not in CLOSED:
        if closed_on:
            message = "Only a completed, stopped or sustained project has this."
            raise BadCell("closed_on", "not_closed", message)
        return None
    if not cells.get("learning", ""):
        message = "A closed project needs what was learned."
        raise BadCell("learning", "missing", message)
    if closed_on is None:
        raise BadCell("closed_on", "missing", "A closed project needs its date.")
    return closed_on


def row_of(row: Row, known: Known) -> ProjectRow:
    """A row as values. Raises BadCell for the first cell that cannot be used."""
    cells = row.cells
    _texts(cells)
    unit = _of(known.units, cells["unit_code"], "unit_code", "unit")
    lead = _of(known.people, cells["lead_email"].lower(), "lead_email", "person")
    status = _choice(cells, "status", Status)
    closed_on = _closing(cells, status)
    dates = _dates(cells)
    _in_order(dates, closed_on)
    values = {
        "title": cells["title"],
        "problem": cells["problem"],
        "rationale": cells.get("rationale", ""),
        "unit": unit,
        "method": _method(cells, known),
        "reason_if_other": cells.get("reason_if_other", ""),
        "visibility": _choice(cells, "visibility", Visibility),
        "external_id": cells.get("external_id", ""),
        **dates,
    }
    found = known.existing(values["external_id"], values["title"], unit)
    learning = cells.get("learning", "")
    return ProjectRow(
        row.line, values, cells["aim"], lead, status, learning, closed_on, found
    )


def _in_order(dates: dict[str, date | None], closed_on: date | None) -> None:
    """A project is registered before it closes, and starts before it closes."""
    earlier = [dates["registered_on"], dates["started_on"]]
    if closed_on and any(day and day > closed_on for day in earlier):
        raise BadCell("closed_on", "impossible_date", "It lies before the start.")


def _patients(row: Row, pattern: str | None) -> list[RowProblem]:
    """Warnings of a row. Raises BadCell for what is refused."""
    warnings = []
    for column in SCANNED:
        for found in scan(row.cells.get(column, ""), hospital_pattern=pattern):
            message = f"This may hold {NAMES[found.type]}."
            if found.action == "refuse":
                raise BadCell(column, found.type, f"{message} Take it out.")
            warnings.append(RowProblem(row.line, column, found.type, message))
    return warnings


class Once:
    """Refuses a second row for the same project."""

    def __init__(self) -> None:
        self.lines: dict[Any, int] = {}

    def check(self, row: ProjectRow) -> None:
        external = row.values["external_id"]
        own = (row.values["title"].casefold(), row.values["unit"].pk)
        column = "external_id" if external else "title"
        if other := self.lines.get(external or own):
            message = f"Line {other} is the same project. Keep one."
            raise BadCell(column, "duplicate_row", message)
        self.lines[external or own] = row.line


def check(table: Table) -> Checked:
    """The rows of a table as projects to make or change, with what is wrong."""
    known, once, pattern = Known(table.rows), Once(), hospital_pattern()
    ready, problems, warnings = [], [], []
    for row in table.rows:
        try:
            warnings += _patients(row, pattern)
            parsed = row_of(row, known)
            once.check(parsed)
        except BadCell as bad:
            problems.append(bad.at(row.line))
        else:
            ready.append(parsed)
    return Checked(ready, problems, warnings)
