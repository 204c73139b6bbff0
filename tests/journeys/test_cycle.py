"""Amina takes one change through Plan, Do, Study and Act, and plans the next test."""

from datetime import timedelta

import pytest

from pdsa.models import Cycle
from qiportal.core.dates import today
from tests.journeys.scene import falls_project
from tests.journeys.walk import WAYS, begin, look, steady

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STAGES = ("do", "finish", "study", "act", "next")  # one request that saves for each
MOST_TAPS = 30
MOST_BOXES = 10


def plan(hand):
    hand.link("Plan a test")
    hand.write("What do you want to find out?", "Does a bell check help?")
    hand.choose("A new change")
    hand.write("The new change", "Bell check at handover")
    hand.write("What do you expect?", "4 of 5 bells will be in reach")
    hand.choose("More")
    give_a_task(hand)
    hand.choose("One shift or clinic")
    hand.write("How many times?", "5")
    hand.day("Look at it on", today() + timedelta(days=4))
    look(hand, "plan-filled")
    hand.button("Save the plan")
    hand.sees("The test is planned.")
    hand.sees("Print signs")
    steady(hand, "test-planned")


def give_a_task(hand):
    """The folded part opens; one more row comes without leaving the page."""
    hand.press(hand.main.locator("summary", has_text="Who does what"))
    hand.write("What is to be done?", "Print signs")
    hand.press(hand.main.get_by_role("button", name="Add another"))
    hand.main.get_by_role("group", name="Row 3").wait_for()
    second = hand.box("What is to be done?").nth(1)
    assert second.evaluate("element => element === document.activeElement")
    assert hand.box("What do you want to find out?").input_value() != ""


def observe(hand):
    hand.link("Log what happened")
    hand.sees("You expect: 4 of 5 bells will be in reach")
    hand.choose("As planned")
    hand.write("What happened?", "Three in reach, one under the pillow.")
    hand.button("Save")
    hand.sees("Saved. 1 of 5 done. Study is due")
    steady(hand, "do-saved")


def finish(hand):
    hand.link("Finish this test", exact=False)
    steady(hand, "do-finish")
    hand.button("Save and go on to Study")
    hand.sees("Study: what did it show?")
    hand.write("What did you find?", "4 of 5 bells were in reach")
    hand.choose("As we expected")
    hand.write("What did you learn?", "Bells move when visitors sit down.")
    steady(hand, "study-filled")
    hand.button("Save and go on to Act")
    hand.sees("Act: what now?")
    hand.choose("Adapt")
    hand.write("Why?", "Try it with a sign for visitors.")
    steady(hand, "act-filled")
    hand.button("Save the decision")
    hand.sees("Your decision is saved.")


def follow(hand):
    hand.link("Plan the next test")
    learned = hand.box("What did you learn that shapes this test?").input_value()
    assert learned == "Bells move when visitors sit down."
    objective = hand.box("What do you want to find out?").input_value()
    assert objective == "Does a bell check help?"
    assert hand.box("What is to be done?").first.input_value() == "Print signs"
    hand.write("What do you expect?", "5 of 5 with the sign")
    hand.choose("Whole ward")
    look(hand, "next-filled")
    hand.button("Save the plan")
    hand.sees("The next test is planned.")


@pytest.mark.parametrize("way", WAYS)
def test_a_change_goes_round_the_cycle(way, visit, frontline):
    project = falls_project(frontline)
    hand = begin(visit, way, frontline)
    hand.visitor.open(project.get_absolute_url())
    for stage in (plan, observe, finish, follow):
        stage(hand)

    first, second = Cycle.objects.order_by("number")
    prediction = first.predictions.get()
    assert prediction.first_saved_at < first.do_started_at
    assert prediction.outcome.outcome == "as_predicted"
    assert "one under the pillow" in first.observations
    assert (first.decision, first.actual_n, first.scale) == ("adapt", 1, 3)
    assert (second.previous, second.scale, second.stage) == (first, 5, "plan")
    assert [task.what for task in (*first.tasks.all(), *second.tasks.all())] == [
        "Print signs"
    ] * 2

    pages = [url.rstrip("/").rpartition("/cycles/")[2] for url in hand.saves]
    at = f"{first.pk}/"
    assert pages == ["new", *(f"{at}{stage}" for stage in STAGES)]
    assert hand.presses <= MOST_TAPS
    assert hand.boxes <= MOST_BOXES
    assert hand.minutes() < 3
