"""Mail pages in a real browser: readable, on a phone, without scripts."""

import pytest
from django.urls import reverse

from qiportal.accounts.mail import KINDS, off_kinds, stop_token

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_preferences_are_accessible_and_saved(visit, frontline):
    visitor = visit(frontline, width=360)
    page = visitor.open(reverse("mail_preferences"))
    assert visitor.axe() == []
    assert visitor.sideways() <= 0
    page.get_by_label("Mentions").uncheck()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/account/")
    assert off_kinds(frontline) == {"mention"}
    assert visitor.problems == []


def test_stop_link_works_for_anybody_without_scripts(visit, frontline):
    url = reverse("mail_stop", args=[stop_token(frontline, KINDS["weekly"])])
    visitor = visit(None, width=360, javascript=False)
    page = visitor.open(url)
    page.get_by_role("button", name="Stop this mail").click()
    page.get_by_role("heading", name="Stopped").wait_for()
    assert off_kinds(frontline) == {"weekly"}
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="Switched on again").wait_for()
    assert off_kinds(frontline) == frozenset()


def test_stop_page_is_accessible(visit, frontline):
    url = reverse("mail_stop", args=[stop_token(frontline, KINDS["task"])])
    visitor = visit(None, width=320)
    visitor.open(url)
    assert visitor.axe() == []
    assert visitor.sideways() <= 0
    assert visitor.problems == []
