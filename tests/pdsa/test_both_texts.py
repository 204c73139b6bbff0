"""Two people with the same form open: nobody's text is overwritten unseen or lost."""

from datetime import date
from itertools import chain

import pytest
from django.urls import reverse

from pdsa import services
from pdsa.models import CycleOutcome
from pdsa.selectors.cycles import current_predictions
from projects.models import ChangeIdea
from projects.services import status_change
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import today
from tests.factories import (
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    MemberFactory,
    PredictionFactory,
    RampFactory,
)

pytestmark = pytest.mark.django_db


def at(name, project, *keys):
    return reverse(name, args=[project.reference, *keys])


def opened(client, url):
    """What a browser would send back of a form that was opened and not changed."""
    page = client.get(url)
    named = [page.context.get(name) for name in ("expected", "tasks")]
    formsets = [formset for formset in named if formset is not None]
    parts = [[page.context["form"]], *formsets]
    parts += [[formset.management_form] for formset in formsets]
    sent = {}
    for bound in chain.from_iterable(chain.from_iterable(parts)):
        value = bound.value()
        sent[bound.html_name] = "" if value is None or value is False else value
    return sent


@pytest.fixture
def other(project):
    return MemberFactory(project=project, relation="member").user


@pytest.fixture
def cycle(project):
    idea = ChangeIdeaFactory(project=project)
    ramp = RampFactory(project=project, change_idea=idea)
    return CycleFactory(ramp=ramp, number=1)


def studied(cycle, by):
    """The test after Do, with one expectation; gives the expectation."""
    row = PredictionFactory(cycle=cycle, statement="4 of 5")
    cycle = services.cycle_finish_do(
        cycle=cycle, version=cycle.version, do_on=today(), observations="x", by=by
    )
    services.cycle_study(
        cycle=cycle,
        version=cycle.version,
        study_on=today(),
        results="4 of 5",
        learned="It works",
        by=by,
    )
    return row


