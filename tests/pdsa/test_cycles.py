"""Stages, stamps and the prediction lock."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from pdsa import services
from pdsa.models import Cycle, CycleOutcome, Prediction
from pdsa.selectors.cycles import compared_predictions, is_prior
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import month_start, today
from qiportal.core.versions import Conflict
from tests.factories import ChangeIdeaFactory, MeasureFactory, ProjectFactory


def planned(project, lead, *, plan="", **given):
    idea = ChangeIdeaFactory(project=project, title="Bedside board")
    names = services.Plan.__dataclass_fields__.keys() & given.keys()
    written = {name: given.pop(name) for name in names}
    return services.cycle_plan(
        project=project,
        plan=services.Plan("Does a board help?", plan=plan, **written),
        by=lead,
        **{"change_idea": idea, **given},
    )


def expect(cycle, lead, statement="4 of 5", **given):
    return services.prediction_add(cycle=cycle, statement=statement, by=lead, **given)


def done(cycle, lead, **given):
    cycle.refresh_from_db()
    values = {"do_on": today(), "observations": "We looked.", **given}
    return services.cycle_finish_do(
        cycle=cycle, version=cycle.version, by=lead, **values
    )


def studied(cycle, lead, **given):
    cycle.refresh_from_db()
    values = {"study_on": today(), "results": "4 of 5", "learned": "Boards help."}
    return services.cycle_study(
        cycle=cycle, version=cycle.version, by=lead, **{**values, **given}
    )


def test_a_whole_cycle(project, lead):
    cycle = planned(project, lead, scale=1, planned_n=5)
    assert (cycle.number, cycle.stage, cycle.ramp.title) == (1, "plan", "Bedside board")
    prediction = expect(cycle, lead)
    cycle = services.cycle_record_do(
        cycle=cycle, note="Went well", added=2, conduct="as_planned", by=lead
    )
    assert (cycle.stage, cycle.actual_n, cycle.do_on) == ("do", 2, today())
    assert cycle.month == month_start(today())
    assert "(2 more, as planned): Went well" in cycle.observations
    cycle = done(cycle, lead, actual_n=5)
    cycle = studied(cycle, lead, outcomes={prediction.pk: ("partly", "4, not 5")})
    assert CycleOutcome.objects.get().outcome == "partly"
    cycle = services.cycle_act(
        cycle=cycle,
        version=cycle.version,
        decision="adopt",
        why="It works",
        standard_work_owner=lead,
        by=lead,
    )
    assert cycle.stage == "done"
    idea = cycle.ramp.change_idea
    idea.refresh_from_db()
    assert (idea.status, idea.standard_work_owner) == ("adopted", lead)
    types = set(AuditEvent.objects.values_list("type", flat=True))
    assert {"cycle.planned", "prediction.saved", "cycle.decided"} <= types


def test_stages_cannot_be_skipped(project, lead):
    cycle = planned(project, lead)
    with pytest.raises(ValidationError, match="Finish the Do stage first"):
        studied(cycle, lead)
    done(cycle, lead)
    cycle.refresh_from_db()
    with pytest.raises(ValidationError, match="Finish the Study stage first"):
        services.cycle_act(
            cycle=cycle, version=cycle.version, decision="adapt", why="x", by=lead
        )


def test_the_plan_is_kept_once_do_has_started(project, lead):
    cycle = services.cycle_start_do(cycle=planned(project, lead), by=lead)
    with pytest.raises(ValidationError, match="its plan is kept as it was"):
        services.cycle_plan_change(
            cycle=cycle, version=cycle.version, plan=services.Plan("New"), by=lead
        )


def test_a_prediction_after_do_started_is_an_amendment(project, lead):
    cycle = planned(project, lead)
    first = expect(cycle, lead)
    cycle = services.cycle_start_do(cycle=cycle, by=lead)
    later = expect(cycle, lead, "5 of 5", supersedes=first)
    cycle = Cycle.objects.get()
    assert is_prior(cycle, first)
    assert not is_prior(cycle, later)
    assert compared_predictions(cycle) == [first]
    assert AuditEvent.objects.filter(type="prediction.amended").count() == 1


def test_a_correction_before_do_takes_the_place_of_the_first(project, lead):
    cycle = planned(project, lead)
    second = expect(cycle, lead, "5 of 5", supersedes=expect(cycle, lead))
    assert compared_predictions(cycle) == [second]
    assert Prediction.objects.count() == 2


def test_a_test_said_to_be_older_than_its_prediction_has_none_before(project, lead):
    cycle = planned(project, lead)
    first = expect(cycle, lead)
    cycle = services.cycle_start_do(
        cycle=cycle, do_on=today() - timedelta(days=2), by=lead
    )
    assert not is_prior(cycle, first)


def test_only_one_may_replace_a_prediction(project, lead):
    cycle = planned(project, lead)
    first = expect(cycle, lead)
    expect(cycle, lead, "5 of 5", supersedes=first)
    with pytest.raises(ValidationError, match="changed this expectation already"):
        expect(cycle, lead, "3 of 5", supersedes=first)


def test_stated_dates_never_lie_in_the_future(project, lead):
    cycle = planned(project, lead)
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(ValidationError, match="future"):
        services.cycle_start_do(cycle=cycle, do_on=tomorrow, by=lead)
    done(cycle, lead)
    with pytest.raises(ValidationError, match="future"):
        studied(cycle, lead, study_on=tomorrow)


def test_study_does_not_come_before_the_day_of_the_test(project, lead):
    cycle = planned(project, lead)
    done(cycle, lead)
    with pytest.raises(ValidationError, match="before the day of the test"):
        studied(cycle, lead, study_on=today() - timedelta(days=1))


def test_two_editors_of_one_plan(project, lead):
    cycle = planned(project, lead)
    services.cycle_plan_change(
        cycle=cycle, version=1, plan=services.Plan("Is it quicker?"), by=lead
    )
    with pytest.raises(Conflict):
        services.cycle_plan_change(
            cycle=cycle, version=1, plan=services.Plan("Is it safer?"), by=lead
        )
    assert Cycle.objects.get().objective == "Is it quicker?"


def test_the_same_observation_sent_twice_counts_once(project, lead, faker_id):
    cycle = planned(project, lead)
    for _ in range(2):
        services.cycle_record_do(
            cycle=cycle, added=2, note="Seen", submission_id=faker_id, by=lead
        )
    cycle.refresh_from_db()
    assert cycle.actual_n == 2
    assert cycle.observations.count("Seen") == 1


def test_the_same_plan_sent_twice_makes_one_test(project, lead, faker_id):
    idea = ChangeIdeaFactory(project=project)
    made = [
        planned(project, lead, change_idea=idea, submission_id=faker_id)
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_the_next_test_copies_the_plan_and_demands_learning(project, lead):
    measure = MeasureFactory(project=project)
    first = planned(project, lead, scale=1, plan="Amina tries it", measures=[measure])
    done(first, lead)
    first = studied(first, lead)
    with pytest.raises(ValidationError, match="what you learned"):
        services.cycle_next(cycle=first, carried_learning=" ", by=lead)
    second = services.cycle_next(cycle=first, carried_learning="Use a pen", by=lead)
    assert (second.number, second.previous, second.plan) == (2, first, "Amina tries it")
    assert list(second.measures.all()) == [measure]
    assert not second.predictions.exists()


def test_no_next_test_before_study(project, lead):
    with pytest.raises(ValidationError, match="Study"):
        services.cycle_next(cycle=planned(project, lead), carried_learning="x", by=lead)


def test_adopting_needs_somebody_who_looks_after_it(project, lead):
    cycle = planned(project, lead)
    done(cycle, lead)
    cycle = studied(cycle, lead)
    with pytest.raises(ValidationError, match="look after it"):
        services.cycle_act(
            cycle=cycle, version=cycle.version, decision="adopt", why="Good", by=lead
        )


def test_a_dropped_idea_keeps_when_it_would_be_tried_again(project, lead):
    cycle = planned(project, lead)
    done(cycle, lead)
    cycle = studied(cycle, lead)
    services.cycle_act(
        cycle=cycle,
        version=cycle.version,
        decision="abandon",
        why="Too slow",
        would_try_if="there were two nurses",
        by=lead,
    )
    idea = cycle.ramp.change_idea
    idea.refresh_from_db()
    assert idea.status == "abandoned"
    assert idea.would_try_if == "there were two nurses"


def test_ideas_and_measures_of_another_project_are_refused(project, lead):
    other = MeasureFactory(project=ProjectFactory())
    with pytest.raises(ValidationError, match="of this project"):
        planned(project, lead, measures=[other])


def test_a_deleted_test_keeps_its_number_and_comes_back(project, lead):
    first = planned(project, lead)
    services.cycle_delete(cycle=first, by=lead)
    second = services.cycle_plan(
        project=project, ramp=first.ramp, plan=services.Plan("Again"), by=lead
    )
    assert second.number == 2
    assert services.cycle_restore(cycle=first, by=lead).deleted_at is None


def test_a_test_deleted_long_ago_stays_deleted(project, lead, time_machine):
    time_machine.move_to(date(2026, 3, 2), tick=False)
    cycle = planned(project, lead)
    services.cycle_delete(cycle=cycle, by=lead)
    time_machine.move_to(date(2026, 4, 2), tick=False)
    with pytest.raises(ValidationError, match="30 days"):
        services.cycle_restore(cycle=cycle, by=lead)
