"""F1-F12 on tests and ramps in memory and in the database."""

from datetime import date, timedelta

import pytest

from pdsa import services
from pdsa.fidelity import (
    cycle_rules,
    next_prompt,
    points_in_a_row,
    ramp_rules,
    scale_grows,
    segments,
)
from pdsa.models import Cycle, Ramp
from pdsa.selectors.rollup import rollup_scale_grows
from qiportal.core.dates import now, today
from tests.factories import (
    ChangeIdeaFactory,
    CycleFactory,
    PredictionFactory,
    ProjectFactory,
    RampFactory,
)

pytestmark = pytest.mark.django_db


def states(findings):
    return {finding.code: finding.state for finding in findings}


@pytest.fixture
def ramp(project):
    idea = ChangeIdeaFactory(project=project, because="it reminds people")
    return RampFactory(project=project, change_idea=idea)


def whole(ramp, **given):
    """A test with all four stages, stamped an hour apart."""
    start = now() - timedelta(hours=5)
    stamps = [start + timedelta(hours=n) for n in range(6)]
    names = ("plan_started_at", "do_started_at", "do_finished_at")
    more = ("study_started_at", "study_finished_at", "act_decided_at")
    values = dict(zip((*names, *more), stamps, strict=True))
    texts = {
        "observations": "Seen",
        "results": "4 of 5",
        "learned": "The check works",
        "decision": "adapt",
        "why": "Nearly",
        "do_on": today(),
        "study_on": today(),
    }
    return CycleFactory(ramp=ramp, **{**values, **texts, **given})


def test_an_empty_plan(ramp):
    found = states(cycle_rules(CycleFactory(ramp=ramp)))
    assert found == {
        "F1": "not_yet",
        "F2": "not_yet",
        "F3": "not_yet",
        "F4": "not_yet",
        "F5": "not_yet",
        "F6": "met",
    }


def test_a_whole_test_meets_all_six(ramp, lead):
    cycle = whole(ramp)
    early = PredictionFactory(cycle=cycle, first_saved_at=cycle.plan_started_at)
    services.cycle_study(
        cycle=cycle,
        version=1,
        study_on=today(),
        results="4",
        learned="It works",
        outcomes={early.pk: ("as_predicted", "")},
        by=lead,
    )
    cycle = Cycle.objects.get()
    assert set(states(cycle_rules(cycle)).values()) == {"met"}
    assert next_prompt(cycle, cycle_rules(cycle)) == ""


def test_a_prediction_after_the_start_does_not_count(ramp):
    cycle = whole(ramp)
    PredictionFactory(cycle=cycle, first_saved_at=cycle.do_finished_at)
    assert states(cycle_rules(cycle))["F4"] == "not_yet"


def test_a_prediction_written_after_the_stated_day_does_not_count(ramp):
    cycle = whole(ramp, do_on=today() - timedelta(days=3))
    PredictionFactory(cycle=cycle, first_saved_at=cycle.plan_started_at)
    assert states(cycle_rules(cycle))["F4"] == "not_yet"


def test_learning_that_repeats_the_plan_is_none(ramp):
    cycle = whole(ramp, plan="Check the bells", learned=" check  the bells. ")
    assert states(cycle_rules(cycle))["F3"] == "not_yet"


def test_two_changes_at_once(ramp, project):
    cycle = CycleFactory(ramp=ramp)
    cycle.other_change_ideas.add(ChangeIdeaFactory(project=project))
    assert states(cycle_rules(cycle))["F6"] == "not_yet"
    cycle.other_ideas = 0  # as a list page annotates it
    assert states(cycle_rules(cycle))["F6"] == "met"


def test_collecting_information_tests_no_change(project):
    cycle = CycleFactory(
        ramp=RampFactory(project=project), purpose="collect_information"
    )
    found = states(cycle_rules(cycle))
    assert {found[code] for code in ("F4", "F5", "F6")} == {"not_applicable"}
    assert found["F3"] == "not_yet"
    ramp_found = states(ramp_rules(cycle.ramp, [cycle], data_over_time=False))
    assert ramp_found["F7"] == "not_applicable"


