"""The published A&E attendances file: one closed project per organisation.

Columns: period, org_code, type, attendances, breaches, admissions. One measure per
organisation and type of department, since the types have very different patients and a
sum would shift whenever an organisation opens or closes a type: numerator = seen within
four hours (attendances less breaches), denominator = attendances. So every row of the
file is one point. The projects are closed, visible to all, and marked as public data;
nobody mistakes them for work of this trust.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pdsa.imports.cells import BadCell, Once, day_cell, number_cell
from pdsa.models import Measure, MeasureTarget
from pdsa.services.points import NewPoint, points_write
from pdsa.services.rebuild import measure_states_rebuild
from projects.models import Aim, Project, ProjectStatusChange, Status
from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.dates import local_midnight, month_start
from qiportal.core.tables import Row, RowProblem, Table, TableProblem
from qiportal.organisation.models import Unit

REQUIRED = ("period", "org_code", "type", "attendances", "breaches")
OPTIONAL = ("admissions",)
SOURCE = "NHS England A&E attendances, via NHSRdatasets"
TARGET = Decimal("0.95")
TYPES = {
    "1": "type 1 department (major A&E)",
    "2": "type 2 department (single specialty)",
    "other": "other departments (minor injuries, walk-in)",
}
DEFINITION = (
    "Attendances admitted, transferred or discharged within four hours of arrival, out "
    "of all attendances at the organisation's {type}, per calendar month. Published "
    "figures, not collected by this trust."
)
LEARNING = (
    "Public data, not an improvement project of this trust: monthly A&E figures as "
    "NHS England published them (Open Government Licence v3.0), taken from the data "
    "set NHSRdatasets (CC0). Kept as a worked example of charts on real figures."
)
PROBLEM = (
    "How many people who come to A&E are seen within four hours, month by month, at "
    "the organisation with code {code}? Public data, here to look at and learn from."
)


@dataclass(frozen=True)
class Month:
    """One row: an organisation's department type in a month."""

    org: str
    type: str
    period: date
    attendances: Decimal
    breaches: Decimal


