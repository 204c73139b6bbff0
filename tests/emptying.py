"""Empties the database after a test that committed, as `flush` does, but sooner.

`flush` truncates every table and then makes all content types and permissions anew: a
third of a second on PostgreSQL, after every browser test. Here only tables that hold
rows are emptied, and what the migrations' end has made is left.
"""

from functools import cache

from django.db import connections, transaction
from django.test import TransactionTestCase

MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}


@cache
def _tables(alias):
    names = connections[alias].introspection.django_table_names(
        only_existing=True, include_views=False
    )
    return sorted(set(names) - MADE_BY_MIGRATE)


def holding_rows(connection):
    """The quoted names of all tables that hold a row."""
    tables = [connection.ops.quote_name(name) for name in _tables(connection.alias)]
    asked = [
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608
        for number, name in enumerate(tables)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [tables[number] for (number,) in cursor.fetchall()]


def empty(connection):
    """Deletes all rows of people's tables, also those a trigger would keep."""
    full = holding_rows(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # no triggers, nor those of foreign keys
            cursor.execute("SET LOCAL session_replication_role = replica")
        for name in full:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608


def _fixture_teardown(self):
    for alias in self._databases_names(include_mirrors=False):
        empty(connections[alias])


def empty_sooner(patch):
    patch.setattr(TransactionTestCase, "_fixture_teardown", _fixture_teardown)
