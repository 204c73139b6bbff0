"""A file of numbers for one measure: period, numerator, denominator, note."""

from typing import Any

from pdsa.imports.cells import BadCell, Once, Texts, point_cells
from pdsa.models import Measure
from pdsa.services import measure_state_refresh, points_write
from pdsa.services.points import NewPoint
from projects.services import project_touch
from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.tables import RowProblem, Table

REQUIRED = ("period", "numerator")
OPTIONAL = ("denominator", "note")


def import_points(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Reads, checks and writes numbers of the measure `options["measure"]` (its key).

    A period that has a number gets the file's; equal ones stay untouched. Who may do
    this is for the caller to check.
    """
    measure = Measure.objects.select_related("project__unit").get(
        pk=options["measure"], deleted_at=None
    )
    return import_run(
        kind="points",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda table: _check(table, measure),
        write=lambda rows, batch: _write(rows, batch, measure),
        options={"measure": measure.pk},
    )


def _check(table: Table, measure: Measure) -> Checked:
    ready: list[NewPoint] = []
    problems: list[RowProblem] = []
    warnings: list[RowProblem] = []
    once, texts = Once(), Texts()
    for row in table.rows:
        try:
            point = point_cells(measure, row.cells)
            once.check((point.period_start,), row.line)
            warnings += texts.check(row, ["note"])
        except BadCell as bad:
            problems.append(bad.at(row.line))
        else:
            ready.append(point)
    return Checked(ready, problems, warnings)


def _write(rows: list[NewPoint], batch: ImportBatch, measure: Measure) -> Written:
    result = points_write(rows, batch=batch, by=batch.by, entered_via="import")
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    return Written(result.created, result.changed, result.unchanged)
