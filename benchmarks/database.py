"""A database of the benchmarks' own, on the engine that DATABASE_URL names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_database() -> Iterator[None]:
    """Create it empty and migrated, and drop it at the end."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiportal.settings")
    django.setup()
    from django.test import utils

    utils.setup_test_environment()
    made = utils.setup_databases(verbosity=0, interactive=False)
    try:
        settle()
        yield
    finally:
        utils.teardown_databases(made, verbosity=0)
        utils.teardown_test_environment()


def settle() -> None:
    """PostgreSQL without jit or parallel plans: both make small runs uneven."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET jit = off")
        cursor.execute(f"ALTER DATABASE {name} SET max_parallel_workers_per_gather = 0")
        cursor.execute(f"ALTER DATABASE {name} SET statement_timeout = 0")
    connection.close()


def analysed() -> None:
    """Refresh the planner's statistics after loading."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE"
        )


def backends() -> list[int]:
    """The PostgreSQL backends that serve this database; none on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]
