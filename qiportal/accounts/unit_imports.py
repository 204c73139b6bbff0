"""import_units: the unit tree from a file, for instance from the staff record.

Columns: code, name, kind, parent_code; optional opened_on, closed_on, ods_code,
moved_on. A unit is known by its code. A new parent is a move on `moved_on` (else
today), so that earlier figures keep the earlier tree. A unit the file does not name
is left alone, and a blank closed_on never opens a closed unit again.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.accounts.services.units import (
    unit_close,
    unit_create,
    unit_move,
    unit_rename,
)
from qiportal.core.dates import today
from qiportal.core.tables import Row, RowProblem, Table
from qiportal.organisation.models import Unit
from qiportal.organisation.services import LEVELS

REQUIRED = ("code", "name", "kind", "parent_code")
OPTIONAL = ("opened_on", "closed_on", "ods_code", "moved_on")
COLUMN_OF = {"parent": "parent_code", "on": "moved_on", "__all__": ""}


@dataclass(frozen=True)
class UnitRow:
    line: int
    code: str
    name: str
    kind: str
    parent_code: str
    opened_on: date | None
    closed_on: date | None
    ods_code: str | None
    moved_on: date | None

    @property
    def level(self) -> int:
        return LEVELS.index(self.kind)


class BadCell(Exception):
    """One cell cannot be used: column, code and what to do."""


def import_units(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Reads, checks and writes a file of units; nothing is written if a row is bad."""
    return import_run(
        kind="units",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda table: _check(table, by),
        write=lambda rows, batch: _write(rows, batch, by),
    )


def _check(table: Table, by: User) -> Checked:
    rows, problems = _parsed(table)
    rehearsed = _rehearse(rows, by)
    return replace(rehearsed, problems=[*problems, *rehearsed.problems])


def _parsed(table: Table) -> tuple[list[UnitRow], list[RowProblem]]:
    rows: list[UnitRow] = []
    problems: list[RowProblem] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        try:
            unit = _row(row)
            if unit.code in lines:
                raise BadCell(
                    "code",
                    "duplicate_row",
                    f"This code stands on line {lines[unit.code]} too. Keep one.",
                )
        except BadCell as bad:
            problems.append(RowProblem(row.line, *bad.args))
        else:
            lines[unit.code] = row.line
            rows.append(unit)
    return rows, problems


def _row(row: Row) -> UnitRow:
    for name in ("code", "name", "kind"):
        if not row.cells[name]:
            raise BadCell(name, "missing_value", f"Fill in the {name}.")
    kind = row.cells["kind"].lower()
    if kind not in LEVELS:
        raise BadCell("kind", "bad_kind", f"Use one of: {', '.join(LEVELS)}.")
    if bool(row.cells["parent_code"]) == (kind == "trust"):
        message = "Only a trust, and every trust, has no parent_code."
        raise BadCell("parent_code", "bad_parent", message)
    return UnitRow(
        line=row.line,
        code=row.cells["code"],
        name=row.cells["name"],
        kind=kind,
        parent_code=row.cells["parent_code"],
        opened_on=_day(row, "opened_on"),
        closed_on=_day(row, "closed_on"),
        ods_code=row.cells.get("ods_code"),
        moved_on=_day(row, "moved_on"),
    )


def _day(row: Row, name: str) -> date | None:
    text = row.cells.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadCell(name, "bad_date", "Write dates as 2026-11-23.") from error


def _rehearse(rows: list[UnitRow], by: User) -> Checked:
    """Applies the rows and takes it all back, so that a dry run finds every problem."""
    with transaction.atomic():
        outcomes, problems = _apply(rows, by)
        transaction.set_rollback(True)
    bad = {problem.line for problem in problems}
    done = {line: what for line, what in outcomes.items() if line not in bad}
    ready = [row for row in rows if done.get(row.line) in ("created", "changed")]
    unchanged = Counter(done.values())["unchanged"]
    return Checked(ready, problems, unchanged=unchanged)


def _write(rows: list[UnitRow], batch: ImportBatch, by: User) -> Written:
    outcomes, problems = _apply(rows, by)
    if problems:  # the tree changed between the check and now
        raise ValidationError([f"Line {p.line}: {p.message}" for p in problems])
    counts = Counter(outcomes.values())
    return Written(created=counts["created"], changed=counts["changed"])


def _apply(rows: list[UnitRow], by: User) -> tuple[dict[int, str], list[RowProblem]]:
    """What each line did (created, changed, unchanged), and what could not be done.

    Parents come before what stands beneath them; closing goes the other way.
    """
    known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
    outcomes: dict[int, str] = {}
    problems: list[RowProblem] = []
    top_down = sorted(rows, key=lambda row: row.level)
    for row in top_down:
        _try(_place, row, known, by, outcomes, problems)
    for row in reversed(top_down):
        _try(_shut, row, known, by, outcomes, problems)
    return outcomes, problems


def _try(step, row: UnitRow, known, by: User, outcomes, problems) -> None:
    try:
        with transaction.atomic():
            done = step(row, known, by)
    except ValidationError as error:
        problems += _as_problems(row, error)
        return
    if outcomes.get(row.line) in (None, "unchanged"):
        outcomes[row.line] = done


def _place(row: UnitRow, known: dict[str, Unit], by: User) -> str:
    """Makes, renames or moves the unit of a row."""
    unit, parent = known.get(row.code), known.get(row.parent_code)
    if row.parent_code and parent is None:
        raise ValidationError({"parent": "No unit has this code. Add it first."})
    if unit is None:
        known[row.code] = _create(row, parent, by)
        return "created"
    if unit.kind != row.kind:
        raise ValidationError({"kind": f"This unit is a {unit.kind} and stays one."})
    ods_code = unit.ods_code if row.ods_code is None else row.ods_code
    done = "unchanged"
    if (unit.name, unit.ods_code) != (row.name, ods_code):
        unit.refresh_from_db()  # its version rose if the unit above it moved
        unit_rename(
            unit=unit, name=row.name, ods_code=ods_code, by=by, version=unit.version
        )
        done = "changed"
    if parent and unit.parent_id != parent.pk:
        on = row.moved_on or today()
        known[row.code] = unit_move(unit=unit, parent=parent, on=on, by=by)
        done = "changed"
    return done


def _create(row: UnitRow, parent: Unit | None, by: User) -> Unit:
    if parent:
        parent.refresh_from_db()  # it may have moved a few lines up
    return unit_create(
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent=parent,
        opened_on=row.opened_on or today(),
        ods_code=row.ods_code or "",
        by=by,
    )


def _shut(row: UnitRow, known: dict[str, Unit], by: User) -> str:
    unit = known.get(row.code)
    if unit is None or row.closed_on is None or unit.closed_on:
        return "unchanged"
    known[row.code] = unit_close(unit=unit, on=row.closed_on, by=by)
    return "changed"


def _as_problems(row: UnitRow, error: ValidationError) -> list[RowProblem]:
    by_field = error.message_dict if hasattr(error, "error_dict") else {}
    pairs = by_field or {"__all__": error.messages}
    return [
        RowProblem(row.line, COLUMN_OF.get(name, name), "not_possible", message)
        for name, messages in pairs.items()
        for message in messages
    ]
