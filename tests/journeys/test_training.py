"""Ben plans a course and a session; staff book; he fills the register."""

from datetime import timedelta

import pytest

from qiportal.core.dates import now, today
from tests.factories import UserFactory
from tests.journeys.walk import DESK, begin, look
from training.models import Attendance, Course, Session
from training.services import application_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def plan_course(hand):
    hand.visitor.open("/training/")
    look(hand, "training-empty")
    hand.link("Run training")
    look(hand, "courses-empty")
    hand.link("New course")
    hand.write("Title", "QI foundation day")
    hand.pick("Level", "Foundation")
    hand.write("What people will be able to do", "Run a first test on their ward.")
    look(hand, "course-filled")
    hand.button("Save")


def plan_session(hand):
    hand.day("Date", today() + timedelta(days=14))
    hand.page.get_by_label("Starts").fill("09:30")
    hand.page.get_by_label("Ends").fill("12:30")
    hand.write("Venue", "Education centre, room 2")
    hand.write("Places", "2")
    look(hand, "session-filled")
    hand.button("Save")
    look(hand, "session-planned")


def book(visit, person):
    hand = begin(visit, "phone", person)
    hand.visitor.open("/training/")
    look(hand, "training-reader")
    hand.reset()
    hand.link("QI foundation day")
    look(hand, "session-reader")
    hand.button("Book a place")
    hand.sees("You have a place")
    look(hand, "session-booked")
    assert len(hand.saves) == 1
    assert hand.presses == 2


def test_from_a_course_to_its_register(visit, qi_team, frontline, ward):
    hand = begin(visit, "keyboard", qi_team)
    plan_course(hand)
    plan_session(hand)
    session = Session.objects.get()
    assert (session.course, session.places) == (Course.objects.get(), 2)

    book(visit, frontline)
    for name in ("Dora Field", "Ned Late"):
        person = UserFactory(full_name=name, home_unit=ward)
        application_make(session=session, applicant=person, by=person)

    starts = now() - timedelta(days=1)
    Session.objects.update(starts_at=starts, ends_at=starts + timedelta(hours=3))
    hand = begin(visit, "keyboard", qi_team)
    hand.visitor.open(f"/training/sessions/{session.pk}/")
    hand.sees("Ned Late")
    look(hand, "session-to-register")
    hand.link("Attendance register")
    look(hand, "register-of-session")
    assert hand.page.get_by_text("Ned Late").count() == 0
    hand.pick("Amina Yusuf", "Attended and completed")
    hand.pick("Dora Field", "Did not attend")
    hand.button("Save the register")
    hand.sees("Register saved: 2 people marked.")
    look(hand, "register-saved")

    rows = Attendance.objects.order_by("application__applicant__full_name")
    assert [row.outcome for row in rows] == ["attended", "did_not_attend"]
    assert hand.page.viewport_size["width"] == DESK
