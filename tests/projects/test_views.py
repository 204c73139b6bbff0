"""What the register's pages do when somebody uses them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from projects.models import (
    Aim,
    Barrier,
    ChangeIdea,
    Driver,
    Handover,
    MethodUse,
    Project,
    ProjectMember,
)
from projects.services import (
    driver_add,
    driver_delete,
    handover_offer,
    idea_add,
    idea_delete,
    project_edit,
)
from qiportal.accounts.models import AuditEvent, Draft
from qiportal.core.dates import today
from tests.factories import MemberFactory, ProjectFactory, UserFactory
from tests.projects.scene import method

NHS_NUMBER = "999 000 0018"


@pytest.fixture
def register_form(frontline, ward):
    return {
        "title": "Quieter nights",
        "problem": "Noise keeps people awake.",
        "aim_statement": "Six hours of sleep by spring.",
        "unit": ward.pk,
        "lead": frontline.email,
        "team": [frontline.pk],
        "others": "",
        "visibility": "trust",
        "submission_id": str(uuid4()),
    }


@pytest.fixture
def led(signed_in, lead, project):
    """led("project_edit", …): posts to an address of the project as its lead."""
    client = signed_in(lead)

    def send(name, data=None, **ids):
        url = reverse(name, kwargs={"reference": project.reference, **ids})
        return client.post(url, data or {})

    return send


# --- registering ----------------------------------------------------------------------


def test_three_answers_make_a_project(signed_in, frontline, register_form):
    blank = signed_in(frontline).get("/projects/new/").context["form"]
    filled = {
        name: blank[name].value() for name in ("unit", "lead", "team", "visibility")
    }
    assert filled == {
        "unit": frontline.home_unit_id,
        "lead": frontline.email,
        "team": [frontline.pk],
        "visibility": "trust",
    }
    answer = signed_in(frontline).post("/projects/new/", register_form)
    project = Project.objects.get()
    assert answer.url == f"/projects/{project.reference}/?registered=1"
    page = signed_in(frontline).get(answer.url)
    assert "Your reference is" in page.content.decode()


def test_registering_twice_makes_one(signed_in, frontline, register_form):
    first = signed_in(frontline).post("/projects/new/", register_form)
    second = signed_in(frontline).post("/projects/new/", {**register_form, "looked": 1})
    assert first.url == second.url
    assert Project.objects.count() == 1


def test_the_draft_comes_back_and_goes_when_saved(signed_in, frontline, register_form):
    Draft.objects.create(
        user=frontline,
        form_key="project_new",
        payload={"title": ["Half typed"], "team": ["1", "2"], "problem": [""]},
    )
    page = signed_in(frontline).get("/projects/new/")
    assert page.context["form"]["title"].value() == "Half typed"
    assert page.context["form"]["lead"].value() == frontline.email
    signed_in(frontline).post("/projects/new/", register_form)
    assert not Draft.objects.exists()


def test_people_are_found_by_name_and_address(
    signed_in, frontline, lead, stranger, register_form
):
    register_form["lead"] = "lena  hart"
    register_form["others"] = f"Sam Stranger, {lead.email}\n{stranger.email.upper()}"
    signed_in(frontline).post("/projects/new/", register_form)
    rows = ProjectMember.objects.order_by("pk").values_list("user", "relation")
    assert list(rows) == [
        (lead.pk, "lead"),
        (frontline.pk, "member"),
        (stranger.pk, "member"),
    ]


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"lead": "Nobody Atall"}, "lead", "has signed in yet"),
        ({"lead": ""}, "lead", "required"),
        ({"others": "x@y.example, Zed"}, "others", "Zed"),
        ({"others": ",".join(f"a{n}" for n in range(31))}, "others", "at most 30"),
        ({"title": ""}, "title", "required"),
        ({"title": "x" * 151}, "title", "150"),
        ({"unit": 0}, "unit", ""),
        ({"team": [0]}, "team", ""),
        ({"visibility": "secret"}, "visibility", ""),
        ({"submission_id": "x"}, "submission_id", ""),
        ({"reuse_of": "QI-1999-0001"}, "reuse_of", ""),
        ({"problem": f"NHS number {NHS_NUMBER}"}, "problem", "we took it out"),
        ({"visibility": "draft", "team": [], "lead": "Lena Hart"}, "team", "yourself"),
    ],
)
def test_what_is_wrong_is_said_on_its_field(
    signed_in, frontline, lead, register_form, changed, field, words
):
    answer = signed_in(frontline).post("/projects/new/", {**register_form, **changed})
    assert answer.status_code == 200
    assert words in " ".join(answer.context["form"].errors[field])
    assert not Project.objects.exists()
    assert NHS_NUMBER not in answer.content.decode()


def test_two_people_of_one_name_need_the_address(
    signed_in, frontline, lead, register_form
):
    UserFactory(full_name="Lena Hart")
    answer = signed_in(frontline).post(
        "/projects/new/", {**register_form, "lead": "Lena Hart"}
    )
    assert "Several people" in answer.context["form"].errors["lead"][0]


def test_service_accounts_and_leavers_cannot_be_named(
    signed_in, frontline, register_form
):
    UserFactory(full_name="Gone Away", is_active=False)
    answer = signed_in(frontline).post(
        "/projects/new/", {**register_form, "lead": "Gone Away"}
    )
    assert "lead" in answer.context["form"].errors


def test_a_confirmed_harmless_name_is_audited(signed_in, frontline, register_form):
    register_form["problem"] = "Mrs Jones's clinic runs late."
    first = signed_in(frontline).post("/projects/new/", register_form)
    assert "not_a_patient" in first.content.decode()
    register_form["not_a_patient"] = "on"
    signed_in(frontline).post("/projects/new/", register_form)
    event = AuditEvent.objects.get(type="identifier.confirmed_harmless")
    assert event.new == {"ticks": [{"type": "person_name", "field": "problem"}]}


def test_without_javascript_look_alikes_come_first(
    signed_in, frontline, project, register_form
):
    Project.objects.update(title="Quieter nights on ward 9")
    page = signed_in(frontline).post("/projects/new/", register_form)
    assert "Has somebody started this?" in page.content.decode()
    assert Project.objects.count() == 1
    answer = signed_in(frontline).post("/projects/new/", {**register_form, "looked": 1})
    assert answer.status_code == 302
    assert Project.objects.count() == 2


def test_the_look_alike_fragment(signed_in, frontline, stranger, project):
    url = "/projects/lookalikes/?title=Falls on wards"
    mine = signed_in(frontline).get(url).content.decode()
    assert "Fewer falls" in mine
    assert "Join it" in mine
    theirs = signed_in(stranger).get(url).content.decode()
    assert "Fewer falls" in theirs
    assert "Join it" not in theirs
    Project.objects.update(visibility="draft")
    assert "Fewer falls" not in signed_in(stranger).get(url).content.decode()


def test_an_unseen_project_cannot_be_reused(
    signed_in, frontline, other_ward, register_form
):
    hidden = ProjectFactory(unit=other_ward, visibility="team")
    answer = signed_in(frontline).post(
        "/projects/new/", {**register_form, "reuse_of": hidden.reference}
    )
    assert "reuse_of" in answer.context["form"].errors


# --- details, status ------------------------------------------------------------------


@pytest.fixture
def details(project):
    return {
        "title": "Fewer falls",
        "problem": project.problem,
        "rationale": "",
        "unit": project.unit_id,
        "method": "",
        "reason_if_other": "",
        "visibility": "trust",
        "started_on": "",
        "target_end_on": "",
        "lead_leaves_on": "",
        "version": 1,
    }


def test_details_are_saved(led, details, project):
    answer = led("project_edit", details)
    assert answer.url == f"/projects/{project.reference}/details/"
    assert Project.objects.get().title == "Fewer falls"


def test_somebody_faster_leads_to_the_page_with_both_texts(
    led, details, project, qi_team
):
    project_edit(project=project, version=1, by=qi_team, title="From the QI team")
    answer = led("project_edit", details)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "From the QI team" in html
    assert "Fewer falls" in html
    assert "Ben Okafor" in html
    led("project_edit", {**details, "version": 2})
    assert Project.objects.get().title == "Fewer falls"


def test_an_end_before_the_start_is_told_in_words(led, details):
    answer = led(
        "project_edit",
        {**details, "started_on": "2026-05-01", "target_end_on": "2026-04-01"},
    )
    assert "after the start" in answer.content.decode()


def test_another_method_asks_for_a_reason(led, details):
    method("Model for Improvement", is_house=True)
    details["method"] = method("Lean").pk
    answer = led("project_edit", details)
    assert "reason_if_other" in answer.context["form"].errors


def test_closing_without_learning_is_refused(led):
    answer = led("project_status", {"to": "completed", "learning": "", "version": 1})
    assert "learning" in answer.context["form"].errors
    led("project_status", {"to": "completed", "learning": "Clips work.", "version": 1})
    assert Project.objects.get().status == "completed"


def test_resting_without_a_reason_is_refused(led):
    answer = led("project_status", {"to": "resting", "version": 1})
    assert answer.context["form"].errors["reason"] == ["Say briefly why."]


def test_deleting_asks_and_leads_to_an_undo(signed_in, qi_team, project):
    client = signed_in(qi_team)
    url = reverse("project_delete", args=[project.reference])
    assert "30 days" in client.get(url).content.decode()
    answer = client.post(url)
    page = client.get(answer.url).content.decode()
    assert "Undo" in page
    assert client.post(reverse("project_restore", args=[project.reference])).url
    assert Project.objects.get().deleted_at is None
    assert "Undo" not in client.get(answer.url).content.decode()


def test_the_undo_is_shown_to_nobody_else(signed_in, qi_team, frontline, project):
    signed_in(qi_team).post(reverse("project_delete", args=[project.reference]))
    page = signed_in(frontline).get(f"/projects/?deleted={project.reference}")
    assert "Undo" not in page.content.decode()


@pytest.mark.parametrize(
    ("name", "field", "typed"),
    [
        ("project_edit", "title", "Half a title"),
        ("project_status", "learning", "Clips wo"),
        ("project_aim", "quantity", "falls at nig"),
    ],
)
def test_drafts_of_long_forms_come_back(signed_in, lead, project, name, field, typed):
    key = {"form_key": name, "object_key": project.reference}
    Draft.objects.create(user=lead, payload={field: [typed]}, **key)
    page = signed_in(lead).get(reverse(name, args=[project.reference]))
    assert page.context["form"][field].value() == typed
    assert "We kept what you typed" in page.content.decode()
    assert f'data-qi-draft-object="{project.reference}"' in page.content.decode()


def test_a_draft_goes_when_its_form_is_saved(led, lead, project, details):
    key = {"form_key": "project_edit", "object_key": project.reference}
    Draft.objects.create(user=lead, payload={"title": ["x"]}, **key)
    led("project_edit", details)
    assert not Draft.objects.exists()


# --- people ---------------------------------------------------------------------------


def test_a_person_is_added_and_taken_off(led, signed_in, stranger):
    led("member_add", {"person": "Sam Stranger", "relation": "coach"})
    row = ProjectMember.objects.get(user=stranger)
    led("member_remove", member_id=row.pk)
    row.refresh_from_db()
    assert row.left_on == today()


def test_adding_twice_is_told(led, stranger):
    led("member_add", {"person": stranger.email, "relation": "coach"})
    answer = led("member_add", {"person": stranger.email, "relation": "coach"})
    assert "already" in answer.content.decode()


def test_the_last_lead_is_told_to_hand_over(led, lead, client):
    row = ProjectMember.objects.get(user=lead)
    answer = led("member_remove", member_id=row.pk)
    assert "Hand it over first" in client.get(answer.url).content.decode()


def test_somebody_of_another_project_cannot_be_taken_off_here(led, frontline):
    other = MemberFactory(user=frontline)
    assert led("member_remove", member_id=other.pk).status_code == 404


def test_leaving_a_draft_leads_to_the_list(signed_in, project, frontline):
    MemberFactory(project=project, user=frontline)
    Project.objects.update(visibility="draft")
    client = signed_in(frontline)
    answer = client.post(reverse("project_leave", args=[project.reference]))
    assert answer.url == "/projects/"


def test_joining_goes_on_to_where_one_was(signed_in, frontline, project):
    url = reverse("project_join", args=[project.reference])
    answer = signed_in(frontline).post(url, {"next": "/pdsa/x/"})
    assert answer.url == "/pdsa/x/"
    answer = signed_in(frontline).post(url, {"next": "https://evil.example/"})
    assert answer.url == f"/projects/{project.reference}/"


def test_a_patient_partner_sees_only_the_lead(signed_in, project, frontline):
    MemberFactory(project=project, user=frontline)
    patient = UserFactory(full_name="Pat Partner", home_unit=None)
    MemberFactory(project=project, user=patient, relation="patient_partner")
    html = signed_in(patient).get(f"/projects/{project.reference}/people/").content
    assert b"Lena Hart" in html
    assert b"Pat Partner" in html
    assert b"Amina Yusuf" not in html
    page = signed_in(patient).get("/projects/new/").content
    assert b"Amina Yusuf" not in page
    history = signed_in(patient).get(f"/projects/{project.reference}/history/").content
    assert b"Amina" not in history


def test_handover_from_offer_to_acceptance(led, signed_in, project, frontline, lead):
    led("handover", {"person": "Amina Yusuf", "note": "All is in the folder."})
    offer = Handover.objects.get()
    assert offer.from_user == lead
    url = reverse("handover_answer", args=[project.reference])
    client = signed_in(frontline)
    assert "All is in the folder." in client.get(url).content.decode()
    client.post(url, {"answer": "yes"})
    row = ProjectMember.objects.get(user=frontline, left_on=None)
    assert row.relation == "lead"
    assert client.get(url).status_code == 404


def test_an_offer_of_a_hidden_draft_reaches_its_receiver_only(
    signed_in, project, stranger, frontline, lead
):
    Project.objects.update(visibility="draft")
    handover_offer(project=project, to_user=stranger, from_user=lead, by=lead)
    url = reverse("handover_answer", args=[project.reference])
    assert signed_in(frontline).get(url).status_code == 404
    assert signed_in(stranger).get(url).status_code == 200
    signed_in(stranger).post(url, {"answer": "no"})
    assert Handover.objects.get().ended_at is not None


def test_an_offer_can_be_taken_back(led, signed_in, project, frontline, lead):
    handover_offer(project=project, to_user=frontline, from_user=lead, by=lead)
    page = signed_in(lead).get(reverse("handover", args=[project.reference]))
    assert "Take the offer back" in page.content.decode()
    led("handover_withdraw")
    assert Handover.objects.get().ended_at is not None


def test_the_qi_team_hands_over_for_a_lead_who_left(
    signed_in, project, qi_team, lead, frontline
):
    url = reverse("handover", args=[project.reference])
    signed_in(qi_team).post(url, {"person": frontline.email, "note": ""})
    assert Handover.objects.get().from_user == lead


# --- aim and drivers ------------------------------------------------------------------


@pytest.fixture
def aim_form():
    return {
        "direction": "decrease",
        "quantity": "falls",
        "population": "adults",
        "place": "Ward 7",
        "baseline": "6",
        "target": "3",
        "unit_text": "a month",
        "target_on": str(today() + timedelta(days=90)),
        "own_words": "",
        "version": "",
    }


def test_the_aim_becomes_a_sentence(led, aim_form):
    led("project_aim", aim_form)
    aim = Aim.objects.get()
    assert aim.statement.startswith(
        "Decrease falls for adults in Ward 7 from 6 to 3 a month by "
    )
    assert aim.is_smart


def test_own_words_win(led, aim_form):
    led("project_aim", {**aim_form, "own_words": "Nobody falls."})
    assert Aim.objects.get().statement == "Nobody falls."


def test_preview_saves_nothing(led, aim_form):
    page = led("project_aim", {**aim_form, "preview": "yes"})
    assert "Decrease falls for adults" in page.content.decode()
    assert not Aim.objects.exists()


def test_the_preview_fragment_bears_with_half_an_aim(led):
    page = led("aim_preview", {"direction": "increase", "target": "abc"})
    assert page.status_code == 200
    page = led("aim_preview", {"quantity": "sleep", "target": "8"})
    assert "sleep to 8." in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"quantity": ""}, "quantity"),
        ({"target": ""}, "quantity"),
        ({"target_on": ""}, "quantity"),
        ({"target": "6"}, "target"),
        ({"target": "x"}, "target"),
        ({"target_on": "2020-01-01"}, "target_on"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_an_aim_that_cannot_be_tested_is_told(led, aim_form, changed, field):
    page = led("project_aim", {**aim_form, **changed})
    assert field in page.context["form"].errors
    assert not Aim.objects.exists()


def test_an_aim_written_meanwhile_is_not_lost(led, aim_form):
    led("project_aim", {**aim_form, "own_words": "Theirs."})
    page = led("project_aim", {**aim_form, "own_words": "Mine."})
    assert page.status_code == 409
    assert "Theirs." in page.content.decode()
    assert Aim.objects.get().statement == "Theirs."


def test_drivers_are_added_changed_and_moved(led, project):
    led("driver_new", {"text": "Bells"})
    bells = Driver.objects.get()
    led("driver_new", {"text": "Reach", "parent": bells.pk})
    reach = Driver.objects.get(parent=bells)
    led(
        "driver_edit",
        {"text": "Within reach", "parent": bells.pk, "version": 1},
        driver_id=reach.pk,
    )
    reach.refresh_from_db()
    assert reach.text == "Within reach"
    led("driver_edit", {"text": "Call bells", "version": 1}, driver_id=bells.pk)
    bells.refresh_from_db()
    assert (bells.text, bells.parent) == ("Call bells", None)
    answer = led("driver_move", driver_id=bells.pk, way="up")
    assert answer.url.endswith(f"#driver-{bells.pk}")


def test_a_driver_changed_meanwhile_is_a_conflict(led, project, lead):
    driver = driver_add(project=project, text="Bells", by=lead)
    led("driver_edit", {"text": "First", "version": 1}, driver_id=driver.pk)
    answer = led("driver_edit", {"text": "Second", "version": 1}, driver_id=driver.pk)
    assert answer.status_code == 409


def test_a_driver_of_another_project_is_no_parent(led):
    other = driver_add(
        project=ProjectFactory(), text="Theirs", by=ProjectFactory().created_by
    )
    page = led("driver_new", {"text": "x", "parent": other.pk})
    assert "parent" in page.context["form"].errors


def test_a_deleted_driver_is_offered_back(led, signed_in, project, lead, client):
    driver = driver_add(project=project, text="Bells", by=lead)
    answer = led("driver_delete", driver_id=driver.pk)
    page = client.get(answer.url)
    assert "“Bells” is deleted." in page.content.decode()
    led("driver_restore", driver_id=driver.pk)
    assert Driver.objects.get().deleted_at is None


def test_a_secondary_driver_without_its_primary_cannot_come_back(
    led, project, lead, client
):
    primary = driver_add(project=project, text="Bells", by=lead)
    inner = driver_add(project=project, text="Reach", parent=primary, by=lead)
    driver_delete(driver=primary, by=lead)
    answer = led("driver_restore", driver_id=inner.pk)
    assert "primary driver of this project" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("reference", ["QI-2026-0000", "%00", "QI%00", "..", "x" * 300])
def test_a_reference_that_is_none(signed_in, lead, reference):
    for tail in ("details/", "drivers/", "handover/answer/"):
        answer = signed_in(lead).get(f"/projects/{reference}/{tail}")
        assert answer.status_code == 404


def test_the_picture_is_a_file_without_scripts(signed_in, stranger, project, lead):
    driver_add(project=project, text="<script>alert(1)</script>", by=lead)
    answer = signed_in(stranger).get(
        reverse("driver_picture", args=[project.reference])
    )
    assert answer["Content-Type"] == "image/svg+xml"
    assert "attachment" in answer["Content-Disposition"]
    assert b"<script" not in answer.content
    assert b"&lt;script&gt;" in answer.content


# --- ideas, methods, barriers ---------------------------------------------------------


def test_ideas_are_added_changed_and_decided(led, project):
    led("idea_new", {"title": "Clip", "because": "Reach", "driver": ""})
    idea = ChangeIdea.objects.get()
    led("idea_edit", {"title": "Clip on rail", "version": 1}, idea_id=idea.pk)
    idea.refresh_from_db()
    assert (idea.title, idea.because) == ("Clip on rail", "")
    page = led("idea_outcome", {"status": "abandoned"}, idea_id=idea.pk)
    assert "why" in page.context["form"].errors
    why = {"status": "abandoned", "why": "It fell off.", "version": idea.version}
    led("idea_outcome", why, idea_id=idea.pk)
    idea.refresh_from_db()
    assert (idea.status, idea.why) == ("abandoned", "It fell off.")


def test_an_idea_changed_meanwhile_is_a_conflict(led, project, lead):
    idea = idea_add(project=project, title="Clip", by=lead)
    led("idea_edit", {"title": "First", "version": 1}, idea_id=idea.pk)
    answer = led("idea_edit", {"title": "Second", "version": 1}, idea_id=idea.pk)
    assert answer.status_code == 409


def test_a_deleted_idea_is_offered_back(led, project, lead, client):
    idea = idea_add(project=project, title="Clip", by=lead)
    idea_delete(idea=idea, by=lead)
    page = client.get(reverse("project_ideas", args=[project.reference]))
    assert "is deleted." in page.content.decode()
    led("idea_restore", idea_id=idea.pk)
    assert ChangeIdea.objects.get().deleted_at is None


def test_an_idea_of_a_deleted_driver_stands_alone(led, project, lead, client):
    driver = driver_add(project=project, text="Bells", by=lead)
    idea_add(project=project, title="Clip", driver=driver, by=lead)
    driver_delete(driver=driver, by=lead)
    page = client.get(reverse("driver_diagram", args=[project.reference]))
    assert "Ideas without a driver" in page.content.decode()


def test_the_authors_of_dropped_ideas_are_hidden_outside_the_team(
    signed_in, project, lead, stranger, qi_team
):
    author = UserFactory(full_name="Ada Author")
    idea = idea_add(project=project, title="Alarm", by=author)
    ChangeIdea.objects.filter(pk=idea.pk).update(status="abandoned")
    inside = f"/projects/{project.reference}/ideas/"
    for url in (inside, "/projects/tried-and-dropped/"):
        assert b"Ada Author" in signed_in(lead).get(url).content
        for person in (stranger, qi_team):
            html = signed_in(person).get(url).content
            assert b"Alarm" in html
            assert b"Ada Author" not in html


def test_a_tool_is_attached_and_taken_off(led, client, project):
    tool = method("Process map")
    led("method_attach", {"method": tool.pk, "used_for": "Waits"})
    use = MethodUse.objects.get()
    page = client.get(reverse("project_methods", args=[project.reference]))
    assert "Process map" in page.content.decode()
    led("method_detach", use_id=use.pk)
    assert not MethodUse.objects.exists()


def test_a_member_cannot_set_the_main_method(signed_in, project, frontline):
    MemberFactory(project=project, user=frontline)
    tool = method("Lean")
    url = reverse("method_attach", args=[project.reference])
    signed_in(frontline).post(url, {"method": tool.pk, "is_main": "on"})
    assert MethodUse.objects.count() == 1
    assert Project.objects.get().method is None


def test_the_house_method_as_the_main_one(led):
    house = method("Model for Improvement", is_house=True)
    led("method_attach", {"method": house.pk, "is_main": "on"})
    assert Project.objects.get().method == house


def test_a_barrier_goes_to_the_board_and_back(led, signed_in, project, board_member):
    led("barrier_raise", {"type": "money", "text": "No bells.", "level": "executive"})
    barrier = Barrier.objects.get()
    client = signed_in(board_member)
    ids = {"reference": project.reference, "barrier_id": barrier.pk}
    client.post(reverse("barrier_take", kwargs=ids))
    page = client.post(reverse("barrier_resolve", kwargs=ids), {"outcome": ""})
    assert "outcome" in page.context["form"].errors
    client.post(reverse("barrier_resolve", kwargs=ids), {"outcome": "Bought."})
    barrier.refresh_from_db()
    assert (barrier.owner, barrier.outcome) == (board_member, "Bought.")
    assert client.get(reverse("barrier_resolve", kwargs=ids)).status_code == 404


# --- history --------------------------------------------------------------------------


def test_history_tells_what_was_and_what_is(led, signed_in, details, project, lead):
    led("project_edit", {**details, "visibility": "team"})
    led("project_status", {"to": "resting", "reason": "Winter", "version": 2})
    led("driver_new", {"text": "Bells"})
    page = signed_in(lead).get(reverse("project_history", args=[project.reference]))
    html = page.content.decode()
    for words in (
        "Lena Hart</strong> changed the details",
        "Everyone in the trust",
        "Our team only",
        "Resting",
        "Winter",
        "added a driver",
        "Bells",
    ):
        assert words in html
