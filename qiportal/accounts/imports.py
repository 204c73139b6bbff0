"""What every import shares: one report, all or nothing, the same file once.

A domain gives two functions. `check(table)` turns rows into clean ones and problems;
`write(rows, batch)` stores them inside the transaction opened here.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ImportBatch, User
from qiportal.accounts.models import ImportError as ImportErrorRow
from qiportal.core.formulas import guarded
from qiportal.core.tables import RowProblem, Table, TableProblem, read_table

SHOWN_PROBLEMS = 1000


@dataclass(frozen=True)
class Checked:
    """What a domain made of a table: clean rows, problems, warnings, rows unchanged.

    `rows` is how many good rows there are when one item of `ready` holds several.
    """

    ready: list[Any]
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    unchanged: int = 0
    rows: int | None = None

    @property
    def good(self) -> int:
        return len(self.ready) if self.rows is None else self.rows


@dataclass(frozen=True)
class Written:
    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class ImportReport:
    """The outcome of one import or dry run. `table` is None if the file was refused."""

    batch: ImportBatch
    problems: list[RowProblem]
    warnings: list[RowProblem]
    written: Written
    table: Table | None
    already_imported: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The shape printed by `--json`."""
        return {
            "kind": self.batch.kind,
            "file": self.batch.file_name,
            "dry_run": self.batch.dry_run,
            "state": self.batch.state,
            "already_imported": self.already_imported,
            "rows_ok": self.batch.rows_ok,
            "rows_changed": self.batch.rows_changed,
            "rows_skipped": self.batch.rows_skipped,
            "rows_failed": self.batch.rows_failed,
            "problems": [vars(problem) for problem in self.problems],
            "warnings": [vars(warning) for warning in self.warnings],
        }

    def rows_csv(self, *, bad: bool) -> str:
        """The bad rows (with what is wrong), or the good ones as a file to upload.

        No cell can act as a formula; reading the file takes the guard off again.
        """
        if self.table is None:
            return ""
        said = self._said()
        header = self.table.header
        lines = {row.line: [row.cells[n] for n in header] for row in self.table.rows}
        lines |= self.table.ragged
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([*(["what_is_wrong"] if bad else []), *header])
        for line in sorted(lines):
            if (line in said) == bad:
                cells = [guarded(cell) for cell in lines[line]]
                writer.writerow([*([said[line]] if bad else []), *cells])
        return out.getvalue()

    def _said(self) -> dict[int, str]:
        """All that is wrong with a line, as one text."""
        said: dict[int, list[str]] = {}
        for problem in self.problems:
            where = f"{problem.column}: " if problem.column else ""
            said.setdefault(problem.line, []).append(where + problem.message)
        return {line: " ".join(words) for line, words in said.items()}


def import_run(
    *,
    kind: str,
    file_name: str,
    data: bytes,
    by: User,
    dry_run: bool,
    required: Sequence[str],
    check: Callable[[Table], Checked],
    write: Callable[[list[Any], ImportBatch], Written],
    optional: Sequence[str] = (),
    options: dict[str, Any] | None = None,
) -> ImportReport:
    """Reads, checks and (unless `dry_run` or any row is bad) writes a file.

    The same file with the same options is written once; a second time nothing is
    done and the report says so. Never raises for bad input: the report tells.
    """
    options = options or {}
    digest = hashlib.sha256(data + repr(sorted(options.items())).encode()).hexdigest()
    batch = ImportBatch(
        kind=kind,
        file_name=file_name[:200],
        file_sha256=digest,
        by=by,
        dry_run=dry_run,
        options=options,
        state=ImportBatch.State.CHECKED,
    )
    earlier = _committed(kind, digest)
    if earlier and not dry_run:
        return ImportReport(earlier, [], [], Written(), None, already_imported=True)
    try:
        table = read_table(file_name, data, required=required, optional=optional)
    except TableProblem as problem:
        whole = RowProblem(1, "", "unreadable_file", str(problem))
        return _finish(batch, None, Checked([], [whole]), Written())
    checked = check(table)
    problems = sorted(
        [*table.problems, *checked.problems], key=lambda p: (p.line, p.column)
    )
    checked = replace(checked, problems=problems)
    if problems or dry_run:
        return _finish(batch, table, checked, Written())
    return _write_or_tell(batch, table, checked, write)


def _committed(kind: str, digest: str) -> ImportBatch | None:
    """The batch by which a file was written, if it was."""
    return ImportBatch.objects.filter(
        kind=kind, file_sha256=digest, state=ImportBatch.State.COMMITTED
    ).first()


def _write_or_tell(batch, table, checked, write) -> ImportReport:
    """Writes; a rule broken only now, or a race with the same file, becomes words."""
    try:
        return _write(batch, table, checked, write)
    except ValidationError as error:
        problems = [RowProblem(1, "", "not_possible", m) for m in error.messages]
        batch.pk, batch.state = None, ImportBatch.State.CHECKED
        told = Checked(checked.ready, problems, rows=checked.rows)
        return _finish(batch, table, told, Written())
    except IntegrityError:
        earlier = _committed(batch.kind, batch.file_sha256)
        if earlier is None:
            raise
        return ImportReport(earlier, [], [], Written(), None, already_imported=True)


@transaction.atomic
def _write(batch, table, checked, write) -> ImportReport:
    batch.state = ImportBatch.State.COMMITTED
    batch.save()
    written = write(checked.ready, batch)
    report = _finish(batch, table, checked, written)
    audit_record(
        type=f"import.{batch.kind}",
        target=batch,
        by=batch.by,
        new={"file": batch.file_name, "created": written.created},
    )
    return report


@transaction.atomic
def _finish(batch, table, checked, written) -> ImportReport:
    problems = checked.problems
    if problems:
        batch.state = ImportBatch.State.REFUSED
    lines = {problem.line for problem in problems}
    batch.rows_failed = len(lines)
    batch.rows_ok = checked.good
    batch.rows_changed = written.created + written.changed
    batch.rows_skipped = written.unchanged + checked.unchanged
    batch.save()
    ImportErrorRow.objects.bulk_create(
        ImportErrorRow(
            batch=batch,
            line=problem.line,
            column=problem.column[:80],
            code=problem.code,
            message=problem.message[:300],
        )
        for problem in problems[:SHOWN_PROBLEMS]
    )
    return ImportReport(batch, problems, checked.warnings, written, table)
