"""Amina takes one change through Plan, Do, Study and Act, and plans the next test."""

from datetime import timedelta

import pytest

from pdsa.models import Cycle
from qiportal.core.dates import today
from tests.journeys.scene import falls_project
from tests.journeys.walk import WAYS, begin, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def plan(hand):
    hand.link("Plan a test")
    look(hand, "plan-empty")
    hand.write("What do you want to find out?", "Does a bell check help?")
    hand.choose("A new change")
    hand.write("The new change", "Bell check at handover")
    hand.write("What do you expect?", "4 of 5 bells will be in reach")
    hand.choose("More")
    hand.choose("One shift or clinic")
    hand.write("How many times?", "5")
    hand.day("Look at it on", today() + timedelta(days=4))
    look(hand, "plan-filled")
    hand.button("Save the plan")
    hand.sees("The test is planned.")
    look(hand, "test-planned")


def observe(hand):
    hand.link("Log what happened")
    hand.sees("You expect: 4 of 5 bells will be in reach")
    look(hand, "do-empty")
    hand.choose("As planned")
    hand.write("What happened?", "Three in reach, one under the pillow.")
    hand.button("Save")
    hand.sees("Saved. 1 of 5 done. Study is due")
    look(hand, "do-saved")


def finish(hand):
    hand.link("Finish this test", exact=False)
    look(hand, "do-finish")
    hand.button("Save and go on to Study")
    hand.sees("Study: what did it show?")
    look(hand, "study-empty")
    hand.write("What did you find?", "4 of 5 bells were in reach")
    hand.choose("As we expected")
    hand.write("What did you learn?", "Bells move when visitors sit down.")
    look(hand, "study-filled")
    hand.button("Save and go on to Act")
    hand.sees("Act: what now?")
    look(hand, "act-empty")
    hand.choose("Adapt")
    hand.write("Why?", "Try it with a sign for visitors.")
    hand.button("Save the decision")
    hand.sees("Your decision is saved.")
    look(hand, "test-done")


def follow(hand):
    hand.link("Plan the next test")
    look(hand, "next-empty")
    learned = hand.box("What did you learn that shapes this test?").input_value()
    assert learned == "Bells move when visitors sit down."
    objective = hand.box("What do you want to find out?").input_value()
    assert objective == "Does a bell check help?"
    hand.write("What do you expect?", "5 of 5 with the sign")
    hand.choose("Whole ward")
    hand.button("Save the plan")
    hand.sees("The next test is planned.")
    look(hand, "next-planned")


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
    hand.visitor.open(project.get_absolute_url())
    look(hand, "project-after-a-cycle")
