"""Pages of training: who may, what they say, how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qiportal.core.dates import now
from tests.factories import ApplicationFactory, CourseFactory, SessionFactory
from training.models import Application, Attendance, Course, Session

pytestmark = pytest.mark.django_db

RUNNERS_ONLY = [
    "/training/past/",
    "/training/courses/",
    "/training/courses/new/",
    "/training/courses/{course}/",
    "/training/courses/{course}/sessions/new/",
    "/training/sessions/{session}/edit/",
    "/training/sessions/{session}/cancel/",
    "/training/sessions/{session}/register/",
    "/training/sessions/{session}/register.csv",
]
EVERYBODY = [
    "/training/",
    "/training/mine/",
    "/training/sessions/{session}/",
    "/training/sessions/{session}/session.ics",
]


def address(pattern, session):
    return pattern.format(session=session.pk, course=session.course_id)


@pytest.mark.parametrize("pattern", EVERYBODY + RUNNERS_ONLY)
def test_without_sign_in_every_page_asks_for_it(pattern, client):
    response = client.get(address(pattern, SessionFactory()))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("pattern", RUNNERS_ONLY)
def test_staff_may_not_run_training(pattern, signed_in, stranger):
    response = signed_in(stranger).get(address(pattern, SessionFactory()))
    assert response.status_code == 403


@pytest.mark.parametrize("pattern", EVERYBODY + RUNNERS_ONLY)
def test_the_qi_team_sees_every_page(pattern, signed_in, qi_team):
    response = signed_in(qi_team).get(address(pattern, SessionFactory()))
    assert response.status_code == 200


def test_a_hidden_course_is_not_there_for_staff(signed_in, stranger):
    session = SessionFactory(course=CourseFactory(is_active=False))
    response = signed_in(stranger).get(f"/training/sessions/{session.pk}/")
    assert response.status_code == 404


def test_somebody_elses_application_is_not_there(signed_in, stranger):
    row = ApplicationFactory()
    response = signed_in(stranger).post(f"/training/applications/{row.pk}/cancel/")
    assert response.status_code == 404
    row.refresh_from_db()
    assert row.status == "applied"


def test_booking_and_giving_up_a_place(signed_in, frontline):
    session = SessionFactory()
    browser = signed_in(frontline)
    page = browser.post(f"/training/sessions/{session.pk}/apply/", follow=True)
    assert "You have a place" in page.content.decode()
    row = Application.objects.get()
    browser.post(f"/training/applications/{row.pk}/cancel/")
    row.refresh_from_db()
    assert row.status == "cancelled_in_time"


def test_wanting_a_course_without_a_date_counts_once(signed_in, frontline):
    course = CourseFactory()
    browser = signed_in(frontline)
    for _ in range(2):
        browser.post(f"/training/courses/{course.pk}/interest/")
    assert Application.objects.filter(course=course, session=None).count() == 1


def test_a_course_and_its_session_from_empty(signed_in, qi_team, frontline):
    browser = signed_in(qi_team)
    browser.post("/training/courses/new/", {"title": "QI day", "level": "foundation"})
    course = Course.objects.get(title="QI day")
    day = (now() + timedelta(days=40)).date()
    browser.post(
        f"/training/courses/{course.pk}/sessions/new/",
        {
            "day": day.isoformat(),
            "begins": "09:30",
            "ends": "12:30",
            "venue": "Room 2",
            "places": "12",
        },
    )
    session = Session.objects.get()
    assert session.places == 12
    assert "Room 2" in browser.get("/training/").content.decode()


def test_a_course_left_half_way_is_offered_again(signed_in, qi_team):
    browser, url = signed_in(qi_team), "/training/courses/new/"
    browser.post("/account/drafts/course/", {"title": "QI day"})
    page = browser.get(url)
    assert "We kept what you typed on" in page.content.decode()
    assert page.context["form"]["title"].value() == "QI day"
    browser.post(url, {"title": "QI day", "level": "foundation"})
    assert "We kept" not in browser.get(url).content.decode()


def test_a_wrong_time_keeps_what_was_typed(signed_in, qi_team):
    course = CourseFactory()
    page = signed_in(qi_team).post(
        f"/training/courses/{course.pk}/sessions/new/",
        {
            "day": "2027-01-12",
            "begins": "12:30",
            "ends": "09:30",
            "venue": "The old library",
            "places": "12",
        },
    )
    text = page.content.decode()
    assert "The end must be later than the start." in text
    assert "The old library" in text


def test_filling_the_register(signed_in, qi_team):
    session = SessionFactory(starts_at=now() - timedelta(hours=2))
    row = ApplicationFactory(session=session, status="booked")
    signed_in(qi_team).post(
        f"/training/sessions/{session.pk}/register/", {f"a{row.pk}": "attended:1"}
    )
    mark = Attendance.objects.get()
    assert (mark.outcome, mark.completed) == ("attended", True)


def test_two_editors_of_one_session_see_both_texts(signed_in, qi_team):
    session = SessionFactory()
    Session.objects.update(version=2, venue="Their room")
    page = signed_in(qi_team).post(
        f"/training/sessions/{session.pk}/edit/",
        {
            "day": "2027-01-12",
            "begins": "09:30",
            "ends": "12:30",
            "venue": "My room",
            "places": "12",
            "version": "1",
        },
    )
    assert page.status_code == 409
    text = page.content.decode()
    assert "Their room" in text
    assert "My room" in text


def count_queries(browser, path):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "path", ["/training/", "/training/mine/", "/training/past/", "/training/courses/"]
)
def test_lists_ask_the_same_number_of_questions(path, signed_in, qi_team):
    browser = signed_in(qi_team)

    def fill(count):
        for _ in range(count):
            ApplicationFactory(session=SessionFactory(), applicant=qi_team)
            SessionFactory(starts_at=now() - timedelta(days=2))
            CourseFactory()

    fill(2)
    browser.get(path)
    few = count_queries(browser, path)
    fill(18)
    assert count_queries(browser, path) == few


def test_the_session_page_with_a_long_waiting_list(signed_in, qi_team):
    session = SessionFactory(places=1)
    browser = signed_in(qi_team)
    path = f"/training/sessions/{session.pk}/"
    ApplicationFactory.create_batch(2, session=session, status="waitlisted")
    browser.get(path)
    few = count_queries(browser, path)
    ApplicationFactory.create_batch(18, session=session, status="waitlisted")
    assert count_queries(browser, path) == few
