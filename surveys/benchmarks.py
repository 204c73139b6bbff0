"""Published results of other organisations: import and comparison inside a group."""

import re
from decimal import Decimal
from typing import Any

from django.db import transaction

from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.tables import Row, RowProblem, Table
from surveys.cells import (
    BadCell,
    count,
    is_suppressed,
    looks_like_fractions,
    number,
    percentage,
)
from surveys.models import Benchmark, Survey
from surveys.questions import KNOWN, key_of

REQUIRED = ("ods_code", "year", "organisation_name", "benchmarking_group")
SHARE = re.compile(r"^(q\d+[a-z]?)_(agree|yes|positive)_pct$")
CHANGEABLE = (
    "name",
    "group",
    "region",
    "respondents",
    "base",
    "value",
    "suppressed",
    "wording_key",
)


def import_benchmarks(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Imports a wide file: one row per organisation and year, columns q3f_agree_pct
    and q3f_base per question, percentages 0 to 100 or fractions 0 to 1 throughout."""
    return import_run(
        kind="survey",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        check=_check,
        write=_write,
        options={"profile": "benchmark"},
    )


def _check(table: Table) -> Checked:
    questions = [m[1] for name in table.header if (m := SHARE.match(name))]
    if not questions:
        message = "The file has no question column such as q3f_agree_pct."
        return Checked([], [RowProblem(1, "", "no_question", message)])
    warnings = [
        RowProblem(1, code, "unknown_question", f"Question {code} is not known yet.")
        for code in questions
        if code not in KNOWN
    ]
    try:
        factor = _factor(table, questions)
    except BadCell as bad:
        return Checked([], [RowProblem(1, bad.column, bad.code, bad.message)])
    ready, problems, seen = [], [], {}
    for row in table.rows:
        try:
            _once(row, seen)
            ready.extend(_benchmarks(row, questions, table.header, factor))
            warnings.extend(_oddities(row, questions))
        except BadCell as bad:
            problems.append(RowProblem(row.line, bad.column, bad.code, bad.message))
    return Checked(ready, problems, warnings)


def _share_column(code: str, header: list[str]) -> str:
    return next(n for n in header if (m := SHARE.match(n)) and m[1] == code)


def _factor(table: Table, questions: list[str]) -> int:
    """100 when the whole file holds fractions, else 1. Raises BadCell when mixed."""
    shares: list[Decimal] = []
    for code in questions:
        column = _share_column(code, table.header)
        for row in table.rows:
            cell = row.cells[column]
            if not is_suppressed(cell):
                try:
                    shares.append(number(cell, column))
                except BadCell:
                    continue  # told by line when the row itself is read
    return 100 if looks_like_fractions(shares) else 1


def _once(row: Row, seen: dict[tuple[str, str], int]) -> None:
    key = (row.cells["ods_code"], row.cells["year"])
    if key in seen:
        message = f"This organisation and year stand on line {seen[key]} too."
        raise BadCell("ods_code", "duplicate_row", message)
    seen[key] = row.line


def _benchmarks(row: Row, questions, header, factor: int) -> list[Benchmark]:
    cells = row.cells
    year = count(cells["year"], "year")
    if not 2003 <= year <= 2100:
        raise BadCell("year", "out_of_range", "Give the survey's year, such as 2024.")
    if not cells["ods_code"]:
        raise BadCell("ods_code", "missing", "Give the organisation's code.")
    respondents = _count_or_none(cells.get("respondents", ""), "respondents")
    found = []
    for code in questions:
        column = _share_column(code, header)
        cell = cells[column]
        hidden = is_suppressed(cell)
        share = None if hidden else percentage(_scaled(cell, column, factor), column)
        base = _count_or_none(cells.get(f"{code}_base", ""), f"{code}_base")
        found.append(
            Benchmark(
                survey_kind=Survey.Kind.NATIONAL,
                year=year,
                question=code,
                wording_key=key_of(code),
                organisation_code=cells["ods_code"],
                name=cells["organisation_name"][:150],
                group=cells["benchmarking_group"][:150],
                region=cells.get("region", "")[:60],
                respondents=respondents,
                base=base,
                value=share,
                suppressed=hidden,
            )
        )
    return found


def _scaled(cell: str, column: str, factor: int) -> str:
    return str(number(cell, column) * factor)


def _count_or_none(cell: str, column: str) -> int | None:
    return None if is_suppressed(cell) else count(cell, column)


def _oddities(row: Row, questions: list[str]) -> list[RowProblem]:
    """A base above the respondents is odd but published so: said, not refused."""
    respondents = row.cells.get("respondents", "")
    if is_suppressed(respondents):
        return []
    return [
        RowProblem(
            row.line,
            f"{code}_base",
            "base_above_respondents",
            "More people answered this question than answered the survey.",
        )
        for code in questions
        if not is_suppressed(base := row.cells.get(f"{code}_base", ""))
        and count(base, code) > count(respondents, "respondents")
    ]


@transaction.atomic
def _write(rows: list[Benchmark], batch: ImportBatch) -> Written:
    """Upserts by organisation, year and question; counts what really changed."""
    years = {row.year for row in rows}
    stored = {_key(row): row for row in Benchmark.objects.filter(year__in=years)}
    fresh, changed, unchanged = [], [], 0
    for row in rows:
        row.batch = batch
        earlier = stored.get(_key(row))
        if earlier is None:
            fresh.append(row)
        elif _same(earlier, row):
            unchanged += 1
        else:
            row.pk = earlier.pk
            changed.append(row)
    Benchmark.objects.bulk_create(fresh, batch_size=2000)
    Benchmark.objects.bulk_update(changed, [*CHANGEABLE, "batch"], batch_size=500)
    return Written(len(fresh), len(changed), unchanged)


def _key(row: Benchmark) -> tuple:
    return (row.survey_kind, row.year, row.question, row.organisation_code)


def _same(one: Benchmark, other: Benchmark) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in CHANGEABLE)
