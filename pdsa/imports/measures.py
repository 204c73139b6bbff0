"""Measures and their numbers in one long file: a row is one number of one measure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError

from pdsa.imports.ae import import_ae
from pdsa.imports.cells import BadCell, Once, Texts, point_cells, text_cell
from pdsa.models import Measure
from pdsa.services import measure_create, measure_states_rebuild, points_write
from pdsa.services.points import NewPoint
from projects.models import Project
from projects.services import project_touch
from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.tables import Row, RowProblem, Table

REQUIRED = (
    *("project_reference", "measure", "kind", "operational_definition", "data_type"),
    *("direction", "frequency", "unit", "period", "numerator"),
)
OPTIONAL = ("denominator", "note")
CHOICES = {
    "kind": Measure.Kind,
    "data_type": Measure.DataType,
    "direction": Measure.Direction,
    "frequency": Measure.Frequency,
}
LENGTHS = {"measure": 150, "operational_definition": 2000, "unit": 40}
PROFILES = {"ae": import_ae}


@dataclass
class Wanted:
    """A measure the file names: there already, or to be made, with its points."""

    project: Project
    measure: Measure
    line: int
    points: list[NewPoint] = field(default_factory=list)


def import_measures(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Reads, checks and writes measures with their numbers; all or nothing.

    `options["profile"]` reads another layout: "ae" for the A&E attendances file. A
    measure that is there already keeps its definition and gets the numbers.
    """
    profile = options.get("profile") or ""
    if profile:
        if profile not in PROFILES:
            raise ValidationError(f"There is no profile {profile}.")
        return PROFILES[profile](
            file_name=file_name, data=data, by=by, dry_run=dry_run, options=options
        )
    return import_run(
        kind="measures",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=_check,
        write=_write,
    )


class Register:
    """The projects and measures a file refers to, read in two queries."""

    def __init__(self, references: Iterable[str]):
        rows = Project.objects.filter(reference__in=set(references), deleted_at=None)
        self.projects = {row.reference: row for row in rows.select_related("unit")}
        measures = Measure.objects.filter(
            project__in=self.projects.values(), deleted_at=None
        )
        self.there = {(row.project_id, row.name.lower()): row for row in measures}
        self.wanted: dict[tuple[int, str], Wanted] = {}

    def find(self, row: Row) -> Wanted:
        """The measure of a row. Raises BadCell where it cannot be, or contradicts."""
        project = self.projects.get(row.cells["project_reference"])
        if project is None:
            message = "No project has this reference."
            raise BadCell("project_reference", "unknown_project", message)
        described = _described(row.cells)
        key = project.pk, described["name"].lower()
        if key not in self.wanted:
            measure = self.there.get(key) or Measure(project=project, **described)
            self.wanted[key] = Wanted(project, measure, row.line)
        found = self.wanted[key]
        _agrees(found, described)
        return found


def _described(cells: dict[str, str]) -> dict[str, str]:
    """The fields of a measure as a row gives them."""
    for column, choices in CHOICES.items():
        if cells[column] not in choices.values:
            allowed = ", ".join(choices.values)
            raise BadCell(column, "unknown_choice", f"Use one of: {allowed}.")
    for column in ("measure", "operational_definition"):
        if not cells[column]:
            raise BadCell(column, "missing", "This must not be empty.")
    texts = {column: text_cell(cells, column, most) for column, most in LENGTHS.items()}
    return {
        "name": texts["measure"],
        "operational_definition": texts["operational_definition"],
        "unit_of_measure": texts["unit"],
        **{column: cells[column] for column in CHOICES},
    }


def _agrees(found: Wanted, described: dict[str, str]) -> None:
    """All rows of a measure say the same of it; what is stored decides its kind."""
    for name in ("data_type", "frequency", "direction", "kind"):
        if getattr(found.measure, name) != described[name]:
            raise BadCell(
                name,
                "contradiction",
                "The same measure has another value here or in the portal.",
            )


def _check(table: Table) -> Checked:
    register = Register(row.cells["project_reference"] for row in table.rows)
    problems: list[RowProblem] = []
    warnings: list[RowProblem] = []
    once, texts = Once(), Texts()
    for row in table.rows:
        try:
            wanted = register.find(row)
            point = point_cells(wanted.measure, row.cells)
            once.check((id(wanted), point.period_start), row.line)
            warnings += texts.check(row, ["measure", "operational_definition", "note"])
        except BadCell as bad:
            problems.append(bad.at(row.line))
        else:
            wanted.points.append(point)
    found = list(register.wanted.values())
    good = sum(len(wanted.points) for wanted in found)
    return Checked(found, problems, warnings, rows=good)


def _write(rows: list[Wanted], batch: ImportBatch) -> Written:
    points: list[NewPoint] = []
    for wanted in rows:
        measure = wanted.measure
        if measure.pk is None:
            measure = _created(measure, batch.by)
        points += [replace(point, measure_id=measure.pk) for point in wanted.points]
    result = points_write(points, batch=batch, by=batch.by, entered_via="import")
    measure_states_rebuild()
    for project in {wanted.project for wanted in rows}:
        project_touch(project=project)
    return Written(result.created, result.changed, result.unchanged)


def _created(measure: Measure, by: User) -> Measure:
    names = (
        *("name", "kind", "operational_definition", "data_type", "direction"),
        *("frequency", "unit_of_measure"),
    )
    values = {name: getattr(measure, name) for name in names}
    if measure.data_type == Measure.DataType.COUNT:
        values["decimals"] = 0
    return measure_create(project=measure.project, by=by, **values)
