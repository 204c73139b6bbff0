"""The QR code on the ward's board: join and save in one request, in a few taps."""

from datetime import timedelta

import pytest

from pdsa.models import Cycle, DataPoint
from projects.models import Barrier, ProjectMember
from qiportal.core.dates import today
from tests.browser import settled
from tests.factories import MeasureFactory
from tests.journeys.hands import Thumb
from tests.journeys.scene import bell_test, falls_project
from tests.journeys.walk import PHONE, WAYS, begin, look, steady

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TAPS = 8


def relation(project, user):
    rows = ProjectMember.objects.filter(project=project, user=user, left_on=None)
    return list(rows.values_list("relation", flat=True))


@pytest.fixture
def cycle(lead):
    """A planned test of Lena's project; Amina works on that ward, no more."""
    return bell_test(
        falls_project(lead), lead, planned_end_on=today() + timedelta(days=4)
    )


@pytest.mark.parametrize("way", WAYS)
def test_join_and_save_an_observation_in_one_request(way, visit, cycle, frontline):
    project = cycle.ramp.project
    hand = begin(visit, way, frontline)
    hand.visitor.open(f"/pdsa/team/{frontline.home_unit.code}/")
    steady(hand, "team")
    assert relation(project, frontline) == []

    hand.reset()
    hand.link("Add to a test", exact=False)
    hand.sees("Saving makes you a member")
    look(hand, "team-observation")
    hand.press(hand.page.get_by_role("button", name="One more"))
    hand.choose("As planned")
    hand.write("What happened?", "Two in reach, one under the pillow.")
    hand.button("Join and save")
    hand.sees("Saved. 2 of 5 done. Study is due")
    look(hand, "team-observation-saved")
    assert hand.main.get_by_role("button").count() == 0  # a second tap adds nothing

    assert hand.presses <= MOST_TAPS
    assert hand.boxes == 1
    assert len(hand.saves) == 1
    assert relation(project, frontline) == ["member"]
    cycle.refresh_from_db()
    assert (cycle.stage, cycle.actual_n) == ("do", 2)
    assert "one under the pillow" in cycle.observations


def test_what_is_expected_comes_first(visit, lead, frontline):
    cycle = bell_test(falls_project(lead, team=(frontline,)), lead, expects="")
    hand = begin(visit, "phone", frontline)
    hand.visitor.open(f"/pdsa/team/{frontline.home_unit.code}/")
    hand.link("Add to a test", exact=False)
    hand.write("First: what do you expect?", "4 of 5 in reach")
    hand.choose("More")
    hand.choose("As planned")
    look(hand, "team-expectation-first")
    hand.button("Save")
    hand.sees("You expected: 4 of 5 in reach")

    assert hand.presses <= MOST_TAPS
    assert len(hand.saves) == 1
    cycle.refresh_from_db()
    assert cycle.predictions.get().first_saved_at <= cycle.do_started_at


def test_a_number_is_two_taps_and_a_figure_away(visit, lead, frontline):
    project = falls_project(lead, team=(frontline,))
    MeasureFactory(project=project, name="Falls at night", frequency="weekly")
    hand = begin(visit, "phone", frontline)
    hand.visitor.open("/")
    hand.reset()
    hand.link("Add a number", exact=False)
    hand.day("Week beginning", today())
    hand.write("Number", "3")
    hand.button("Save")
    settled(hand.visitor.page)
    steady(hand, "number-saved")

    assert len(hand.saves) == 1
    assert DataPoint.objects.get().numerator == 3


def test_the_whole_way_without_javascript(visit, cycle, frontline):
    """Sign in, scan, join, log: what the ward does daily needs no script."""
    visitor = visit(width=PHONE, touch=True, javascript=False)
    hand = Thumb(visitor)
    hand.visitor.open(f"/pdsa/team/{frontline.home_unit.code}/")
    hand.write("Email", frontline.email)
    hand.write("Password", "correct horse battery")
    hand.button("Sign in")
    visitor.picture("journey-team-no-script")
    hand.reset()
    hand.link("Add to a test", exact=False)
    hand.choose("As planned")
    hand.write("What happened?", "Two in reach, one under the pillow.")
    hand.button("Join and save")
    hand.sees("Saved. 1 of 5 done.")
    visitor.picture("journey-saved-no-script")

    assert hand.presses <= MOST_TAPS
    assert len(hand.saves) == 1
    assert visitor.sideways() <= 0
    assert visitor.problems == []
    assert relation(cycle.ramp.project, frontline) == ["member"]
    assert Cycle.objects.get().actual_n == 1


def test_being_stuck_is_said_from_the_same_page(visit, cycle, frontline):
    hand = begin(visit, "phone", frontline)
    hand.visitor.open(f"/pdsa/team/{frontline.home_unit.code}/")
    hand.link("We’re stuck", exact=False)
    steady(hand, "stuck-empty")
    hand.write("What are you stuck on?", "Nobody has time for the check after ten.")
    hand.choose("Time to do it")
    hand.choose("Division")
    hand.button("Save")
    hand.sees("Saved. The board and the QI team can see it.")

    barrier = Barrier.objects.get()
    assert (barrier.project, barrier.created_by) == (cycle.ramp.project, frontline)
    assert relation(cycle.ramp.project, frontline) == ["member"]


def test_a_stranger_reads_and_is_not_offered_to_join(visit, cycle, stranger, ward):
    hand = begin(visit, "phone", stranger)
    hand.visitor.open(f"/pdsa/team/{ward.code}/")
    look(hand, "team-stranger")
    assert hand.page.get_by_role("link", name="Add to a test").count() == 0
    path = f"/pdsa/{cycle.ramp.project.reference}/cycles/{cycle.pk}/do/"
    assert hand.page.goto(path).status == 403
