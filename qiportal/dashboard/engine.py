"""SQL that differs by engine: writing facts in bulk, and one rollup at a time.

Each function is tested on SQLite and PostgreSQL.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from qiportal.dashboard.models import IndicatorSnapshot

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

    `rows` hold COLUMNS in order; numbers are float or None. Model instances would
    take ten times as long on SQLite.
    """
    if connection.vendor == "postgresql":
        _copy(run_id, rows)
    elif rows:
        _insert(run_id, rows)


def _insert(run_id: int, rows: Sequence[tuple]) -> None:
    table = IndicatorSnapshot._meta.db_table
    marks = ", ".join(["%s"] * (len(COLUMNS) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (run_id, {', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608 - names from the model
            [(run_id, *_plain(row)) for row in rows],
        )


def _plain(row: tuple) -> tuple:
    """A row as SQLite keeps it: decimals as text, whole people as integers."""
    code, unit, subgroup, period, numerator, denominator, value, n, reason = row
    parts = (None if x is None else _text(x) for x in (numerator, denominator))
    people = None if n is None else int(n)
    day = period.isoformat()
    return (code, unit, subgroup, day, *parts, value, people, reason)


def _copy(run_id: int, rows: Sequence[tuple]) -> None:
    table = IndicatorSnapshot._meta.db_table
    text = io.StringIO("".join(_line(run_id, row) for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} (run_id, {', '.join(COLUMNS)}) FROM STDIN", text
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
