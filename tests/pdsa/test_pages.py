"""What pages say and do: home, tests, measures, numbers, talk."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pdsa import services
from pdsa.models import Comment, Cycle, DataPoint, Measure, Phase, Prediction, Task
from pdsa.selectors.cycles import is_prior
from projects.models import ChangeIdea, ProjectMember
from projects.services import aim_set
from qiportal.accounts.models import AuditEvent, Notification
from qiportal.core.dates import add_months, today
from tests.factories import (
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    MemberFactory,
    PredictionFactory,
    RampFactory,
)
from tests.pdsa.places import addresses, fill, plan_form

pytestmark = pytest.mark.django_db


def at(name, project, *keys):
    return reverse(name, args=[project.reference, *keys])


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


# --- home ---------------------------------------------------------------------------


def test_an_empty_project_guides_its_team(project, lead, signed_in):
    text = signed_in(lead).get(project.get_absolute_url()).content.decode()
    for words in ("No aim has been written yet", "No test yet", "No measure yet"):
        assert words in text
    assert "Say what you want to achieve" in text
    assert at("cycle_new", project) in text
    assert at("measure_new", project) in text


def test_somebody_else_sees_no_actions(project, stranger, lead, signed_in):
    fill(project, lead)
    text = signed_in(stranger).get(project.get_absolute_url()).content.decode()
    assert "Add a number" not in text
    assert "Next step" not in text
    assert "Measure 0" in text


def test_the_home_page_shows_the_work(project, lead, signed_in):
    aim_set(project=project, statement="Fewer falls by March.", by=lead)
    fill(project, lead, points=14)
    response = signed_in(lead).get(project.get_absolute_url())
    text = response.content.decode()
    assert "Fewer falls by March." in text
    assert "Measure 0: 14 monthly points, Jan 2024 to Feb 2025." in text
    assert "qi-ramp__mark" in text
    assert "Task 0" in text
    assert at("talk_part", project) in text
    assert "style=" not in text
    assert len(response.content) < 60_000


def test_the_prompt_follows_the_open_test(project, lead, signed_in):
    aim_set(project=project, statement="Fewer falls by March.", by=lead)
    MeasureFactory(project=project)
    client = signed_in(lead)
    page = client.get(project.get_absolute_url())
    assert page.context["prompt"]["label"] == "Plan a first test"
    idea = ChangeIdeaFactory(project=project, because="it reminds")
    cycle = CycleFactory(ramp=RampFactory(project=project, change_idea=idea), number=1)
    page = client.get(project.get_absolute_url())
    assert "Write what you expect before you start." in page.context["prompt"]["text"]
    PredictionFactory(cycle=cycle)
    services.cycle_start_do(cycle=cycle, by=lead)
    page = client.get(project.get_absolute_url())
    assert page.context["prompt"]["label"] == "Add to it"


@pytest.mark.parametrize("role", ["lead", "stranger", "qi_team"])
def test_the_home_page_costs_the_same_at_2_and_20(
    role, request, project, lead, signed_in, django_assert_max_num_queries
):
    client = signed_in(request.getfixturevalue(role))
    fill(project, lead, times=2)
    client.get(project.get_absolute_url())
    with CaptureQueriesContext(_connection()) as few:
        client.get(project.get_absolute_url())
    fill_more(project, lead, 18)
    with CaptureQueriesContext(_connection()) as many:
        client.get(project.get_absolute_url())
    assert len(many) == len(few)
    assert len(few) <= 14  # session, user, and 12 of the page


def fill_more(project, lead, times):
    for n in range(2, 2 + times):
        cycle = CycleFactory(ramp=RampFactory(project=project), number=1)
        PredictionFactory(cycle=cycle)
        measure = MeasureFactory(project=project, name=f"Measure {n}")
        DataPointFactory(measure=measure)
        services.measure_state_refresh(measure=measure)
        services.comment_add(project=project, body="More", by=lead)
        services.task_add(project=project, what="More", who=lead, by=lead)


def _connection():
    from django.db import connection

    return connection


@pytest.mark.parametrize(
    "name",
    ["cycle_list", "measure_list", "discussion", "task_list", "talk_part"],
)
def test_lists_cost_the_same_at_2_and_20(name, project, lead, signed_in):
    client = signed_in(lead)
    fill(project, lead, times=2)
    url = at(name, project)
    client.get(url)
    with CaptureQueriesContext(_connection()) as few:
        client.get(url)
    fill_more(project, lead, 18)
    with CaptureQueriesContext(_connection()) as many:
        client.get(url)
    assert len(many) == len(few)


def test_one_test_costs_the_same_with_2_and_20_in_its_ramp(project, lead, signed_in):
    client = signed_in(lead)
    ramp = RampFactory(project=project)
    cycle = CycleFactory(ramp=ramp, number=1)
    CycleFactory(ramp=ramp, number=2)
    url = at("cycle_detail", project, cycle.pk)
    client.get(url)
    with CaptureQueriesContext(_connection()) as few:
        client.get(url)
    for number in range(3, 21):
        PredictionFactory(cycle=CycleFactory(ramp=ramp, number=number))
    with CaptureQueriesContext(_connection()) as many:
        client.get(url)
    assert len(many) == len(few)


def test_a_measure_costs_the_same_with_2_and_20_numbers(project, lead, signed_in):
    client = signed_in(lead)
    measure = MeasureFactory(project=project)
    months = [add_months(date(2024, 1, 1), n) for n in range(20)]
    for day in months[:2]:
        DataPointFactory(measure=measure, period_start=day)
    url = at("measure_detail", project, measure.pk)
    client.get(url)
    with CaptureQueriesContext(_connection()) as few:
        client.get(url)
    for day in months[2:]:
        DataPointFactory(measure=measure, period_start=day)
    with CaptureQueriesContext(_connection()) as many:
        client.get(url)
    assert len(many) == len(few)


def test_a_patient_partner_sees_no_names(project, lead, stranger, signed_in):
    MemberFactory(project=project, user=stranger, relation="patient_partner")
    client = signed_in(stranger)
    assert client.get(project.get_absolute_url()).context["people"] == []
    form = client.get(at("task_list", project)).context["form"]
    assert [person.full_name for person in form.fields["who"].queryset] == [
        "Sam Stranger"
    ]
    form = client.get(at("discussion", project)).context["form"]
    assert "mentions" not in form.fields


def test_after_registering_the_next_steps_are_shown(project, lead, signed_in):
    page = signed_in(lead).get(project.get_absolute_url() + "?registered=1")
    assert "What you may do next" in page.content.decode()


# --- tests --------------------------------------------------------------------------


def test_planning_a_test_with_a_new_idea(project, lead, signed_in):
    response = signed_in(lead).post(at("cycle_new", project), plan_form(), follow=True)
    cycle = Cycle.objects.get()
    assert response.redirect_chain == [(at("cycle_detail", project, cycle.pk), 302)]
    assert cycle.ramp.change_idea.title == "Bell check"
    assert cycle.scale == 1
    prediction = Prediction.objects.get()
    assert (prediction.statement, prediction.value) == ("4 of 5 bells in reach", 4)
    assert ChangeIdea.objects.get().status == "testing"
    assert "4 of 5 bells in reach" in response.content.decode()


def test_an_idea_given_in_the_address_is_chosen(project, lead, signed_in):
    idea = ChangeIdeaFactory(project=project)
    page = signed_in(lead).get(at("cycle_new", project) + f"?idea={idea.pk}")
    assert page.context["form"]["idea"].value() == str(idea.pk)


def test_a_plan_with_gaps_says_what_is_missing(project, lead, signed_in):
    sent = plan_form(objective="", new_idea="", planned_start_on="2030-01-01")
    sent["expect-0-statement"] = ""
    page = signed_in(lead).post(at("cycle_new", project), sent)
    text = page.content.decode()
    assert "<title>\n" in text or "Error:" in text
    assert "Give the new change a name." in text
    assert "This lies before the start." in text
    assert "Say what you expect." in text
    assert not Cycle.objects.exists()


def test_another_projects_idea_cannot_be_chosen(project, lead, signed_in):
    foreign = ChangeIdeaFactory()
    page = signed_in(lead).post(
        at("cycle_new", project), plan_form(idea=str(foreign.pk))
    )
    assert "idea" in page.context["form"].errors
    assert not Cycle.objects.exists()


def test_patient_details_stop_a_plan(project, lead, signed_in):
    sent = plan_form(plan="See NHS number 999 000 0018")
    page = signed_in(lead).post(at("cycle_new", project), sent)
    text = page.content.decode()
    assert "999 000 0018" not in text
    assert "[removed]" in text
    assert not Cycle.objects.exists()


def test_a_doubtful_text_passes_with_an_audited_tick(project, lead, signed_in):
    client = signed_in(lead)
    sent = plan_form(plan="Ring 01632 960 123")
    page = client.post(at("cycle_new", project), sent)
    assert "not_a_patient" in page.content.decode()
    client.post(at("cycle_new", project), {**sent, "not_a_patient": "on"})
    assert Cycle.objects.count() == 1
    event = AuditEvent.objects.get(type="identifier.confirmed_harmless")
    assert event.new == {"ticks": [{"type": "phone", "field": "plan"}]}


def test_changing_a_plan_replaces_what_was_expected(project, lead, signed_in):
    client = signed_in(lead)
    client.post(at("cycle_new", project), plan_form())
    cycle = Cycle.objects.get()
    url = at("cycle_plan", project, cycle.pk)
    first = Prediction.objects.get()
    form = client.get(url).context["expected"][0]
    assert form.initial["statement"] == "4 of 5 bells in reach"
    sent = plan_form(version=1, objective="Is it quicker?")
    sent |= {
        "expect-INITIAL_FORMS": "1",
        "expect-0-replaces": first.pk,
        "expect-0-statement": "5 of 5 bells in reach",
    }
    client.post(url, sent)
    cycle.refresh_from_db()
    assert cycle.objective == "Is it quicker?"
    newest = Prediction.objects.latest("id")
    assert newest.supersedes == first
    client.post(url, {**sent, "version": 2, "expect-0-replaces": newest.pk})
    assert Prediction.objects.count() == 2  # nothing differed


def test_two_people_change_one_plan(project, lead, signed_in):
    client = signed_in(lead)
    client.post(at("cycle_new", project), plan_form())
    cycle = Cycle.objects.get()
    url = at("cycle_plan", project, cycle.pk)
    services.cycle_plan_change(
        cycle=cycle, version=1, plan=services.Plan("Theirs"), by=lead
    )
    page = client.post(url, plan_form(version=1, objective="Mine"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "Theirs" in text
    assert "Mine" in text
    assert "expect-0-statement" in text


def expected_cycle(project):
    """A planned test with a prediction."""
    cycle = CycleFactory(ramp=RampFactory(project=project))
    return PredictionFactory(cycle=cycle).cycle


def log(client, project, cycle, **given):
    sent = {"added": "2", "conduct": "as_planned", "note": "Well", **given}
    return client.post(at("cycle_do", project, cycle.pk), sent, follow=True)


def test_the_first_observation_asks_what_is_expected(project, lead, signed_in):
    cycle = CycleFactory(ramp=RampFactory(project=project), planned_n=5)
    client = signed_in(lead)
    page = log(client, project, cycle)
    assert "expect_statement" in page.context["form"].errors
    page = log(client, project, cycle, expect_statement="4 of 5")
    cycle.refresh_from_db()
    assert is_prior(cycle, cycle.predictions.get())
    assert messages_of(page) == ["Saved. 2 of 5 done. You expected: 4 of 5."]
    assert "expect_statement" not in page.context["form"].fields


def test_an_empty_observation_says_what_to_do(project, lead, signed_in):
    cycle = PredictionFactory(
        cycle=CycleFactory(ramp=RampFactory(project=project))
    ).cycle
    page = log(signed_in(lead), project, cycle, added="", conduct="", note="")
    assert "Say what happened, or count something." in page.content.decode()


def test_an_observation_may_say_it_was_last_week(project, lead, signed_in):
    cycle = PredictionFactory(
        cycle=CycleFactory(ramp=RampFactory(project=project))
    ).cycle
    week_ago = today() - timedelta(days=7)
    log(signed_in(lead), project, cycle, do_on=week_ago.isoformat())
    cycle.refresh_from_db()
    assert cycle.do_on == week_ago
    assert not is_prior(cycle, cycle.predictions.get())


def test_a_colleague_joins_and_saves_in_one_request(
    project, frontline, lead, signed_in
):
    cycle = PredictionFactory(
        cycle=CycleFactory(ramp=RampFactory(project=project))
    ).cycle
    client = signed_in(frontline)
    page = client.get(at("cycle_do", project, cycle.pk))
    assert "Join and save" in page.content.decode()
    log(client, project, cycle)
    assert ProjectMember.objects.filter(user=frontline, relation="member").exists()
    assert Notification.objects.filter(user=lead, kind="member_joined").exists()
    cycle.refresh_from_db()
    assert cycle.actual_n == 2


def test_nobody_joins_when_nothing_is_saved(project, frontline, signed_in):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    log(signed_in(frontline), project, cycle, expect_statement="")
    assert not ProjectMember.objects.filter(user=frontline).exists()


def test_from_do_to_act_on_the_pages(project, lead, signed_in):
    client = signed_in(lead)
    idea = ChangeIdeaFactory(project=project)
    ramp = RampFactory(project=project, change_idea=idea)
    cycle = CycleFactory(ramp=ramp, number=1)
    prediction = PredictionFactory(cycle=cycle)
    log(client, project, cycle)
    cycle.refresh_from_db()
    page = client.get(at("cycle_finish", project, cycle.pk))
    assert "Well" in page.context["form"]["observations"].value()
    sent = {"version": cycle.version, "do_on": today(), "observations": "All went well"}
    page = client.post(at("cycle_finish", project, cycle.pk), sent)
    assert page.url == at("cycle_study", project, cycle.pk)
    cycle.refresh_from_db()
    sent = {
        "version": cycle.version,
        "study_on": today(),
        "results": "4 of 5",
        "learned": "It works at night",
        f"outcome_{prediction.pk}": "partly",
        f"note_{prediction.pk}": "one less",
    }
    page = client.post(at("cycle_study", project, cycle.pk), sent)
    assert page.url == at("cycle_act", project, cycle.pk)
    cycle.refresh_from_db()
    sent = {"version": cycle.version, "decision": "adopt", "why": "It works"}
    page = client.post(at("cycle_act", project, cycle.pk), sent)
    assert "Say who will look after it." in page.content.decode()
    client.post(
        at("cycle_act", project, cycle.pk), {**sent, "standard_work_owner": lead.pk}
    )
    cycle.refresh_from_db()
    assert cycle.stage == "done"
    text = client.get(at("cycle_detail", project, cycle.pk)).content.decode()
    for words in ("Partly", "one less", "It works at night", "Lena Hart", "Seen"):
        assert words in text


def test_finishing_later_keeps_the_stage_open(project, lead, signed_in):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    sent = {"version": 1, "do_on": today(), "observations": "So far", "later": "1"}
    signed_in(lead).post(at("cycle_finish", project, cycle.pk), sent)
    cycle.refresh_from_db()
    assert cycle.stage == "do"
    assert cycle.observations == "So far"


def test_late_writing_is_welcome_and_visible(project, lead, signed_in):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    sent = {
        "version": 1,
        "do_on": today() - timedelta(days=10),
        "observations": "It went well",
    }
    client = signed_in(lead)
    client.post(at("cycle_finish", project, cycle.pk), sent)
    text = client.get(at("cycle_detail", project, cycle.pk)).content.decode()
    assert f"Written up {today().day} {today():%B %Y}" in text


def test_the_next_test_starts_from_the_last(project, lead, signed_in):
    client = signed_in(lead)
    cycle = CycleFactory(ramp=RampFactory(project=project), number=1, plan="As before")
    url = at("cycle_next", project, cycle.pk)
    assert client.get(url).url == at("cycle_study", project, cycle.pk)
    _studied(cycle, lead)
    form = client.get(url).context["form"]
    assert form["plan"].value() == "As before"
    assert form["carried_learning"].value() == "Use a pen"
    sent = plan_form(carried_learning="Use a pen", scale="2")
    client.post(url, sent)
    newest = Cycle.objects.latest("id")
    assert (newest.previous, newest.number, newest.scale) == (cycle, 2, 2)


def _studied(cycle, lead):
    services.cycle_finish_do(
        cycle=cycle, version=1, do_on=today(), observations="Seen", by=lead
    )
    cycle.refresh_from_db()
    services.cycle_study(
        cycle=cycle,
        version=cycle.version,
        study_on=today(),
        results="4",
        learned="Use a pen",
        by=lead,
    )


def test_an_amendment_stands_beside_what_was_expected(project, lead, signed_in):
    client = signed_in(lead)
    cycle = CycleFactory(ramp=RampFactory(project=project))
    PredictionFactory(cycle=cycle, statement="4 of 5")
    services.cycle_start_do(cycle=cycle, by=lead)
    client.post(at("prediction_add", project, cycle.pk), {"statement": "3 of 5"})
    text = client.get(at("cycle_detail", project, cycle.pk)).content.decode()
    assert "Changed after the test began" in text
    assert text.index("4 of 5") < text.index("3 of 5")


def test_a_deleted_test_can_be_brought_back(project, lead, signed_in):
    client = signed_in(lead)
    cycle = CycleFactory(ramp=RampFactory(project=project))
    page = client.post(at("cycle_delete", project, cycle.pk), follow=True)
    text = page.content.decode()
    restore = at("cycle_restore", project, cycle.pk)
    assert restore in text
    assert client.get(at("cycle_detail", project, cycle.pk)).status_code == 404
    client.post(restore)
    assert client.get(at("cycle_detail", project, cycle.pk)).status_code == 200


@pytest.mark.parametrize("key", ["cycle.x", "user.1", "cycle.", "point.5", "."])
def test_a_forged_undo_is_ignored(key, project, lead, signed_in):
    page = signed_in(lead).get(f"{project.get_absolute_url()}?undo={key}")
    assert page.context["undo"] is None


# --- measures and numbers ------------------------------------------------------------

MEASURE = {
    "name": "Bells within reach",
    "kind": "process",
    "data_type": "proportion",
    "operational_definition": "Bells a patient can press at 21:00",
    "numerator_def": "Bells in reach",
    "denominator_def": "Beds taken",
    "direction": "up",
    "frequency": "weekly",
    "decimals": "0",
    "target": "95",
}


def test_adding_a_measure(project, lead, signed_in):
    page = signed_in(lead).post(at("measure_new", project), MEASURE, follow=True)
    measure = Measure.objects.get()
    assert float(measure.targets.get().value) == 0.95
    assert "Target 95% from" in page.content.decode()
    assert "No number yet" in page.content.decode()


def test_a_measure_needs_its_definition_and_its_out_of(project, lead, signed_in):
    sent = {**MEASURE, "operational_definition": "", "denominator_def": ""}
    page = signed_in(lead).post(at("measure_new", project), sent)
    assert set(page.context["form"].errors) == {
        "operational_definition",
        "denominator_def",
    }


def test_a_name_that_is_taken(project, lead, signed_in):
    MeasureFactory(project=project, name="Bells within reach")
    page = signed_in(lead).post(at("measure_new", project), MEASURE)
    assert "already has a measure of that name" in page.content.decode()


def test_changing_a_measure(project, lead, signed_in):
    measure = MeasureFactory(project=project, data_type="count")
    client = signed_in(lead)
    url = at("measure_edit", project, measure.pk)
    shown = client.get(url).context["form"]
    values = {field.name: field.value() for field in shown}
    sent = {name: v for name, v in values.items() if v is not None and v is not False}
    client.post(url, {**sent, "chart_type": "c", "source": "Datix"})
    measure.refresh_from_db()
    assert (measure.chart_type, measure.source, measure.version) == ("c", "Datix", 2)
    page = client.post(url, {**sent, "source": "Radar"})
    assert page.status_code == 409


def test_the_measure_page_tells_the_chart_in_words_and_table(project, lead, signed_in):
    measure = MeasureFactory(project=project, name="Falls", chart_type="xmr")
    for row in range(14):
        DataPointFactory(
            measure=measure,
            period_start=add_months(date(2024, 1, 1), row),
            numerator=10 + 2 * (row % 2),
        )
    page = signed_in(lead).get(at("measure_detail", project, measure.pk))
    text = page.content.decode()
    assert "Falls: 14 monthly points, Jan 2024 to Feb 2025." in text
    assert "Show the numbers" in text
    assert f'id="chart-{measure.pk}-spec"' in text
    assert "<script>" not in text
    assert "plotly-basic" in text


def test_a_page_without_a_chart_loads_no_plotly(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    page = signed_in(lead).get(at("measure_detail", project, measure.pk))
    assert "plotly-basic" not in page.content.decode()


def test_adding_a_number(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    sent = {"period_start": "2026-03-19", "numerator": "1,204", "note": "snow"}
    page = signed_in(lead).post(at("point_add", project, measure.pk), sent, follow=True)
    point = DataPoint.objects.get()
    assert (point.period_start, point.numerator) == (date(2026, 3, 1), 1204)
    assert messages_of(page) == ["Your number is saved."]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"period_start": "", "numerator": "5"}, "period_start"),
        ({"period_start": "someday", "numerator": "5"}, "period_start"),
        ({"period_start": "2099-01-01", "numerator": "5"}, "period_start"),
        ({"period_start": "2026-01-01", "numerator": "five"}, "numerator"),
        ({"period_start": "2026-01-01", "numerator": "-5"}, "numerator"),
    ],
)
def test_numbers_that_cannot_be(sent, field, project, lead, signed_in):
    measure = MeasureFactory(project=project)
    page = signed_in(lead).post(at("point_add", project, measure.pk), sent)
    assert list(page.context["form"].errors) == [field]
    assert "Error: " in page.content.decode()


def test_a_second_number_of_a_month_is_told(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    DataPointFactory(measure=measure, period_start=date(2026, 1, 1))
    sent = {"period_start": "2026-01-31", "numerator": "5"}
    page = signed_in(lead).post(at("point_add", project, measure.pk), sent)
    assert "already has a number for that date" in page.content.decode()


def test_the_next_period_is_offered(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    DataPointFactory(measure=measure, period_start=date(2026, 3, 1))
    page = signed_in(lead).get(at("point_add", project, measure.pk))
    assert page.context["form"].initial["period_start"] == date(2026, 4, 1)


def test_a_colleague_joins_with_a_number(project, frontline, signed_in):
    measure = MeasureFactory(project=project)
    sent = {"period_start": "2026-03-01", "numerator": "5"}
    signed_in(frontline).post(at("point_add", project, measure.pk), sent)
    assert ProjectMember.objects.filter(user=frontline, relation="member").exists()
    assert DataPoint.objects.get().created_by == frontline


def test_correcting_a_number_with_history(project, lead, stranger, signed_in):
    measure = MeasureFactory(project=project)
    client = signed_in(lead)
    sent = {"period_start": "2026-03-01", "numerator": "5"}
    client.post(at("point_add", project, measure.pk), sent)
    point = DataPoint.objects.get()
    url = at("point_edit", project, measure.pk, point.pk)
    client.post(url, {**sent, "numerator": "6", "version": 1})
    page = client.post(
        url, {**sent, "numerator": "6", "version": 2, "is_excluded": "on"}
    )
    assert "Say why this number is left out." in page.content.decode()
    assert client.post(url, {**sent, "version": 1}).status_code == 409
    history = client.get(at("point_history", project, measure.pk, point.pk))
    text = history.content.decode()
    assert "Lena Hart" in text
    assert re.search(r"number: 5.*number: 6", text, re.DOTALL)


def test_deleting_a_number_and_undoing(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    point = DataPointFactory(measure=measure)
    client = signed_in(lead)
    url = at("point_delete", project, measure.pk, point.pk)
    page = client.post(url, follow=True)
    restore = at("point_restore", project, measure.pk, point.pk)
    assert restore in page.content.decode()
    client.post(restore)
    assert DataPoint.objects.get().deleted_at is None


def test_a_restore_that_is_too_late_says_so(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    point = DataPointFactory(measure=measure, period_start=date(2026, 1, 1))
    services.data_point_delete(point=point, by=lead)
    DataPointFactory(measure=measure, period_start=date(2026, 1, 1))
    url = at("point_restore", project, measure.pk, point.pk)
    page = signed_in(lead).post(url, follow=True)
    assert "already has a number" in messages_of(page)[0]


def test_pasting_is_checked_first_and_saved_second(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    url = at("points_paste", project, measure.pk)
    client = signed_in(lead)
    page = client.post(url, {"rows": "Month\tFalls\nJan 2026\t6\nFeb 2026\tx"})
    text = page.content.decode()
    assert "1 row cannot be read." in text
    assert "The number is not a number." in text
    good = {"rows": "Jan 2026\t6\nFeb 2026\t4"}
    page = client.post(url, good)
    assert "Save 2 numbers" in page.content.decode()
    assert not DataPoint.objects.exists()
    page = client.post(url, {**good, "save": "1"}, follow=True)
    assert messages_of(page) == ["2 numbers added, 0 changed, 0 already there."]


def test_a_bad_paste_is_never_saved(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    sent = {"rows": "Jan 2026\t6\nFeb 2026\tx", "save": "1"}
    signed_in(lead).post(at("points_paste", project, measure.pk), sent)
    assert not DataPoint.objects.exists()


def test_uploading_a_file_of_numbers(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    client = signed_in(lead)
    url = at("points_import", project, measure.pk)

    def upload(body, **more):
        return client.post(
            url, {"file": SimpleUploadedFile("falls.csv", body), **more}, follow=True
        )

    page = upload(b"period,numerator\nJan 2026,x\n", check_only="on")
    assert "Line 2, numerator: The numerator is not a number." in page.content.decode()
    page = upload(b"period,numerator\nJan 2026,6\n", check_only="on")
    assert "1 rows can be read" in page.content.decode()
    assert not DataPoint.objects.exists()
    upload(b"period,numerator\nJan 2026,6\n")
    assert DataPoint.objects.get().entered_via == "import"


def test_a_doubtful_note_in_a_file_waits_for_the_tick(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    client = signed_in(lead)
    url = at("points_import", project, measure.pk)
    body = b"period,numerator,note\nJan 2026,6,ring 01632 960 123\n"

    def upload(**more):
        return client.post(
            url, {"file": SimpleUploadedFile("falls.csv", body), **more}, follow=True
        )

    page = upload()
    assert "not_a_patient" in page.context["form"].errors
    assert not DataPoint.objects.exists()
    upload(not_a_patient="on")
    assert DataPoint.objects.count() == 1
    event = AuditEvent.objects.get(type="identifier.confirmed_harmless")
    assert event.new == {"ticks": [{"type": "phone", "field": "note"}]}
    page = upload(not_a_patient="on")
    assert "This file was imported before." in page.content.decode()


def test_the_live_chart_is_one_file_without_network(project, lead, signed_in):
    measure = MeasureFactory(project=project, name="<b>Falls</b>")
    DataPointFactory(measure=measure)
    answer = signed_in(lead).get(at("measure_html", project, measure.pk))
    text = answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert "<title>&lt;b&gt;Falls&lt;/b&gt;</title>" in text
    assert "<b>Falls" not in text.replace("\\u003cb\\u003eFalls", "")
    assert 'src="http' not in text


def test_phases_targets_and_charts_on_the_page(project, lead, signed_in):
    measure = MeasureFactory(project=project, data_type="count")
    for row in range(14):
        day = add_months(date(2024, 1, 1), row)
        DataPointFactory(measure=measure, period_start=day, numerator=5 + row % 3)
    client = signed_in(lead)
    page_url = at("measure_detail", project, measure.pk)
    assert client.get(page_url).context["advice"]["chart_type"] == "c"
    client.post(at("measure_chart", project, measure.pk), {"chart_type": "c"})
    sent = {"starts_on": "2024-08-01", "label": "Bell check", "reason": "All bays"}
    client.post(at("phase_add", project, measure.pk), sent)
    assert Phase.objects.count() == 2
    client.post(
        at("measure_targets", project, measure.pk),
        {"value": "3", "from_date": "2024-01-01"},
    )
    text = client.get(page_url).content.decode()
    for words in ("Baseline", "Bell check", "Target 3 from 1 January 2024", "c chart"):
        assert words in text
    phase = Phase.objects.get(label="Bell check")
    client.post(at("phase_undo", project, measure.pk, phase.pk))
    assert "undone" in client.get(page_url).content.decode()
    target = measure.targets.get()
    client.post(at("target_remove", project, measure.pk, target.pk))
    assert not measure.targets.exists()


def test_the_csv_is_safe_to_open_in_a_spreadsheet(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    DataPointFactory(
        measure=measure, period_start=date(2026, 1, 1), note="=HYPERLINK(1)"
    )
    answer = signed_in(lead).get(at("measure_csv", project, measure.pk))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("period_start,numerator,denominator,value,centre")
    assert "'=HYPERLINK(1)" in lines[1]
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_picture_is_a_file_of_its_own(project, lead, signed_in):
    measure = MeasureFactory(project=project)
    DataPointFactory(measure=measure)
    answer = signed_in(lead).get(at("measure_svg", project, measure.pk))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"<style>" in answer.content


# --- talk ---------------------------------------------------------------------------


def test_anybody_who_sees_the_project_may_talk(project, lead, stranger, signed_in):
    url = at("discussion", project)
    client = signed_in(stranger)
    client.post(url, {"body": "May I visit?", "mentions": [lead.pk]})
    comment = Comment.objects.get()
    assert not ProjectMember.objects.filter(user=stranger).exists()
    news = Notification.objects.get(user=lead, kind="mention")
    assert (news.title, news.reference) == (
        project.title,
        f"{url}#comment-{comment.pk}",
    )
    client.force_login(lead)
    client.post(url, {"body": "Yes", "parent": comment.pk})
    assert Comment.objects.latest("id").parent == comment
    text = client.get(url).content.decode()
    assert text.index("May I visit?") < text.index("Yes")


def test_of_a_long_discussion_the_newest_part_is_shown(
    project, lead, signed_in, monkeypatch
):
    monkeypatch.setattr("pdsa.selectors.talk.MOST", 3)
    told = [
        services.comment_add(project=project, body=f"No {n}", by=lead) for n in "ab"
    ]
    services.comment_add(project=project, body="To the first", parent=told[0], by=lead)
    newest = services.comment_add(project=project, body="Newest", by=lead)
    text = signed_in(lead).get(at("discussion", project)).content.decode()
    assert "No a" not in text
    assert f'id="comment-{newest.pk}"' in text
    assert text.index("No b") < text.index("To the first") < text.index("Newest")


def test_only_ones_own_comment_can_be_deleted(project, lead, stranger, signed_in):
    comment = services.comment_add(project=project, body="Mine", by=stranger)
    client = signed_in(lead)
    delete = at("comment_delete", project, comment.pk)
    assert client.post(delete).status_code == 403
    client.force_login(stranger)
    page = client.post(delete, follow=True)
    restore = at("comment_restore", project, comment.pk)
    assert restore in page.content.decode()
    client.post(restore)
    assert Comment.objects.get().deleted_at is None


def test_an_answer_belongs_to_the_same_project(project, lead, signed_in):
    foreign = services.comment_add(
        project=CycleFactory().ramp.project, body="Elsewhere", by=lead
    )
    page = signed_in(lead).post(
        at("discussion", project), {"body": "Hi", "parent": foreign.pk}
    )
    assert page.status_code == 404


def test_tasks_are_given_done_and_deleted(project, lead, frontline, signed_in):
    MemberFactory(project=project, user=frontline)
    client = signed_in(lead)
    url = at("task_list", project)
    due = today() + timedelta(days=3)
    client.post(url, {"what": "Print signs", "who": frontline.pk, "due_on": due})
    task = Task.objects.get()
    assert Notification.objects.get(user=frontline).kind == "task"
    client.post(at("task_done", project, task.pk))
    task.refresh_from_db()
    assert task.done_by == lead
    client.post(at("task_done", project, task.pk), {"reopen": "1"})
    task.refresh_from_db()
    assert task.done_at is None
    client.post(at("task_delete", project, task.pk))
    client.post(at("task_restore", project, task.pk))
    assert Task.objects.get().deleted_at is None


def test_a_task_goes_to_somebody_of_the_project(project, lead, stranger, signed_in):
    sent = {"what": "Print signs", "who": stranger.pk, "due_on": "2020-01-01"}
    page = signed_in(lead).post(at("task_list", project), sent)
    assert set(page.context["form"].errors) == {"who", "due_on"}


def test_a_late_task_is_said_in_words(project, lead, signed_in):
    services.task_add(
        project=project,
        what="Print signs",
        who=lead,
        due_on=today() - timedelta(days=2),
        by=lead,
    )
    assert (
        "late, was due"
        in signed_in(lead).get(project.get_absolute_url()).content.decode()
    )


def test_every_page_is_free_of_inline_style_and_script(project, lead, signed_in):
    fill(project, lead, points=14)
    client = signed_in(lead)
    for url, get, _ in addresses(project).values():
        if not get or url.endswith((".svg", ".csv", ".html")):
            continue
        text = client.get(url, follow=True).content.decode()
        assert ' style="' not in text, url
        assert "<script>" not in text, url
        assert "onclick" not in text, url
