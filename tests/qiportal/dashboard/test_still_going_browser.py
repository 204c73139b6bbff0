"""The question "still going?" in a real browser."""

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_question_is_accessible_and_answered(visit, project, lead):
    visitor = visit(lead, width=360)
    page = visitor.open(reverse("still_going", args=[project.reference]))
    assert visitor.axe() == []
    assert visitor.sideways() <= 0
    page.get_by_role("button", name="Yes, still going").click()
    page.wait_for_url(f"**{project.get_absolute_url()}")
    page.get_by_text("Good to know. You are not asked for a while.").wait_for()
    assert visitor.problems == []
