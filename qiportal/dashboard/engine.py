"""SQL that differs by engine: writing facts in bulk, and one rollup at a time.

Each function is tested on SQLite and PostgreSQL.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from qiportal.dashboard.models import IndicatorSnapshot

TABLE = IndicatorSnapshot._meta.db_table
ROLLUP_LOCK = 7_180_233_001
COLUMNS = (
    "indicator",
    "unit_id",
    "subgroup",
    "period_start",
    "numerator",
    "denominator",
    "value",
    "n",
    "suppressed_reason",
)


@contextmanager
def rollup_lock() -> Iterator[bool]:
    """Whether this process alone may compute now (PostgreSQL; True elsewhere).

    The lock belongs to the connection, so a killed worker's lock goes with it.
    """
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ROLLUP_LOCK])
        won = cursor.fetchone()[0]
    try:
        yield won
    finally:
        if won:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ROLLUP_LOCK])


def snapshots_write(run_id: int, rows: Sequence[tuple]) -> None:
    """Writes figures under a run: COPY on PostgreSQL, one prepared INSERT elsewhere.

    `rows` hold COLUMNS in order; numbers are float or None. No model instances: making
    them took forty times as long as the writing.
    """
    if connection.vendor == "postgresql":
        _copy(run_id, rows)
    else:
        _insert(run_id, rows)


def _insert(run_id: int, rows: Sequence[tuple]) -> None:
    names, marks = ", ".join(COLUMNS), ", ".join(["%s"] * len(COLUMNS))
    sql = f"INSERT INTO {TABLE} (run_id, {names}) VALUES (%s, {marks})"  # noqa: S608
    values = [(run_id, *row[:3], row[3].isoformat(), *row[4:]) for row in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, values)


def _copy(run_id: int, rows: Sequence[tuple]) -> None:
    text = io.StringIO("".join(_line(run_id, row) for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {TABLE} (run_id, {', '.join(COLUMNS)}) FROM STDIN", text
        )


def _line(run_id: int, row: tuple) -> str:
    """One row in COPY's text form. Codes and subgroups hold no tab or backslash."""
    code, unit, subgroup, period, numerator, denominator, value, n, reason = row
    numbers = f"{_cell(numerator)}\t{_cell(denominator)}"
    score = "\\N" if value is None else repr(value)
    key = f"{run_id}\t{code}\t{unit}\t{subgroup}\t{period}"
    return f"{key}\t{numbers}\t{score}\t{_cell(n)}\t{reason}\n"


def _cell(number: float | None) -> str:
    return "\\N" if number is None else _text(number)


def _text(number: float) -> str:
    """A number of at most six decimals as text, without a useless point."""
    return str(int(number)) if number == int(number) else f"{number:.6f}"
