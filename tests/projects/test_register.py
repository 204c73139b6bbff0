"""Registering, editing, deleting and restoring."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import (
    Aim,
    ChangeIdea,
    Driver,
    Project,
    ProjectMember,
    ProjectStatusChange,
)
from projects.services import (
    project_delete,
    project_edit,
    project_register,
    project_restore,
    project_stamp,
    project_touch,
)
from qiportal.accounts.models import AuditEvent, Notification, Tombstone
from qiportal.core.dates import now, today
from qiportal.core.versions import Conflict
from tests.factories import (
    ChangeIdeaFactory,
    DriverFactory,
    MemberFactory,
    MethodFactory,
    MethodVersionFactory,
    ProjectFactory,
    UserFactory,
)


@pytest.fixture
def register(ward, lead):
    def call(**wanted):
        fields = {
            "title": "Fewer falls at night",
            "problem": "Bells are out of reach.",
            "unit": ward,
            "aim_statement": "Halve falls at night by spring.",
            "lead": lead,
            "by": lead,
            **wanted,
        }
        return project_register(**fields)

    return call


@time_machine.travel("2026-11-23 10:00:00+00:00")
def test_the_first_of_the_year_is_number_one(register):
    assert register().reference == "QI-2026-0001"
    assert register().reference == "QI-2026-0002"


@time_machine.travel("2027-01-01 00:30:00+00:00")
def test_numbers_begin_anew_each_year(register):
    assert register(registered_on=date(2026, 12, 31)).reference == "QI-2026-0001"
    assert register().reference == "QI-2027-0001"


def test_numbers_given_by_somebody_else_are_not_given_again(register, ward):
    year = today().year
    ProjectFactory(unit=ward, reference=f"QI-{year}-0007")
    assert register().reference == f"QI-{year}-0008"
    ProjectFactory(unit=ward, reference=f"QI-{year}-0009")
    ProjectFactory(unit=ward, reference=f"QI-{year}-0031")
    assert register().reference == f"QI-{year}-0032"


def test_number_ten_thousand_has_five_digits(register, ward):
    year = today().year
    ProjectFactory(unit=ward, reference=f"QI-{year}-9999")
    assert register().reference == f"QI-{year}-10000"


def test_a_project_comes_with_status_people_and_aim(register, lead, frontline):
    project = register(team=(frontline, lead))
    assert project.status == "idea"
    assert project.registered_on == today()
    assert Aim.objects.get(project=project).statement == (
        "Halve falls at night by spring."
    )
    step = ProjectStatusChange.objects.get(project=project)
    assert (step.from_status, step.to_status) == ("", "idea")
    people = ProjectMember.objects.filter(project=project).order_by("pk")
    assert [(p.user, p.relation) for p in people] == [
        (lead, "lead"),
        (frontline, "member"),
    ]


def test_who_was_named_is_told_and_who_did_it_is_not(register, lead, frontline):
    project = register(team=(frontline,))
    notice = Notification.objects.get()
    assert notice.user == frontline
    assert notice.title == "Lena Hart added you to Fewer falls at night"
    assert notice.reference == f"/projects/{project.reference}/"


def test_registering_is_audited_once(register, lead):
    project = register()
    event = AuditEvent.objects.get()
    assert (event.type, event.actor) == ("project.registered", lead.email)
    assert event.target_id == str(project.pk)
    assert event.unit_path == project.unit.path


def test_the_same_form_sent_twice_makes_one_project(register):
    sent = uuid4()
    first, second = register(submission_id=sent), register(submission_id=sent)
    assert first == second
    assert Project.objects.count() == 1
    assert AuditEvent.objects.count() == 1


def test_another_persons_submission_id_is_refused(register, frontline):
    sent = uuid4()
    register(submission_id=sent)
    with pytest.raises(ValidationError):
        register(submission_id=sent, by=frontline)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 151),
        ("problem", ""),
        ("aim_statement", ""),
        ("visibility", "secret"),
    ],
)
def test_what_is_missing_is_refused_and_nothing_is_kept(register, field, value):
    with pytest.raises(ValidationError):
        register(**{field: value})
    assert not Project.objects.exists()
    assert not AuditEvent.objects.exists()


def test_an_unknown_field_is_a_programming_error(register):
    with pytest.raises(TypeError, match="status"):
        register(status="completed")


def test_reusing_a_project_copies_its_theory_but_not_what_was_dropped(
    register, project
):
    primary = DriverFactory(project=project, text="Bells")
    second = DriverFactory(
        project=project, level="secondary", parent=primary, text="Reach"
    )
    DriverFactory(project=project, deleted_at=now(), deleted_by=project.created_by)
    ChangeIdeaFactory(project=project, driver=second, title="Clip", status="adopted")
    ChangeIdeaFactory(project=project, title="Alarm", status="abandoned")
    copy = register(reuse_of=project)
    drivers = Driver.objects.filter(project=copy).order_by("level")
    assert [(d.text, d.parent and d.parent.text) for d in drivers] == [
        ("Bells", None),
        ("Reach", "Bells"),
    ]
    idea = ChangeIdea.objects.get(project=copy)
    assert (idea.title, idea.status, idea.driver.text) == ("Clip", "proposed", "Reach")


# --- editing --------------------------------------------------------------------------


def test_an_edit_is_kept_with_what_was_and_is(project, lead):
    project_edit(project=project, version=1, by=lead, title="Fewer falls")
    stored = Project.objects.get(pk=project.pk)
    assert (stored.title, stored.version) == ("Fewer falls", 2)
    event = AuditEvent.objects.get()
    assert event.old["title"] != "Fewer falls"
    assert event.new == {"title": "Fewer falls"}


def test_an_edit_that_changes_nothing_is_not_audited(project, lead):
    project_edit(project=project, version=1, by=lead, title=project.title)
    assert not AuditEvent.objects.exists()


def test_the_second_editor_meets_a_conflict_and_nothing_is_lost(project, lead):
    mine = Project.objects.get(pk=project.pk)
    yours = Project.objects.get(pk=project.pk)
    project_edit(project=mine, version=1, by=lead, title="Mine")
    with pytest.raises(Conflict):
        project_edit(project=yours, version=1, by=lead, title="Yours")
    assert Project.objects.get(pk=project.pk).title == "Mine"
    assert AuditEvent.objects.count() == 1


def test_a_heartbeat_between_reading_and_saving_survives(project, lead):
    stale = Project.objects.get(pk=project.pk)
    later = now() + timedelta(minutes=5)
    project_touch(project=project, at=later)
    project_edit(project=stale, version=1, by=lead, title="New")
    assert Project.objects.get(pk=project.pk).last_activity_at == later


@pytest.fixture
def house(db):
    method = MethodFactory(title="Model for Improvement", is_house=True)
    method.current_version = MethodVersionFactory(method=method)
    method.save()
    return method


def test_another_method_than_the_houses_needs_a_reason(project, lead, house):
    other = MethodFactory(title="Lean")
    with pytest.raises(ValidationError) as caught:
        project_edit(project=project, version=1, by=lead, method=other)
    assert caught.value.message_dict == {
        "reason_if_other": ["Say why you chose this instead of Model for Improvement."]
    }
    project_edit(
        project=project, version=1, by=lead, method=other, reason_if_other="Waste"
    )
    assert Project.objects.get(pk=project.pk).method == other


def test_the_house_method_needs_no_reason(project, lead, house):
    project_edit(project=project, version=1, by=lead, method=house)
    assert Project.objects.get(pk=project.pk).method == house


def test_status_cannot_be_edited_past_its_service(project, lead):
    with pytest.raises(TypeError, match="status"):
        project_edit(project=project, version=1, by=lead, status="completed")


def test_leaving_trust_visibility_leaves_a_tombstone_until_it_is_back(project, lead):
    project_edit(project=project, version=1, by=lead, visibility="team")
    stone = Tombstone.objects.get(resource="project", row_key=str(project.pk))
    assert stone.unit_path == project.unit.path
    project_edit(project=project, version=2, by=lead, visibility="trust")
    assert not Tombstone.objects.exists()


def test_moving_to_another_unit_leaves_a_tombstone_where_it_was(
    project, lead, ward, other_ward
):
    project_edit(project=project, version=1, by=lead, unit=other_ward)
    assert Tombstone.objects.get().unit_path == ward.path


# --- deleting, restoring --------------------------------------------------------------


def test_delete_and_restore(project, qi_team):
    project_delete(project=project, by=qi_team)
    assert Tombstone.objects.filter(resource="project").exists()
    assert not Project.objects.visible_to(qi_team).exists()
    project_restore(project=project, by=qi_team)
    assert Project.objects.visible_to(qi_team).exists()
    assert not Tombstone.objects.exists()
    assert [e.type for e in AuditEvent.objects.order_by("pk")] == [
        "project.deleted",
        "project.restored",
    ]


def test_a_draft_leaves_no_trace_for_the_api(lead, ward):
    draft = ProjectFactory(unit=ward, visibility="draft", created_by=lead)
    MemberFactory(project=draft, user=lead, relation="lead")
    project_edit(project=draft, version=1, by=lead, title="Another title")
    project_delete(project=draft, by=lead)
    project_restore(project=draft, by=lead)
    assert not Tombstone.objects.exists()


def test_a_project_tells_since_when_readers_of_the_api_see_it(project, lead):
    project_edit(project=project, version=1, by=lead, title="Another title")
    assert project.shown_since is None
    project_edit(project=project, version=2, by=lead, visibility="team")
    project_edit(project=project, version=3, by=lead, visibility="trust")
    project.refresh_from_db()
    assert project.created_at < project.shown_since <= project.updated_at


def test_only_who_deleted_it_or_the_qi_team_restores(project, qi_team, lead):
    project_delete(project=project, by=qi_team)
    with pytest.raises(PermissionDenied):
        project_restore(project=project, by=lead)


def test_after_thirty_days_it_cannot_come_back(project, qi_team):
    project_delete(project=project, by=qi_team)
    Project.objects.update(deleted_at=now() - timedelta(days=31))
    project.refresh_from_db()
    with pytest.raises(ValidationError, match="30 days"):
        project_restore(project=project, by=qi_team)


# --- heartbeat ------------------------------------------------------------------------


def test_the_heartbeat_never_moves_back(project):
    latest = project.last_activity_at
    project_touch(project=project, at=latest - timedelta(days=3))
    assert Project.objects.get(pk=project.pk).last_activity_at == latest
    project_touch(project=project, at=latest + timedelta(days=3))
    stored = Project.objects.get(pk=project.pk)
    assert stored.last_activity_at == latest + timedelta(days=3)


def test_a_stamp_is_not_a_heartbeat(project):
    before, latest = project.updated_at, project.last_activity_at
    project_stamp(project=project)
    stored = Project.objects.get(pk=project.pk)
    assert stored.updated_at > before
    assert stored.last_activity_at == latest


def test_a_large_team_takes_no_more_statements(register, lead):
    register()
    counts = []
    for size in (1, 6):
        team = tuple(UserFactory.create_batch(size, home_unit=lead.home_unit))
        with CaptureQueriesContext(connection) as captured:
            register(team=team)
        counts.append(len(captured))
    assert counts[0] == counts[1]