@pytest.mark.parametrize(
    ("scales", "adopt_at", "grows"),
    [
        ([1, 2, 2, 4], 3, True),
        ([5], 0, False),
        ([2, 1], None, False),
        ([1, 2], None, True),
        ([2, 2], None, False),
        ([1, None, 3], None, True),
        ([1, 2, 1], 1, True),
        ([], None, False),
    ],
)
def test_scale_grows_step_by_step(scales, adopt_at, grows):
    cycles = [
        Cycle(number=n, scale=scale, decision="adopt" if n == adopt_at else "")
        for n, scale in enumerate(scales)
    ]
    assert scale_grows(cycles) is grows


def test_a_ramp_that_grows_and_builds_on_itself(ramp):
    first = whole(ramp, number=1, scale=1)
    later = first.act_decided_at + timedelta(hours=1)
    second = CycleFactory(
        ramp=ramp,
        number=2,
        scale=2,
        previous=first,
        carried_learning="Use a pen",
        plan_started_at=later,
        do_started_at=later,
    )
    found = ramp_rules(ramp, [first, second], data_over_time=True)
    assert set(states(found).values()) == {"met"}


def test_a_second_test_that_began_too_early_is_not_linked(ramp):
    first = whole(ramp, number=1, scale=1)
    second = CycleFactory(
        ramp=ramp,
        number=2,
        previous=first,
        carried_learning="x",
        plan_started_at=first.plan_started_at,
        do_started_at=first.do_started_at,
    )
    found = states(ramp_rules(ramp, [first, second], data_over_time=False))
    assert found["F9"] == "not_yet"
    assert found["F8"] == "met"
    assert found["F11"] == "not_yet"


def test_a_large_first_test_and_no_reason(project):
    bare = RampFactory(project=project)
    cycle = CycleFactory(ramp=bare, scale=5)
    found = states(ramp_rules(bare, [cycle], data_over_time=False))
    assert (found["F7"], found["F12"], found["F8"]) == ("not_yet",) * 3


@pytest.mark.parametrize(
    ("days", "enough"),
    [
        ([], False),
        ([date(2026, 1, 1), date(2026, 2, 1)], False),
        ([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)], True),
        ([date(2026, 1, 1), date(2026, 2, 1), date(2026, 4, 1)], False),
        (
            [date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 15)],
            True,
        ),
    ],
)
def test_three_numbers_in_a_row(days, enough):
    assert points_in_a_row([[], days]) is enough


def test_five_neutral_segments_and_one_prompt(ramp):
    cycle = CycleFactory(ramp=ramp)
    found = cycle_rules(cycle)
    shown = segments(found)
    assert len(shown) == 5
    assert shown[0] == {"label": "One change at a time", "state": "met"}
    assert next_prompt(cycle, found) == "Write what you expect before you start."


def test_rollup_counts_ramps_of_two_tests_in_the_month_of_the_newest(ramp, project):
    for number, scale, day in ((1, 1, date(2026, 1, 5)), (2, 3, date(2026, 3, 9))):
        CycleFactory(ramp=ramp, number=number, scale=scale, do_on=day)
    flat = RampFactory(project=project)
    for number in (1, 2):
        CycleFactory(ramp=flat, number=number, scale=2, do_on=date(2026, 3, 9))
    CycleFactory(ramp=RampFactory(project=project), do_on=date(2026, 3, 9))
    public = RampFactory(project=ProjectFactory(is_public_data=True))
    for number in (1, 2):
        CycleFactory(ramp=public, number=number, scale=2, do_on=date(2026, 3, 9))
    rows = rollup_scale_grows(months=[date(2026, 3, 1)])
    assert rows == [(project.unit_id, date(2026, 3, 1), 1, 2, 2)]
    assert rollup_scale_grows(months=[date(2026, 1, 1)]) == []


def test_a_ramp_has_no_rules_of_its_own_without_tests():
    found = states(ramp_rules(Ramp(), [], data_over_time=False))
    assert found["F7"] == "not_applicable"
