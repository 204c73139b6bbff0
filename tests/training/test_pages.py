"""Pages of training in a real browser: accessible, and no wider than the window."""

from datetime import timedelta

import pytest

from qiportal.core.dates import now
from tests.browser import BOTH
from tests.factories import ApplicationFactory, CourseFactory, SessionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def clean(visitor, path):
    visitor.open(path)
    visitor.assert_clean("training" + path.replace("/", "-").replace("?", "-"))


def test_pages_of_staff(visit, frontline):
    visitor = visit(frontline, widths=BOTH)
    clean(visitor, "/training/")
    clean(visitor, "/training/mine/")
    session = SessionFactory()
    CourseFactory(title="Coaching for improvement")
    ApplicationFactory(session=session, applicant=frontline, status="waitlisted")
    clean(visitor, "/training/")
    clean(visitor, "/training/?q=nothing+like+this")
    clean(visitor, "/training/mine/")
    clean(visitor, f"/training/sessions/{session.pk}/")


def test_pages_of_those_who_run_training(visit, qi_team):
    visitor = visit(qi_team, widths=BOTH)
    clean(visitor, "/training/courses/")
    session = SessionFactory(starts_at=now() - timedelta(days=1))
    ApplicationFactory.create_batch(3, session=session, status="booked")
    ApplicationFactory.create_batch(2, session=session, status="waitlisted")
    for path in (
        "/training/courses/",
        "/training/past/",
        "/training/courses/new/",
        f"/training/courses/{session.course_id}/",
        f"/training/courses/{session.course_id}/sessions/new/",
        f"/training/sessions/{session.pk}/",
        f"/training/sessions/{session.pk}/register/",
        f"/training/sessions/{session.pk}/cancel/",
    ):
        clean(visitor, path)


def test_an_error_is_accessible_too(visit, qi_team):
    visitor = visit(qi_team, width=390)
    visitor.open("/training/courses/new/")
    visitor.page.get_by_role("button", name="Save").click()
    visitor.page.wait_for_selector(".nhsuk-error-summary")
    assert visitor.axe() == []
    assert "Error:" in visitor.page.title()


def test_booking_works_without_javascript(visit, frontline):
    session = SessionFactory()
    visitor = visit(frontline, width=390, javascript=False)
    visitor.open(f"/training/sessions/{session.pk}/")
    visitor.page.get_by_role("button", name="Book a place").click()
    assert visitor.page.get_by_text("You have a place").first.is_visible()
