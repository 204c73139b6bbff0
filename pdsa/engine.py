"""SQL that differs by engine: packed reads and bulk writes of points and states.

Each function is tested on SQLite and PostgreSQL. Packed reads skip the ORM: a trust's
300,000 points arrive as one numpy array.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from qiportal.core.dates import now

POINT = np.dtype(
    [
        ("measure", np.int64),
        ("day", np.int64),
        ("numerator", np.float64),
        ("denominator", np.float64),
        ("excluded", np.int64),
    ]
)
EPOCH = np.datetime64("1970-01-01", "D")
COPY_HEADER = 19
PACKED_SQL = """
SELECT p.measure_id, {day}, {numerator}, {denominator}, {flag}
FROM pdsa_datapoint p JOIN pdsa_measure m ON m.id = p.measure_id
JOIN projects_project r ON r.id = m.project_id
WHERE p.deleted_at IS NULL AND m.deleted_at IS NULL AND r.deleted_at IS NULL{some}
ORDER BY p.measure_id, p.period_start
"""


def points_packed(measures: Iterable[int] | None = None) -> NDArray[np.void]:
    """Every living point, or those of some measures, by measure and period.

    dtype POINT. `day` counts days since 1970. A missing denominator is NaN.
    """
    some = ""
    if measures is not None:
        keys = ", ".join(str(int(key)) for key in measures)
        some = f" AND p.measure_id IN ({keys or 'NULL'})"
    if connection.vendor == "postgresql":
        return _packed_by_copy(some)
    sql = PACKED_SQL.format(
        some=some,
        day="CAST(julianday(p.period_start) - 2440587.5 AS INTEGER)",
        numerator="CAST(p.numerator AS REAL)",
        denominator="CAST(p.denominator AS REAL)",
        flag="p.is_excluded",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = [
            (m, d, n, np.nan if q is None else q, x)
            for m, d, n, q, x in cursor.fetchall()
        ]
    return np.array(rows, dtype=POINT)


def _packed_by_copy(some: str) -> NDArray[np.void]:
    """Binary COPY: with no nulls, every row has one width, so numpy reads it whole."""
    sql = PACKED_SQL.format(
        some=some,
        day="(p.period_start - DATE '1970-01-01')::int8",
        numerator="p.numerator::float8",
        denominator="COALESCE(p.denominator::float8, 'NaN')",
        flag="p.is_excluded::int::int8",
    )
    out = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT (FORMAT binary)", out)
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name in POINT.names or ():
        kind = ">f8" if POINT[name] == np.float64 else ">i8"
        fields += [(f"{name}_length", ">i4"), (name, kind)]
    row = np.dtype(fields)
    body = out.getbuffer()[COPY_HEADER:-2]
    packed = np.frombuffer(body, dtype=row)
    points = np.empty(len(packed), dtype=POINT)
    for name in POINT.names or ():
        points[name] = packed[name]
    return points


class PointLike(Protocol):
    """What a bulk write reads of a point."""

    @property
    def measure_id(self) -> int: ...
    @property
    def period_start(self) -> Any: ...
    @property
    def numerator(self) -> Decimal: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def note(self) -> str: ...


POINT_COLUMNS = (
    *("created_at", "updated_at", "version", "created_by_id", "measure_id"),
    *("period_start", "numerator", "denominator", "note", "is_excluded"),
    *("exclusion_reason", "entered_via", "source", "source_ref", "batch_id"),
)


def points_insert(
    points: Iterable[PointLike],
    *,
    batch_id: int,
    by_id: int,
    entered_via: str,
    source: str = "",
) -> None:
    """Inserts points in one go; the unique constraint refuses a second per period."""
    at = now()
    rows = [
        (
            *(at, at, 1, by_id, p.measure_id, p.period_start, p.numerator),
            *(p.denominator, p.note, False, "", entered_via, source, "", batch_id),
        )
        for p in points
    ]
    _insert("pdsa_datapoint", POINT_COLUMNS, rows)


def points_update(changes: Sequence[tuple[int, PointLike]], *, batch_id: int) -> None:
    """Writes new figures over points, given by key; their versions rise by one."""
    rows = [(p.numerator, p.denominator, p.note, key) for key, p in changes]
    sql = (
        "UPDATE pdsa_datapoint SET numerator = %s, denominator = %s, note = %s, "
        "version = version + 1, updated_at = %s, batch_id = %s WHERE id = %s"
    )
    at = _plain(now())
    values = [(*(_plain(v) for v in row[:3]), at, batch_id, row[3]) for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


STATE_COLUMNS = (
    *("measure_id", "n", "segment_n", "first_at", "last_at", "last_value", "mean"),
    *("lower", "upper", "variation", "assurance", "run_signal", "engine_version"),
    *("created_at", "updated_at", "version"),
)
UNCOMPARED = ("measure_id", "created_at", "updated_at", "version")


def states_upsert(rows: Sequence[Sequence[Any]]) -> int:
    """Writes states, in the order of STATE_COLUMNS without its last three.

    Returns how many were new or differed; equal rows keep their `updated_at`.
    """
    at = now()
    full = [(*row, at, at, 1) for row in rows]
    names = ", ".join(f'"{name}"' for name in STATE_COLUMNS)
    compared = [name for name in STATE_COLUMNS if name not in UNCOMPARED]
    differs = " OR ".join(
        f's."{name}" IS {_DISTINCT[connection.vendor]} excluded."{name}"'
        for name in compared
    )
    sets = ", ".join(
        f'"{name}" = excluded."{name}"' for name in [*compared, "updated_at"]
    )
    upsert = (
        f"INSERT INTO pdsa_measurestate AS s ({names}) {{source}} "
        f"ON CONFLICT (measure_id) DO UPDATE SET {sets} WHERE {differs}"
    )
    if not full:
        return 0
    if connection.vendor == "postgresql":
        return _states_by_copy(upsert, names, full)
    marks = ", ".join(["%s"] * len(STATE_COLUMNS))
    with connection.cursor() as cursor:
        before = _total_changes(cursor)
        cursor.executemany(
            upsert.format(source=f"VALUES ({marks})"),
            [tuple(_plain(value) for value in row) for row in full],
        )
        return _total_changes(cursor) - before


_DISTINCT = {"postgresql": "DISTINCT FROM", "sqlite": "NOT"}


def _total_changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return cursor.fetchone()[0]


def _states_by_copy(upsert: str, names: str, rows: list[tuple]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE new_state (LIKE pdsa_measurestate) ON COMMIT DROP"
        )
        cursor.execute("ALTER TABLE new_state ALTER COLUMN id DROP NOT NULL")
        _copy_in(cursor, "new_state", STATE_COLUMNS, rows)
        source = f"SELECT {names} FROM new_state"  # noqa: S608 - names are ours
        cursor.execute(upsert.format(source=source))
        written = cursor.rowcount
        cursor.execute("DROP TABLE new_state")
        return written


def _insert(table: str, columns: Sequence[str], rows: list[tuple]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy_in(cursor, table, columns, rows)
            return
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
            [tuple(_plain(value) for value in row) for row in rows],
        )


def _plain(value: Any) -> Any:
    """A value as the driver wants it in raw SQL."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Decimal) and connection.vendor == "sqlite":
        return str(value)
    return value


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(value: Any) -> str:
    """A value as a cell of COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    return str(value)


ROWS_A_COPY = 20_000


def _copy_in(
    cursor: Any, table: str, columns: Sequence[str], rows: Sequence[tuple]
) -> None:
    """COPY in portions, each well below the statement timeout of the web."""
    names = ", ".join(f'"{name}"' for name in columns)
    for start in range(0, len(rows), ROWS_A_COPY):
        portion = rows[start : start + ROWS_A_COPY]
        text = "\n".join("\t".join(map(_copied, row)) for row in portion)
        with connection.wrap_database_errors:  # copy_expert goes past Django's own
            cursor.copy_expert(
                f"COPY {table} ({names}) FROM STDIN", io.StringIO(text + "\n")
            )
