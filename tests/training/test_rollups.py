"""Leaf rows of the nightly rollup."""

from datetime import UTC, datetime

import pytest

from tests.factories import ApplicationFactory, SessionFactory
from training import rollups
from training.models import Attendance

pytestmark = pytest.mark.django_db


@pytest.fixture
def march(ward):
    """A session on 31 March 2026, 23:30 UTC: already April in London."""
    session = SessionFactory(
        starts_at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC), places=10, status="held"
    )
    made = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for index in range(4):
        row = ApplicationFactory(
            session=session,
            unit=ward,
            status="booked",
            applied_at=made,
            month=made.date().replace(day=1),
            offered_at=made.replace(day=4 + index),
        )
        Attendance.objects.create(
            application=row,
            outcome="did_not_attend" if index == 3 else "attended",
            recorded_by=row.applicant,
            recorded_at=made,
        )
    return session


def row_of(rows, unit):
    return [
        (r["month"].isoformat(), r["numerator"], r["denominator"])
        for r in rows
        if r["unit_id"] == unit.pk
    ]


def test_attendance_falls_into_the_london_month(march, ward):
    assert row_of(rollups.rollup_attendance(), ward) == [("2026-04-01", 3, 4)]


def test_applications_and_offers(march, ward):
    assert row_of(rollups.rollup_applications(), ward) == [("2026-03-01", 4, None)]
    assert row_of(rollups.rollup_offered(), ward) == [("2026-03-01", 4, 4)]


def test_places_stand_at_the_trust(march, trust):
    assert row_of(rollups.rollup_places(), trust) == [("2026-04-01", 10, None)]
    assert row_of(rollups.rollup_utilisation(), trust) == [("2026-04-01", 3, 10)]


def test_demand_adds_up_to_applications_over_places(march):
    rows = list(rollups.rollup_demand())
    assert sum(row["numerator"] for row in rows) == 4
    assert sum(row["denominator"] for row in rows) == 10


def test_waiting_days_come_one_by_one(march):
    assert [row["value"] for row in rollups.rollup_waiting_days()] == [2, 3, 4, 5]


def test_a_cancelled_session_leaves_no_trace(march, trust):
    march.status = "cancelled"
    march.save()
    assert list(rollups.rollup_attendance()) == []
    assert list(rollups.rollup_places()) == []
    assert list(rollups.attendees()) == []


def test_attendees_carry_the_local_day(march):
    days = {row["attended_on"].isoformat() for row in rollups.attendees()}
    assert days == {"2026-04-01"}
    assert len(list(rollups.attendees())) == 3
