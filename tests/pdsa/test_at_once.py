"""Two people at the same moment: the prediction lock, the stage stamps, the numbers."""

import threading
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection

from pdsa import services
from pdsa.models import Cycle, DataPoint, MeasureState, Prediction
from pdsa.selectors.cycles import is_prior
from qiportal.core.dates import add_months, today
from qiportal.core.versions import Conflict
from tests.factories import (
    CycleFactory,
    MeasureFactory,
    MemberFactory,
    ProjectFactory,
    RampFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def together(*actions):
    """Runs all actions at once, each on its own connection; results or errors."""
    gate = threading.Barrier(len(actions))
    answers: list = [None] * len(actions)

    def run(place, action):
        gate.wait()
        try:
            answers[place] = action()
        except (Conflict, ValidationError) as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    return answers


@pytest.fixture
def work():
    """A project, its lead, a planned test."""
    project = ProjectFactory()
    lead = MemberFactory(project=project, relation="lead").user
    return project, lead, CycleFactory(ramp=RampFactory(project=project))


@pytest.mark.parametrize("_round", range(5))
def test_a_prediction_and_the_start_of_do_never_cross(work, _round):
    _, lead, cycle = work
    together(
        lambda: services.prediction_add(cycle=cycle, statement="4 of 5", by=lead),
        lambda: services.cycle_start_do(cycle=cycle, by=lead),
        lambda: services.prediction_add(cycle=cycle, statement="5 of 5", by=lead),
    )
    cycle = Cycle.objects.get()
    for row in Prediction.objects.all():
        before = row.first_saved_at <= cycle.do_started_at
        assert is_prior(cycle, row) is before
    first = Prediction.objects.order_by("first_saved_at").first()
    late = services.prediction_add(
        cycle=cycle, statement="3 of 5", supersedes=first, by=lead
    )
    assert not is_prior(Cycle.objects.get(), late)


def test_only_one_of_two_replaces_a_prediction(work):
    _, lead, cycle = work
    first = services.prediction_add(cycle=cycle, statement="4 of 5", by=lead)
    answers = together(
        *(
            lambda text=text: services.prediction_add(
                cycle=cycle, statement=text, supersedes=first, by=lead
            )
            for text in ("3 of 5", "5 of 5")
        )
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    assert Prediction.objects.filter(supersedes=first).count() == 1


def test_only_one_of_two_editors_wins(work):
    _, lead, cycle = work
    answers = together(
        *(
            lambda text=text: services.cycle_plan_change(
                cycle=cycle, version=1, plan=services.Plan(text), by=lead
            )
            for text in ("Mine", "Yours")
        )
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    kept = next(answer for answer in answers if isinstance(answer, Cycle))
    assert Cycle.objects.get().objective == kept.objective


def test_two_observations_both_count(work):
    _, lead, cycle = work
    together(
        *(
            lambda note=note: services.cycle_record_do(
                cycle=cycle, added=2, note=note, by=lead
            )
            for note in ("In reach", "Under the pillow")
        )
    )
    cycle = Cycle.objects.get()
    assert cycle.actual_n == 4
    assert "In reach" in cycle.observations
    assert "Under the pillow" in cycle.observations


def test_the_same_forms_sent_five_times_at_once(work):
    project, lead, _ = work
    measure = MeasureFactory(project=project)
    key, other = uuid.uuid4(), uuid.uuid4()
    points = together(
        *[
            lambda: services.data_point_record(
                measure=measure,
                period_start=date(2026, 1, 1),
                numerator=Decimal(5),
                submission_id=key,
                by=lead,
            )
        ]
        * 5
    )
    cycles = together(
        *[
            lambda: services.cycle_plan(
                project=project,
                plan=services.Plan("Once"),
                submission_id=other,
                by=lead,
            )
        ]
        * 5
    )
    assert len({point.pk for point in points}) == 1
    assert len({cycle.pk for cycle in cycles}) == 1
    assert DataPoint.objects.count() == 1


def test_numbers_saved_at_once_are_all_in_the_state(work):
    project, lead, _ = work
    measure = MeasureFactory(project=project)
    together(
        *(
            lambda n=n: services.data_point_record(
                measure=measure,
                period_start=add_months(date(2025, 1, 1), n),
                numerator=Decimal(n),
                by=lead,
            )
            for n in range(6)
        )
    )
    assert MeasureState.objects.get(measure=measure).n == 6


def test_two_next_tests_get_two_numbers(work):
    project, lead, cycle = work
    answers = together(
        *(
            lambda text=text: services.cycle_plan(
                project=project, ramp=cycle.ramp, plan=services.Plan(text), by=lead
            )
            for text in ("One", "Two")
        )
    )
    assert {answer.number for answer in answers} == {cycle.number + 1, cycle.number + 2}


def test_do_started_twice_keeps_the_first_stamp(work):
    _, lead, cycle = work
    started = together(
        *[lambda: services.cycle_start_do(cycle=cycle, do_on=today(), by=lead)] * 2
    )
    assert started[0].do_started_at == started[1].do_started_at
