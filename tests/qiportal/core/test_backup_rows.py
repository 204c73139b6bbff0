"""Single values of a backup: to JSON and back through their fields."""

from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import models

from qiportal.core.backup import rows
from qiportal.jobs.models import JobRun


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+2"), "100"),
        (Decimal("0.0010"), "0.0010"),
        (date(2026, 3, 29), "2026-03-29"),
        (time(7, 5), "07:05:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\x00\xff", "AP8="),
        (memoryview(b"\x00\xff"), "AP8="),
        (None, None),
        (True, True),
        ({"b": 1}, {"b": 1}),
    ],
)
def test_values_as_json(value, text):
    assert rows.plain(value) == text


def test_durations_and_bytes_are_read_back_by_their_fields():
    span = timedelta(days=-1, seconds=5, microseconds=7)
    assert models.DurationField().to_python(rows.plain(span)) == span
    assert bytes(models.BinaryField().to_python(rows.plain(b"\x00\xff"))) == b"\x00\xff"


def test_null_inside_a_required_json_column_stays_json():
    field = JobRun._meta.get_field("stats")
    assert rows.parameter(field, None) is not None
    assert rows.parameter(JobRun._meta.get_field("lease_until"), None) is None


def test_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        rows.encoded([float("nan")])
