"""Amina signs in and registers a project: on her phone, and by keyboard alone."""

import pytest

from projects.models import Project
from tests.journeys.walk import WAYS, begin, sign_in, steady

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Fewer falls at night on Ward 7"
PROBLEM = (
    "Four patients fell at night last month. Bells hang on the wall, so nobody can "
    "ring for help before getting up."
)
MOST_TAPS = 5  # start, three boxes, register
AIM = "Halve falls at night on our ward by Easter."


@pytest.mark.parametrize("way", WAYS)
def test_a_project_is_registered_in_under_three_minutes(way, visit, frontline):
    hand = begin(visit, way)
    sign_in(hand, frontline)
    hand.sees("My work")
    steady(hand, "my-work-newcomer")

    hand.reset()
    hand.link("Start something")
    assert hand.box("Unit").locator("option:checked").inner_text().strip() == "Ward 7"
    hand.write("Title", TITLE)
    hand.write("What is the problem?", PROBLEM)
    hand.write("What do you want to achieve?", AIM)
    steady(hand, "register-filled")
    hand.button("Register")

    hand.sees("Your reference is")
    steady(hand, "register-done")
    assert hand.main.get_by_role("link", name="Plan a first test").count() == 1
    project = Project.objects.get()
    assert (project.title, project.unit) == (TITLE, frontline.home_unit)
    assert [aim.statement for aim in project.aims.all()] == [AIM]
    assert hand.minutes() < 3
    assert hand.boxes == 3
    assert hand.presses <= MOST_TAPS
    assert len(hand.saves) == 1
