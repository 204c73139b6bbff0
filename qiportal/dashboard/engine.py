"""SQL that differs by engine: writing facts in bulk, and one rollup at a time.

Each function is tested on SQLite and PostgreSQL.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

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
    """Writes figures under a run: COPY on PostgreSQL, bulk_create elsewhere.

    `rows` hold COLUMNS in order; numbers are float or None.
    """
    if connection.vendor == "postgresql":
        _copy(run_id, rows)
    else:
        IndicatorSnapshot.objects.bulk_create(
            [_snapshot(run_id, row) for row in rows], batch_size=len(rows) or 1
        )


def _snapshot(run_id: int, row: tuple) -> IndicatorSnapshot:
    fields = dict(zip(COLUMNS, row, strict=True))
    for name in ("numerator", "denominator"):
        if fields[name] is not None:
            fields[name] = Decimal(_text(fields[name]))
    if fields["n"] is not None:
        fields["n"] = int(fields["n"])
    return IndicatorSnapshot(run_id=run_id, **fields)


def _copy(run_id: int, rows: Sequence[tuple]) -> None:
    table = IndicatorSnapshot._meta.db_table
    text = io.StringIO("".join(_line(run_id, *row) for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} (run_id, {', '.join(COLUMNS)}) FROM STDIN", text
        )


def _line(run, code, unit, subgroup, period, numerator, denominator, value, n, reason):
    """One row in COPY's text form. Codes and subgroups hold no tab or backslash."""
    numbers = f"{_cell(numerator)}\t{_cell(denominator)}"
    score = "\\N" if value is None else repr(value)
    key = f"{run}\t{code}\t{unit}\t{subgroup}\t{period}"
    return f"{key}\t{numbers}\t{score}\t{_cell(n)}\t{reason}\n"


def _cell(number: float | None) -> str:
    return "\\N" if number is None else _text(number)


def _text(number: float) -> str:
    """A number of at most six decimals as text, without a useless point."""
    return str(int(number)) if number == int(number) else f"{number:.6f}"
