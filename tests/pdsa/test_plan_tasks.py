"""Who does what, written with the plan; and plans that wait as drafts."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from pdsa import services
from pdsa.models import Cycle, Prediction, Task
from pdsa.models.cycles import STAMPS
from qiportal.accounts.drafts import draft_save
from qiportal.accounts.mail import mail_outbox
from qiportal.accounts.models import AuditEvent, Draft, Notification
from qiportal.core.dates import now, today
from tests.factories import CycleFactory, MemberFactory, RampFactory
from tests.pdsa.places import plan_form

pytestmark = pytest.mark.django_db

DAY = (today() + timedelta(days=3)).isoformat()


def at(name, project, *keys):
    return reverse(name, args=[project.reference, *keys])


def rows(*given, **more):
    """Rows of tasks as a browser sends them, with an empty one at least."""
    sent = {"task-TOTAL_FORMS": str(max(len(given), 2)), "task-INITIAL_FORMS": "0"}
    for number, row in enumerate(given):
        sent |= {f"task-{number}-{name}": value for name, value in row.items()}
    return {**sent, **more}


def task_of(cycle, what, who, **more):
    project = cycle.ramp.project
    return Task.objects.create(
        project=project, cycle=cycle, what=what, who=who, created_by=who, **more
    )


@pytest.fixture
def ben(project, frontline):
    MemberFactory(project=project, user=frontline)
    return frontline


@pytest.fixture
def studied(project):
    """A test whose Study is finished."""
    return CycleFactory(
        ramp=RampFactory(project=project),
        learned="Bells move",
        do_on=today(),
        **dict.fromkeys(STAMPS[:-1], now()),
    )


def test_tasks_are_saved_with_the_plan_and_their_owners_told(
    project, lead, ben, signed_in
):
    client = signed_in(lead)
    page = client.get(at("cycle_new", project))
    assert len(page.context["tasks"].forms) == 2
    assert page.context["tasks"][0]["who"].value() == str(lead.pk)
    assert '<details class="nhsuk-details" id="who-does-what">' in page.content.decode()
    sent = rows(
        {"what": "Print signs", "who": ben.pk, "where": "bay 2", "due_on": DAY},
        {"what": "", "who": lead.pk},
        {"what": "Check the bells", "who": lead.pk},
    )
    page = client.post(at("cycle_new", project), plan_form(**sent), follow=True)
    signs, bells = Task.objects.order_by("id")
    assert (signs.who, signs.where, signs.due_on.isoformat()) == (ben, "bay 2", DAY)
    assert (bells.who, bells.cycle) == (lead, Cycle.objects.get())
    text = page.content.decode()
    assert "Print signs" in text
    assert "bay 2 · by" in text
    mail_outbox()
    (letter,) = mail.outbox
    assert letter.to == [ben.email]
    assert project.title in letter.subject
    assert "signs" not in letter.subject + letter.body


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"where": "bay 2"}, "Row 2: say what is to be done, or empty it."),
        ({"who": "ben"}, "Row 2: say what is to be done, or empty it."),
        ({"what": "Print", "who": ""}, "Row 2: choose who does it."),
        ({"what": "Print", "due_on": "2020-01-01"}, "Row 2: choose today or a day"),
    ],
)
def test_a_half_filled_row_is_named_and_nothing_is_saved(
    row, words, project, lead, ben, signed_in
):
    row = {"who": lead.pk, **row}
    row["who"] = ben.pk if row["who"] == "ben" else row["who"]
    sent = plan_form(**rows({"what": "Check bells", "who": lead.pk}, row))
    page = signed_in(lead).post(at("cycle_new", project), sent)
    text = page.content.decode()
    assert words in text
    assert text.index("There is a problem") < text.index(words)
    assert 'id="who-does-what" open' in text
    assert 'value="Check bells"' in text
    assert not Cycle.objects.exists()
    assert not Task.objects.exists()


def test_a_task_is_for_somebody_of_the_project(project, lead, stranger, signed_in):
    sent = plan_form(**rows({"what": "Print", "who": stranger.pk}))
    page = signed_in(lead).post(at("cycle_new", project), sent)
    assert list(page.context["tasks"][0].errors) == ["who"]
    assert not Task.objects.exists()


def test_patients_are_kept_out_of_tasks_and_ticks_audited(project, lead, signed_in):
    client, url = signed_in(lead), at("cycle_new", project)
    sent = plan_form(**rows({"what": "See 999 000 0018", "who": lead.pk}))
    assert "999 000 0018" not in client.post(url, sent).content.decode()
    sent = plan_form(**rows({"what": "Ring 01632 960 123", "who": lead.pk}))
    assert 'name="task-0-not_a_patient"' in client.post(url, sent).content.decode()
    client.post(url, {**sent, "task-0-not_a_patient": "on"})
    assert Task.objects.get().what == "Ring 01632 960 123"
    event = AuditEvent.objects.get(type="identifier.confirmed_harmless")
    assert event.new == {"ticks": [{"type": "phone", "field": "what"}]}


def test_one_more_row_keeps_what_was_typed_and_saves_nothing(project, lead, signed_in):
    sent = plan_form(**rows({"what": "Print signs", "who": lead.pk}), add_task="1")
    sent["objective"] = ""
    page = signed_in(lead).post(at("cycle_new", project), sent)
    tasks = page.context["tasks"]
    assert len(tasks.forms) == 3
    assert tasks[0]["what"].value() == "Print signs"
    assert page.context["form"]["new_idea"].value() == "Bell check"
    assert page.context["expected"][0]["statement"].value() == "4 of 5 bells in reach"
    text = page.content.decode()
    assert 'id="who-does-what" open' in text
    assert "There is a problem" not in text
    assert not Cycle.objects.exists()


def test_rows_end_somewhere(project, lead, signed_in):
    full = [{"what": f"Task {n}", "who": lead.pk} for n in range(12)]
    client, url = signed_in(lead), at("cycle_new", project)
    page = client.post(url, plan_form(**rows(*full), add_task="1"))
    assert len(page.context["tasks"].forms) == 12
    page = client.post(url, plan_form(**rows(**{"task-TOTAL_FORMS": "9" * 30})))
    assert page.status_code == 200
    assert not Task.objects.exists()


def test_a_plan_that_changes_gets_more_tasks_and_keeps_its_own(
    project, lead, signed_in
):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    task_of(cycle, "Print signs", lead)
    client, url = signed_in(lead), at("cycle_plan", project, cycle.pk)
    assert "Print signs: " in client.get(url).content.decode()
    sent = plan_form(version=1, objective=cycle.objective)
    key = "5f0e9a3e-2b77-4b3f-9a0a-111111111111"
    row = {"what": "Check bells", "who": lead.pk, "submission_id": key}
    client.post(url, {**sent, **rows(row)})
    client.post(url, {**sent, **rows(row), "version": 2})
    found = Task.objects.order_by("id").values_list("what", flat=True)
    assert list(found) == ["Print signs", "Check bells"]


def test_rows_travel_through_the_page_with_both_texts(project, lead, signed_in):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    services.cycle_plan_change(
        cycle=cycle, version=1, plan=services.Plan("Theirs"), by=lead
    )
    sent = plan_form(version=1, **rows({"what": "Print signs", "who": lead.pk}))
    client = signed_in(lead)
    page = client.post(at("cycle_plan", project, cycle.pk), sent)
    assert page.status_code == 409
    text = page.content.decode()
    assert '<input type="hidden" name="task-0-what" value="Print signs">' in text
    client.post(at("cycle_plan", project, cycle.pk), {**sent, "version": 2})
    assert Task.objects.get().what == "Print signs"


def test_the_next_test_starts_from_the_tasks_of_this_one(
    project, lead, ben, stranger, studied, signed_in
):
    done = task_of(studied, "Print signs", ben, where="bay 2", due_on=today())
    services.task_done(task=done, by=ben)
    task_of(studied, "Ask relatives", stranger)
    gone = task_of(studied, "Not any more", ben)
    services.task_delete(task=gone, by=lead)
    client, url = signed_in(lead), at("cycle_next", project, studied.pk)
    page = client.get(url)
    assert 'id="who-does-what" open' in page.content.decode()
    told = [
        tuple(form[name].value() for name in ("what", "who", "where", "due_on"))
        for form in page.context["tasks"]
    ]
    assert told == [
        ("Print signs", ben.pk, "bay 2", None),
        ("Ask relatives", lead.pk, "", None),  # who did it has left
        (None, str(lead.pk), None, None),
    ]
    again = [{"what": "Print signs", "who": ben.pk}, {"what": "", "who": ben.pk}]
    sent = plan_form(carried_learning="Bells move", **rows(*again))
    page = client.post(url, sent)
    assert page.status_code == 200  # the second row names another person, no task
    again[1]["who"] = lead.pk
    sent = plan_form(carried_learning="Bells move", **rows(*again))
    client.post(url, sent)
    assert Task.objects.filter(cycle__previous=studied).get().who == ben


def test_the_service_copies_tasks_too(project, lead, studied):
    task_of(studied, "Print", lead, due_on=today())
    cycle = services.cycle_next(cycle=studied, carried_learning="Bells move", by=lead)
    (task,) = cycle.tasks.all()
    assert (task.what, task.who, task.due_on) == ("Print", lead, None)


def test_a_refused_task_takes_the_plan_back(project, lead):
    with pytest.raises(Exception, match="200 characters"):
        services.cycle_plan(
            project=project,
            plan=services.Plan("Does it help?"),
            expectations=[services.Expectation("4 of 5")],
            tasks=[services.NewTask("x" * 201, lead)],
            by=lead,
        )
    assert not Cycle.objects.exists()
    assert not Prediction.objects.exists()
    assert not Notification.objects.exists()


# --- drafts ---------------------------------------------------------------------------


def keep(user, key, number, sent):
    fields = {name: [str(value)] for name, value in sent.items()}
    draft_save(user=user, form_key=key, object_key=str(number), fields=fields)


def test_a_plan_left_half_way_is_offered_again(project, lead, signed_in):
    half = [{"what": "Print signs", "who": lead.pk}, {"what": "", "where": "bay 2"}]
    sent = plan_form(new_idea="", **rows({}, *half))
    keep(lead, "cycle_new", project.reference, sent)
    client, url = signed_in(lead), at("cycle_new", project)
    page = client.get(url)
    assert "We kept what you typed on" in page.content.decode()
    assert page.context["form"]["objective"].value() == "Does a bell check help?"
    assert page.context["expected"][0]["statement"].value() == "4 of 5 bells in reach"
    told = [form["what"].value() for form in page.context["tasks"]]
    assert told == ["Print signs", "", None]
    client.post(url, plan_form())
    assert not Draft.objects.exists()
    assert "We kept" not in client.get(url).content.decode()


def test_an_idea_named_in_the_address_wins_over_the_draft(project, lead, signed_in):
    keep(lead, "cycle_new", project.reference, plan_form())
    page = signed_in(lead).get(at("cycle_new", project) + "?idea=none")
    assert page.context["form"]["idea"].value() == "none"
    assert page.context["form"]["new_idea"].value() == "Bell check"


def test_a_draft_of_an_older_text_meets_the_newer_one(project, lead, signed_in):
    """A colleague logs from the ward while a write-up waits half done."""
    cycle = CycleFactory(ramp=RampFactory(project=project))
    cycle = services.cycle_record_do(cycle=cycle, note="Two in reach", by=lead)
    sent = {"version": cycle.version, "do_on": today(), "observations": "All went well"}
    keep(lead, "cycle_finish", f"{project.reference}-{cycle.pk}", sent)
    services.cycle_record_do(cycle=cycle, note="One under the pillow", by=lead)
    client, url = signed_in(lead), at("cycle_finish", project, cycle.pk)
    form = client.get(url).context["form"]
    assert form["observations"].value() == "All went well"
    sent = {name: form[name].value() for name in form.fields}
    page = client.post(url, {k: v for k, v in sent.items() if v is not None})
    assert page.status_code == 409
    assert "One under the pillow" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("cycle_do", {"note": "Three in reach"}),
        ("cycle_study", {"learned": "Three in reach"}),
        ("cycle_act", {"why": "Three in reach"}),
        ("cycle_next", {"carried_learning": "Three in reach"}),
    ],
)
def test_each_stage_offers_what_was_typed(name, sent, studied, lead, signed_in):
    project, cycle = studied.ramp.project, studied
    if name == "cycle_do":
        cycle = CycleFactory(ramp=studied.ramp, number=2)
    under = cycle.pk if name == "cycle_next" else f"{project.reference}-{cycle.pk}"
    keep(lead, name, under, sent)
    text = signed_in(lead).get(at(name, project, cycle.pk)).content.decode()
    assert "We kept what you typed on" in text
    assert "Three in reach" in text
    assert f'data-qi-draft="{name}" data-qi-draft-object="{under}"' in text
