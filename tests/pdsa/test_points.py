"""Saving, correcting, pasting, deleting numbers; the state follows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pdsa import services
from pdsa.models import DataPoint, MeasureState
from pdsa.services import NewPoint
from qiportal.accounts.models import AuditEvent, ImportBatch, Tombstone
from qiportal.core.dates import today
from qiportal.core.versions import Conflict
from tests.factories import DataPointFactory, MeasureFactory

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def falls(project):
    return MeasureFactory(project=project, name="Falls")


@pytest.fixture
def bells(project):
    return MeasureFactory(
        project=project, name="Bells", data_type="proportion", direction="up"
    )


def record(measure, by, number=6, day=MARCH, **more):
    return services.data_point_record(
        measure=measure, period_start=day, numerator=Decimal(number), by=by, **more
    )


def test_a_number_is_saved_and_the_state_follows(falls, lead, project):
    before = project.last_activity_at
    point = record(falls, lead, note="bank holiday")
    state = MeasureState.objects.get(measure=falls)
    project.refresh_from_db()
    assert (point.period_start, point.numerator, point.note) == (
        MARCH,
        6,
        "bank holiday",
    )
    assert (state.n, state.segment_n, state.last_value, state.mean) == (1, 1, 6.0, 6.0)
    assert state.last_at == MARCH
    assert project.last_activity_at > before
    event = AuditEvent.objects.get(type="data_point.recorded")
    assert event.new == {"period": "2026-03-01", "numerator": "6", "denominator": None}


def test_any_day_of_a_month_means_the_month(falls, lead):
    assert record(falls, lead, day=date(2026, 3, 19)).period_start == MARCH


def test_the_same_form_sent_twice_makes_one_number(falls, lead, faker_id):
    first = record(falls, lead, submission_id=faker_id)
    assert record(falls, lead, number=9, submission_id=faker_id) == first
    assert DataPoint.objects.get().numerator == 6


def test_one_number_per_period(falls, lead):
    record(falls, lead)
    with pytest.raises(ValidationError, match="already has a number for that date"):
        record(falls, lead, number=7)


def test_the_database_refuses_a_second_number_too(falls):
    DataPointFactory(measure=falls, period_start=MARCH)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataPointFactory(measure=falls, period_start=MARCH)


def test_the_database_refuses_a_denominator_of_nought(bells):
    with pytest.raises(IntegrityError), transaction.atomic():
        DataPointFactory(measure=bells, denominator=Decimal(0))


def test_the_database_wants_a_reason_for_leaving_out(falls):
    with pytest.raises(IntegrityError), transaction.atomic():
        DataPointFactory(measure=falls, is_excluded=True)


@pytest.mark.parametrize(
    ("kind", "numerator", "denominator", "field", "words"),
    [
        ("proportion", 5, None, "denominator", "out of how many"),
        ("proportion", 5, 0, "denominator", "more than 0"),
        ("proportion", 5, 4, "numerator", "more than the number it is out of"),
        ("proportion", -1, 4, "numerator", "less than 0"),
        ("rate", 5, None, "denominator", "out of how many"),
        ("count", -1, None, "numerator", "less than 0"),
        ("count", "1.5", None, "numerator", "whole number"),
        ("count", 3, 4, "denominator", "no “out of”"),
        ("cases_between", "2.5", None, "numerator", "whole number"),
        ("time_between", 0, None, "numerator", "more than 0"),
    ],
)
def test_impossible_numbers(project, lead, kind, numerator, denominator, field, words):
    measure = MeasureFactory(project=project, data_type=kind)
    size = None if denominator is None else Decimal(denominator)
    with pytest.raises(ValidationError, match=words) as found:
        record(measure, lead, number=numerator, denominator=size)
    assert list(found.value.error_dict) == [field]
    assert not DataPoint.objects.exists()


def test_no_number_of_tomorrow(project, lead):
    measure = MeasureFactory(project=project, frequency="daily")
    with pytest.raises(ValidationError, match="future"):
        record(measure, lead, day=today() + timedelta(days=1))


def test_a_correction_keeps_the_old_number_in_the_audit(falls, lead):
    point = record(falls, lead)
    services.data_point_change(
        point=point, version=1, period_start=MARCH, numerator=Decimal(7), by=lead
    )
    event = AuditEvent.objects.get(type="data_point.changed")
    assert (event.old, event.new) == ({"numerator": "6"}, {"numerator": "7"})
    assert MeasureState.objects.get().last_value == 7.0


def test_two_corrections_of_one_number(falls, lead):
    point = record(falls, lead)
    values = {"version": 1, "period_start": MARCH, "by": lead}
    services.data_point_change(point=point, numerator=Decimal(7), **values)
    with pytest.raises(Conflict) as found:
        services.data_point_change(
            point=DataPoint.objects.get(),
            numerator=Decimal(8),
            **values,
        )
    assert found.value.current.numerator == 7


def test_leaving_out_needs_a_reason_and_keeps_the_point(falls, lead):
    for month in range(1, 10):
        record(falls, lead, number=5, day=date(2026, month, 1))
    point = record(falls, lead, number=50, day=date(2025, 12, 1))
    values = {"period_start": date(2025, 12, 1), "numerator": Decimal(50), "by": lead}
    with pytest.raises(ValidationError, match="Say why"):
        services.data_point_change(point=point, version=1, is_excluded=True, **values)
    services.data_point_change(
        point=DataPoint.objects.get(pk=point.pk),
        version=1,
        is_excluded=True,
        exclusion_reason="Ward closed",
        **values,
    )
    state = MeasureState.objects.get(measure=falls)
    assert (state.n, state.mean) == (10, 5.0)


def test_deleting_and_bringing_back(falls, lead):
    point = record(falls, lead)
    services.data_point_delete(point=point, by=lead)
    stone = Tombstone.objects.get()
    assert (stone.resource, stone.row_key) == ("data_point", str(point.pk))
    assert MeasureState.objects.get().n == 0
    services.data_point_restore(point=point, by=lead)
    assert not Tombstone.objects.exists()
    assert MeasureState.objects.get().n == 1


def test_a_deleted_number_does_not_come_back_over_a_new_one(falls, lead):
    point = record(falls, lead)
    services.data_point_delete(point=point, by=lead)
    record(falls, lead, number=8)
    with pytest.raises(ValidationError, match="already has a number"):
        services.data_point_restore(point=point, by=lead)


def pasted(measure, *numbers, start=1):
    return [
        NewPoint(measure.pk, date(2026, start + row, 1), Decimal(number))
        for row, number in enumerate(numbers)
    ]


def test_a_paste_adds_changes_and_leaves_alone(falls, lead):
    services.data_points_paste(measure=falls, rows=pasted(falls, 5, 6), by=lead)
    result = services.data_points_paste(
        measure=falls, rows=pasted(falls, 5, 9, 7), by=lead
    )
    assert (result.created, result.changed, result.unchanged) == (1, 1, 1)
    assert list(DataPoint.objects.values_list("numerator", "entered_via")) == [
        (5, "pasted"),
        (9, "pasted"),
        (7, "pasted"),
    ]
    event = AuditEvent.objects.filter(type="data_points.pasted").latest("id")
    key = f"{falls.pk} 2026-02-01"
    assert event.old == {key: ["6.000000", None]}
    assert event.new[key] == ["9", None]
    assert MeasureState.objects.get().n == 3
    assert DataPoint.objects.get(period_start=date(2026, 2, 1)).version == 2


def test_the_same_paste_sent_twice_is_written_once(falls, lead, faker_id):
    for _ in range(2):
        services.data_points_paste(
            measure=falls, rows=pasted(falls, 5, 6), submission_id=faker_id, by=lead
        )
    assert ImportBatch.objects.count() == 1
    assert set(DataPoint.objects.values_list("version", flat=True)) == {1}


def test_a_paste_keeps_text_as_it_is(falls, lead):
    note = "tab\tand \\N and 'quote' “curly” line"
    rows = [NewPoint(falls.pk, MARCH, Decimal("1.234567"), None, note)]
    services.data_points_paste(measure=falls, rows=rows, by=lead)
    point = DataPoint.objects.get()
    assert (point.note, point.numerator) == (note, Decimal("1.234567"))
    assert point.created_by == lead


def test_points_and_measure_state_cost_few_statements(
    falls, lead, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        record(falls, lead)
