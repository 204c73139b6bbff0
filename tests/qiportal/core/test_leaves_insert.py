"""Rows written in one prepared statement are the rows that bulk_create writes."""

import datetime
from decimal import Decimal

import pytest

from pdsa.models import DataPoint
from qiportal.core.engine import leaves_insert
from qiportal.demo.factories import MeasureFactory

pytestmark = pytest.mark.django_db
OWN = {"id", "measure_id", "created_at", "updated_at", "submission_id"}


def points(measure, by):
    return [
        DataPoint(
            measure=measure,
            period_start=datetime.date(2026, month, 1),
            numerator=Decimal("2.50") * month,
            denominator=Decimal(40) if month % 2 else None,
            note="100 % \u2013 'quoted'",
            created_by=by,
        )
        for month in range(1, 6)
    ]


def stored(measure):
    rows = DataPoint.objects.filter(measure=measure).order_by("period_start").values()
    return [{k: v for k, v in row.items() if k not in OWN} for row in rows]


def test_it_writes_what_bulk_create_writes(frontline):
    one, two = MeasureFactory(), MeasureFactory()
    DataPoint.objects.bulk_create(points(one, frontline))
    leaves_insert(points(two, frontline))
    assert len(stored(two)) == 5
    assert stored(two) == stored(one)


def test_it_stamps_rows_and_keeps_database_rules(frontline):
    measure = MeasureFactory()
    leaves_insert(points(measure, frontline)[:1])
    assert DataPoint.objects.get(measure=measure).created_at.tzinfo is not None
    with pytest.raises(Exception, match="(?i)unique"):
        leaves_insert(points(measure, frontline)[:1])