def test_outcomes_alone_are_not_overwritten(project, cycle, lead, signed_in):
    row = studied(cycle, lead)
    client, url = signed_in(lead), at("cycle_study", project, cycle.pk)
    mine, theirs = opened(client, url), opened(client, url)
    told, note = f"outcome_{row.pk}", f"note_{row.pk}"
    client.post(url, theirs | {told: "as_predicted", note: "Their note"})
    answer = client.post(url, mine | {told: "not", note: "My note"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Their note", "My note", "As we expected", "Not as we expected"):
        assert words in page
    assert CycleOutcome.objects.get().note == "Their note"
    now = page.split('name="version" value="')[1].split('"')[0]
    client.post(url, mine | {told: "not", note: "Both notes", "version": now})
    assert CycleOutcome.objects.get().note == "Both notes"
    kept = AuditEvent.objects.filter(type="cycle.studied").values_list("new", flat=True)
    assert any("Their note" in str(new) for new in kept)


def test_measures_of_a_plan_alone_are_not_overwritten(project, cycle, lead, signed_in):
    falls, bells = (MeasureFactory(project=project, name=n) for n in ("Falls", "Bells"))
    client, url = signed_in(lead), at("cycle_plan", project, cycle.pk)
    mine, theirs = opened(client, url), opened(client, url)
    client.post(url, theirs | {"measures": [falls.pk]})
    answer = client.post(url, mine | {"measures": [bells.pk]})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'id="theirs-measures">Falls' in page
    assert 'id="yours-measures">Bells' in page
    assert list(cycle.measures.all()) == [falls]


def test_expectations_stand_side_by_side_and_none_comes_twice(
    project, cycle, lead, signed_in
):
    PredictionFactory(cycle=cycle, statement="4 of 5")
    PredictionFactory(cycle=cycle, statement="No falls")
    client, url = signed_in(lead), at("cycle_plan", project, cycle.pk)
    mine, theirs = opened(client, url), opened(client, url)
    theirs |= {"expect-0-statement": "5 of 5", "expect-1-statement": "One fall"}
    client.post(url, theirs)
    answer = client.post(url, mine | {"expect-0-statement": "3 of 5"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("5 of 5", "3 of 5", "One fall", "No falls"):
        assert words in page
    cycle.refresh_from_db()
    mine |= {"expect-0-statement": "3 of 5", "version": cycle.version}
    assert client.post(url, mine).status_code == 302
    said = sorted(row.statement for row in current_predictions(cycle))
    assert said == ["3 of 5", "One fall"]
    assert cycle.predictions.count() == 5


def test_an_expectation_on_its_own_counts_as_a_change_of_the_plan(
    project, cycle, lead, signed_in
):
    client, url = signed_in(lead), at("cycle_plan", project, cycle.pk)
    mine = opened(client, url)
    expect = at("prediction_add", project, cycle.pk)
    client.post(expect, {"statement": "Theirs: 5 of 5"})
    answer = client.post(url, mine | {"objective": "Mine"})
    assert answer.status_code == 409
    assert "Theirs: 5 of 5" in answer.content.decode()


def test_a_decision_shows_what_was_said_of_the_idea(
    project, cycle, lead, other, signed_in
):
    studied(cycle, lead)
    client, url = signed_in(lead), at("cycle_act", project, cycle.pk)
    mine, theirs = opened(client, url), opened(client, url)
    theirs |= {"decision": "abandon", "why": "No", "would_try_if": "Two at night"}
    client.post(url, theirs)
    mine |= {"decision": "adopt", "why": "Yes", "standard_work_owner": other.pk}
    page = client.post(url, mine).content.decode()
    for words in ("Abandon", "Adopt", "Two at night", str(other)):
        assert words in page
    assert ChangeIdea.objects.get().status == "abandoned"


def test_a_plan_sent_after_the_start_is_shown_not_thrown_away(
    project, cycle, lead, signed_in
):
    client, url = signed_in(lead), at("cycle_plan", project, cycle.pk)
    mine = opened(client, url) | {"objective": "My long text", "plan": "Mine too"}
    services.cycle_start_do(cycle=cycle, by=lead)
    answer = client.post(url, mine)
    assert answer.status_code == 409
    assert "My long text" in answer.content.decode()
    cycle.refresh_from_db()
    answer = client.post(url, mine | {"version": cycle.version})
    page = answer.content.decode()
    assert "its plan is kept as it was" in page
    assert "My long text" in page
    assert client.get(url).status_code == 302


def test_an_observation_sent_too_late_is_shown_again(project, cycle, lead, signed_in):
    client, url = signed_in(lead), at("cycle_do", project, cycle.pk)
    mine = opened(client, url) | {"note": "The bell was under the bed"}
    services.cycle_finish_do(
        cycle=cycle, version=1, do_on=today(), observations="x", by=lead
    )
    page = client.post(url, mine).content.decode()
    assert "The Do stage is finished." in page
    assert "The bell was under the bed" in page


def test_saving_for_later_stays_so_through_the_two_texts(
    project, cycle, lead, signed_in
):
    client, url = signed_in(lead), at("cycle_finish", project, cycle.pk)
    mine = opened(client, url) | {"observations": "Mine", "later": "1"}
    services.cycle_record_do(cycle=cycle, note="Theirs", by=lead)
    page = client.post(url, mine).content.decode()
    assert '<input type="hidden" name="later" value="1">' in page


def test_equal_numbers_are_not_called_different(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    first = date(2026, 1, 1)
    point = DataPointFactory(measure=measure, numerator=5, period_start=first)
    client, url = signed_in(lead), at("point_edit", project, measure.pk, point.pk)
    mine, theirs = opened(client, url), opened(client, url)
    client.post(url, theirs | {"note": "Their note"})
    page = client.post(url, mine | {"note": "My note"}).content.decode()
    assert 'id="theirs-note">Their note' in page
    assert 'id="theirs-numerator"' not in page


def test_what_became_of_an_idea_is_not_overwritten(project, lead, signed_in):
    idea = ChangeIdeaFactory(project=project)
    client, url = signed_in(lead), at("idea_outcome", project, idea.pk)
    mine, theirs = opened(client, url), opened(client, url)
    client.post(url, theirs | {"status": "abandoned", "why": "Their reason"})
    answer = client.post(url, mine | {"status": "adopted", "why": "My reason"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Their reason" in page
    assert "My reason" in page
    assert ChangeIdea.objects.get().why == "Their reason"


def test_what_was_learned_is_not_overwritten(project, lead, signed_in):
    client, url = signed_in(lead), at("project_status", project)
    mine = opened(client, url) | {"to": "stopped", "reason": "Why", "learning": "Mine"}
    status_change(project=project, to="completed", learning="Theirs", by=lead)
    answer = client.post(url, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Completed", "Stopped", "Theirs", "Mine"):
        assert words in page
    project.refresh_from_db()
    assert project.learning == "Theirs"


FORMS = {
    "cycle_plan": {"objective": "Mine"},
    "cycle_finish": {"observations": "Mine"},
    "cycle_study": {"results": "Mine", "learned": "x"},
    "cycle_act": {"decision": "adapt", "why": "Mine"},
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_test_holds_its_version(project, cycle, lead, signed_in, name):
    if name in ("cycle_study", "cycle_act"):
        studied(cycle, lead)
    client, url = signed_in(lead), at(name, project, cycle.pk)
    sent = opened(client, url) | FORMS[name]
    assert client.post(url, sent | {"version": ""}).status_code == 200
    assert client.post(url, sent | {"version": 99}).status_code == 409
    assert "Mine" in client.post(url, sent | {"version": 99}).content.decode()
    assert client.post(url, sent).status_code == 302


def test_forms_of_a_project_hold_their_version(project, lead, signed_in):
    client = signed_in(lead)
    measure = MeasureFactory(project=project)
    driver = project.drivers.create(level="primary", text="Bells", created_by=lead)
    idea = ChangeIdeaFactory(project=project)
    places = {
        at("project_edit", project): {"title": "Mine"},
        at("measure_edit", project, measure.pk): {"name": "Mine"},
        at("driver_edit", project, driver.pk): {"text": "Mine"},
        at("idea_edit", project, idea.pk): {"title": "Mine"},
    }
    for url, mine in places.items():
        sent = opened(client, url) | mine
        answer = client.post(url, sent | {"version": 99})
        assert answer.status_code == 409, url
        assert "Mine" in answer.content.decode()
