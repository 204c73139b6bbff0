"""SQL that differs by engine; each function is tested on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

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
