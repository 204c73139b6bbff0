"""The two database roles: what `app` may do, and what it is refused."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import AuditEvent
from qiportal.core.engine import APPEND_ONLY
from tests.factories import UnitFactory

ROLE = "qi_app_under_test"
pytestmark = pytest.mark.django_db


@pytest.fixture
def as_app():
    """Speak to the database as a role that owns nothing; undone with the test."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        cursor.execute(f"GRANT {ROLE} TO CURRENT_USER")
        call_command("grant_app_role", ROLE)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield cursor


def refused(cursor, sql):
    denied = pytest.raises(DatabaseError, match="permission denied|must be owner")
    with denied, transaction.atomic():
        cursor.execute(sql)
    return True


def test_append_only_tables_exist():
    assert set(APPEND_ONLY) <= set(connection.introspection.table_names())


def test_app_role_changes_rows(as_app):
    unit = UnitFactory(code="A1")
    as_app.execute("UPDATE organisation_unit SET name = 'x' WHERE id = %s", [unit.pk])
    assert as_app.rowcount == 1


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_app_role_may_not_rewrite_the_audit(as_app, table, sql):
    assert refused(as_app, sql.format(table))


def test_app_role_reads_and_adds_to_the_audit(as_app):
    unit = UnitFactory(code="A1")
    audit_record(type="unit.seen", target=unit, by="system:test")
    assert AuditEvent.objects.filter(type="unit.seen").count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE organisation_unit CASCADE",
        "DROP TABLE accounts_auditevent",
        "ALTER TABLE accounts_auditevent DISABLE TRIGGER ALL",
        "CREATE TABLE anything (id int)",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
    ],
)
def test_app_role_may_not_change_the_schema(as_app, sql):
    assert refused(as_app, sql)


def test_grant_does_nothing_on_sqlite():
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL is covered above")
    assert call_command("grant_app_role", ROLE) is None
