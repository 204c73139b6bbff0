"""Applications, the waiting list and the register."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qiportal.accounts.models import AuditEvent, Notification
from qiportal.core.dates import now
from qiportal.core.versions import Conflict
from tests.factories import (
    ApplicationFactory,
    CourseFactory,
    SessionFactory,
    UserFactory,
)
from training import services
from training.models import Application, Attendance
from training.selectors import session_figures

pytestmark = pytest.mark.django_db


def apply(session, user=None):
    user = user or UserFactory()
    return services.application_make(session=session, applicant=user, by=user)


def statuses(session):
    rows = session.applications.order_by("applied_at", "pk")
    return list(rows.values_list("status", flat=True))


def test_places_are_given_in_order_and_the_rest_wait():
    session = SessionFactory(places=2)
    for _ in range(3):
        apply(session)
    assert statuses(session) == ["booked", "booked", "waitlisted"]


def test_a_cancelled_place_moves_to_the_first_in_line():
    session = SessionFactory(places=1)
    first, second, third = (apply(session) for _ in range(3))
    services.application_cancel(application=first, by=first.applicant)
    assert statuses(session) == ["cancelled_in_time", "booked", "waitlisted"]
    told = Notification.objects.filter(user=second.applicant, kind="training.booked")
    assert told.count() == 1
    assert not Notification.objects.filter(user=third.applicant).exists()


def test_promoting_twice_moves_one_place_once():
    session = SessionFactory(places=1)
    for _ in range(3):
        ApplicationFactory(session=session, status="waitlisted")
    by = UserFactory()
    assert len(services.waiting_promote(session=session, by=by)) == 1
    assert services.waiting_promote(session=session, by=by) == []


def test_a_late_cancel_is_told_apart():
    session = SessionFactory(starts_at=now() + timedelta(days=3))
    made = apply(session)
    services.application_cancel(application=made, by=made.applicant)
    assert made.status == "cancelled_late"


def test_nobody_applies_for_what_has_begun():
    begun = now() - timedelta(hours=1)
    with pytest.raises(ValidationError, match="already begun"):
        apply(SessionFactory(starts_at=begun))


def test_a_person_without_a_unit_is_asked_for_it():
    with pytest.raises(ValidationError, match="Choose your ward or team"):
        apply(SessionFactory(), UserFactory(home_unit=None))


def test_applying_twice_is_refused_in_words():
    session, user = SessionFactory(), UserFactory()
    apply(session, user)
    with pytest.raises(ValidationError, match="already applied"):
        apply(session, user)


def test_a_cancelled_session_makes_no_non_attenders_and_keeps_the_queue():
    session = SessionFactory(places=1)
    first, second = apply(session), apply(session)
    services.session_cancel(session=session, by=UserFactory())
    assert statuses(session) == ["transferred", "transferred"]
    waiting = Application.objects.filter(session=None).order_by("applied_at")
    assert [row.applicant for row in waiting] == [first.applicant, second.applicant]
    assert not Attendance.objects.exists()
    run = services.session_create(
        course=session.course,
        starts_at=now() + timedelta(days=30),
        ends_at=now() + timedelta(days=30, hours=3),
        venue="Online",
        places=1,
        by=UserFactory(),
    )
    assert [row.applicant for row in run.applications.filter(status="booked")] == [
        first.applicant
    ]


def test_more_places_go_to_the_waiting_list_at_once():
    session = SessionFactory(places=1)
    apply(session), apply(session)
    services.session_edit(session=session, version=1, places=2, by=UserFactory())
    assert statuses(session) == ["booked", "booked"]


def test_places_cannot_fall_below_the_booked():
    session = SessionFactory(places=2)
    apply(session), apply(session)
    with pytest.raises(ValidationError, match="2 people are booked"):
        services.session_edit(session=session, version=1, places=1, by=UserFactory())


def test_an_edit_over_somebody_elses_change_is_refused():
    course = CourseFactory()
    services.course_edit(course=course, version=1, title="First", by=UserFactory())
    with pytest.raises(Conflict):
        services.course_edit(course=course, version=1, title="2nd", by=UserFactory())


def held_session(**marks):
    session = SessionFactory(starts_at=now() - timedelta(days=1), places=24)
    rows = {}
    for outcome, count in marks.items():
        for _ in range(count):
            row = ApplicationFactory(session=session, status="booked")
            rows[row.pk] = (outcome, outcome == "attended")
    services.attendance_record(session=session, marks=rows, by=UserFactory())
    return session


def test_the_worked_example_of_training_figures():
    session = held_session(attended=18, did_not_attend=4)
    ApplicationFactory.create_batch(2, session=session, status="booked")
    ApplicationFactory.create_batch(2, session=session, status="cancelled_late")
    ApplicationFactory.create_batch(35, session=session, status="waitlisted")
    figures = session_figures(session)
    assert figures.applications == 61
    assert round(figures.demand_ratio, 2) == 2.54
    assert figures.fill_rate == 1.0
    assert round(figures.attendance, 3) == 0.818
    assert figures.utilisation == 0.75
    assert figures.cancelled_late == 2


def test_no_register_means_no_data_not_zero():
    assert session_figures(SessionFactory()).attendance is None


def test_the_register_waits_for_the_session():
    session = SessionFactory()
    with pytest.raises(ValidationError, match="opens when the session begins"):
        services.attendance_record(session=session, marks={}, by=UserFactory())


def test_only_booked_people_are_marked():
    session = SessionFactory(starts_at=now() - timedelta(days=1))
    waiter = ApplicationFactory(session=session, status="waitlisted")
    with pytest.raises(ValidationError, match="not booked"):
        services.attendance_record(
            session=session, marks={waiter.pk: ("attended", True)}, by=UserFactory()
        )


def test_every_write_is_audited():
    session = SessionFactory()
    made = apply(session)
    services.application_cancel(application=made, by=made.applicant)
    types = AuditEvent.objects.order_by("pk").values_list("type", flat=True)
    assert list(types) == [
        "application.made",
        "application.booked",
        "application.cancelled",
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SessionFactory.build(places=0), "at least one place"),
        (
            lambda: SessionFactory.build(ends_at=now()),
            "must end after it starts",
        ),
    ],
)
def test_the_database_refuses_impossible_sessions(make, message):
    row = make()
    row.course = CourseFactory()
    row.created_by = row.course.owner
    with pytest.raises(ValidationError, match=message):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_nobody_completes_a_course_without_coming():
    row = ApplicationFactory(status="booked")
    mark = Attendance(
        application=row,
        outcome="did_not_attend",
        completed=True,
        recorded_by=row.applicant,
        recorded_at=now(),
    )
    with pytest.raises(ValidationError, match="without coming"):
        mark.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        mark.save()


def test_an_offer_never_comes_before_the_application():
    row = ApplicationFactory()
    row.offered_at = row.applied_at - timedelta(days=1)
    with pytest.raises(ValidationError, match="cannot come before"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
