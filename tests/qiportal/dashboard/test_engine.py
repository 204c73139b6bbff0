"""Writing figures in bulk, and one rollup at a time, on whichever engine is set."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections

from qiportal.core.dates import now
from qiportal.dashboard.engine import rollup_lock, snapshots_write
from qiportal.dashboard.models import RollupRun

MARCH = date(2026, 3, 1)


@pytest.fixture
def run(db):
    return RollupRun.objects.create(
        as_of=MARCH, started_at=now(), heartbeat=now(), code_version="1"
    )


def test_numbers_arrive_as_they_left(run, trust):
    rows = [
        ("a.ratio", trust.pk, "", MARCH, 18.0, 22.0, None, 22.0, ""),
        ("a.half", trust.pk, "adopt", MARCH, 2.5, None, None, None, ""),
        ("a.median", trust.pk, "", MARCH, None, None, 0.1 + 0.2, 7.0, ""),
        ("a.hidden", trust.pk, "", MARCH, None, None, None, None, "small_number"),
        ("a.net", trust.pk, "", MARCH, -3.0, 9.0, None, 9.0, ""),
    ]
    snapshots_write(run.pk, rows)
    found = {row.indicator: row for row in run.snapshots.all()}
    assert (found["a.ratio"].numerator, found["a.ratio"].n) == (Decimal(18), 22)
    assert found["a.half"].numerator == Decimal("2.5")
    assert found["a.half"].subgroup == "adopt"
    assert found["a.median"].value == 0.1 + 0.2
    assert found["a.hidden"].suppressed_reason == "small_number"
    assert found["a.net"].numerator == Decimal(-3)
    assert {row.period_start for row in found.values()} == {MARCH}


def test_no_rows_are_no_trouble(run):
    snapshots_write(run.pk, [])
    assert run.snapshots.count() == 0


@pytest.mark.django_db(transaction=True)
def test_only_one_connection_holds_the_lock():
    with rollup_lock() as first:
        assert first is True
        if connection.vendor == "postgresql":
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(7180233001)")
                assert cursor.fetchone()[0] is False
            other.close()
    with rollup_lock() as again:
        assert again is True
