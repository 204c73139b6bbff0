"""SQL that differs by engine; each function is tested on SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

APPEND_ONLY = ("accounts_auditevent", "accounts_auditseal")


@contextmanager
def consistent_read() -> Iterator[None]:
    """Read every table as it was at one moment, without holding up a writer.

    SQLite's own BEGIN is IMMEDIATE here (it takes the write lock), so a deferred one
    is opened by hand. Inside another transaction the reads are consistent already.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def leaves_insert(rows: Sequence[models.Model]) -> None:
    """Inserts many new rows of one model that no other row points at.

    The same rows as `bulk_create` writes, in a third of its time on SQLite: one
    prepared statement instead of a new one for every forty rows. Keys are not read
    back, which is why rows that others point at have no place here.
    """
    model = type(rows[0])
    if connection.vendor != "sqlite":
        model._default_manager.bulk_create(rows, batch_size=2000)
        return
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'  # noqa: S608
    readers = [_reader(field) for field in fields]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, [[read(row) for read in readers] for row in rows])


def _reader(field: models.Field) -> Callable[[models.Model], Any]:
    """What a row's field holds, as the driver wants it."""
    plain = () if isinstance(field, models.JSONField) else (int, str, bool, type(None))
    attname, ready = field.attname, _ready(field)
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        stamp = ready(timezone.now())
        return lambda row: stamp

    def read(row: models.Model) -> Any:
        value = getattr(row, attname)
        if value is None and isinstance(field, models.ForeignKey):
            return getattr(field.get_cached_value(row, None), "pk", None)
        return value if type(value) in plain else ready(value)

    return read


def _ready(field: models.Field) -> Callable[[Any], Any]:
    if isinstance(field, models.DateTimeField):
        return lru_cache(100)(connection.ops.adapt_datetimefield_value)
    return lambda value: field.get_db_prep_save(value, connection)


def no_statement_timeout() -> None:
    """Let the statements of this transaction take as long as they need."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


def grant_to_app_role(role: str) -> None:
    """Let a PostgreSQL role change rows, and nothing else (SECURITY: two roles).

    Append-only tables get SELECT and INSERT alone. A no-op on SQLite, which has no
    roles. Run it as the owner after every migrate, since new tables start closed.
    """
    if connection.vendor != "postgresql":
        return
    name = connection.ops.quote_name(role)
    closed = ", ".join(connection.ops.quote_name(table) for table in APPEND_ONLY)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public "
            f"TO {name}"
        )
        cursor.execute(
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
        )
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {closed} FROM {name}")
        cursor.execute(
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}"
        )