def import_ae(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Reads, checks and writes the file; importing it again changes nothing.

    `options["unit"]` is the code of the unit that holds the projects (default: the
    trust). Raises nothing for bad input: the report tells.
    """
    code = options.get("unit") or ""
    return import_run(
        kind="measures",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda table: _check(table, code),
        write=lambda rows, batch: _write(rows, batch, code),
        options={"profile": "ae", "unit": code},
    )


def _home(code: str) -> Unit:
    """The unit that holds the projects. Raises TableProblem without one."""
    units = Unit.objects.filter(closed_on=None)
    found = units.filter(code=code) if code else units.filter(parent=None)
    unit = found.order_by("id").first()
    if unit is None:
        raise TableProblem("There is no such unit to hold the projects.")
    return unit


def _check(table: Table, code: str) -> Checked:
    try:
        _home(code)
    except TableProblem as error:
        return Checked([], [RowProblem(1, "", "unknown_unit", str(error))])
    ready: list[Month] = []
    problems: list[RowProblem] = []
    once = Once()
    for row in table.rows:
        try:
            month = _month(row)
            once.check((month.org, month.type, month.period), row.line)
        except BadCell as bad:
            problems.append(bad.at(row.line))
        else:
            ready.append(month)
    return Checked(ready, problems)


def _month(row: Row) -> Month:
    cells = row.cells
    org, kind = cells["org_code"], cells["type"].lower()
    if not (1 <= len(org) <= 10 and org.isalnum() and org.isascii()):
        raise BadCell("org_code", "bad_code", "Give a code of 1 to 10 letters, digits.")
    if kind not in TYPES:
        raise BadCell("type", "unknown_choice", "Use one of: 1, 2, other.")
    month = Month(
        org=org,
        type=kind,
        period=month_start(day_cell(cells["period"])),
        attendances=number_cell(cells["attendances"], "attendances"),
        breaches=number_cell(cells["breaches"], "breaches"),
    )
    if month.attendances <= 0 or month.attendances % 1:
        message = "Attendances must be a whole number above 0."
        raise BadCell("attendances", "impossible_number", message)
    if not 0 <= month.breaches <= month.attendances or month.breaches % 1:
        message = "Breaches must be a whole number, at most the attendances."
        raise BadCell("breaches", "impossible_number", message)
    return month


def reference_of(org: str) -> str:
    """The reference of an organisation's project: "AE-RJZ"."""
    return f"AE-{org}"


def _write(rows: list[Month], batch: ImportBatch, code: str) -> Written:
    months: dict[str, list[Month]] = defaultdict(list)
    for row in rows:
        months[row.org].append(row)
    projects = _projects(months, batch.by, _home(code))
    measures = _measures(rows, projects, batch.by)
    points = [
        NewPoint(
            measure_id=measures[row.org, row.type].pk,
            period_start=row.period,
            numerator=row.attendances - row.breaches,
            denominator=row.attendances,
        )
        for row in rows
    ]
    result = points_write(
        points, batch=batch, by=batch.by, entered_via="import", source=SOURCE
    )
    measure_states_rebuild()
    return Written(result.created, result.changed, result.unchanged)


def _projects(
    months: dict[str, list[Month]], by: User, unit: Unit
) -> dict[str, Project]:
    """org code -> its project; those missing are made in bulk."""
    found = _by_reference(months)
    fresh = [
        _project(org, rows, by, unit)
        for org, rows in months.items()
        if org not in found
    ]
    Project.objects.bulk_create(fresh)
    found |= _by_reference(months)
    made = {project.reference for project in fresh}
    new = [row for row in found.values() if row.reference in made]
    Aim.objects.bulk_create(
        Aim(
            project=row,
            statement="95% of people are seen within four hours of arrival.",
            created_by=by,
        )
        for row in new
    )
    ProjectStatusChange.objects.bulk_create(_closing(row, by) for row in new)
    return found


def _by_reference(months: dict[str, list[Month]]) -> dict[str, Project]:
    references = {reference_of(org): org for org in months}
    rows = Project.objects.filter(reference__in=references, deleted_at=None)
    return {references[row.reference]: row for row in rows}


def _project(org: str, rows: list[Month], by: User, unit: Unit) -> Project:
    first, last = min(r.period for r in rows), max(r.period for r in rows)
    return Project(
        reference=reference_of(org),
        external_id=f"nhsrdatasets-ae-{org}",
        title=f"A&E four-hour performance, {org} (public data)",
        problem=PROBLEM.format(code=org),
        unit=unit,
        status=Status.COMPLETED,
        registered_on=first,
        started_on=first,
        closed_on=last,
        closed_by=by,
        learning=LEARNING,
        last_activity_at=local_midnight(last),
        is_public_data=True,
        created_by=by,
    )


def _closing(project: Project, by: User) -> ProjectStatusChange:
    return ProjectStatusChange(
        project=project,
        to_status=Status.COMPLETED,
        reason="Public data",
        at=project.last_activity_at,
        by=by,
    )


def _measures(
    rows: list[Month], projects: dict[str, Project], by: User
) -> dict[tuple[str, str], Measure]:
    """(org, type) -> its measure; those missing are made in bulk, with the target."""
    wanted = {(row.org, row.type) for row in rows}
    there = _by_name(projects)
    fresh = [
        _measure(projects[org], kind, by)
        for org, kind in sorted(wanted)
        if (projects[org].pk, _name(kind)) not in there
    ]
    Measure.objects.bulk_create(fresh)
    there = _by_name(projects)
    made = {(row.project_id, row.name) for row in fresh}
    start = min(row.period for row in rows)
    MeasureTarget.objects.bulk_create(
        MeasureTarget(measure=measure, value=TARGET, from_date=start)
        for key, measure in there.items()
        if key in made
    )
    return {(org, kind): there[projects[org].pk, _name(kind)] for org, kind in wanted}


def _name(kind: str) -> str:
    return f"Seen within 4 hours, {TYPES[kind]}"


def _by_name(projects: dict[str, Project]) -> dict[tuple[int, str], Measure]:
    rows = Measure.objects.filter(project__in=projects.values(), deleted_at=None)
    return {(row.project_id, row.name): row for row in rows}


def _measure(project: Project, kind: str, by: User) -> Measure:
    return Measure(
        project=project,
        name=_name(kind),
        kind=Measure.Kind.OUTCOME,
        operational_definition=DEFINITION.format(type=TYPES[kind]),
        numerator_def="Attendances seen within four hours",
        denominator_def="All attendances",
        data_type=Measure.DataType.PROPORTION,
        decimals=1,
        direction=Measure.Direction.UP,
        frequency=Measure.Frequency.MONTHLY,
        source=SOURCE,
        chart_type=Measure.ChartType.XMR,
        rule_set="mdc",
        position=list(TYPES).index(kind),
        created_by=by,
    )
