"""Aim, drivers, change ideas, methods."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from projects.models import Aim, ChangeIdea, Driver, MethodUse, Project
from projects.services import (
    aim_set,
    driver_add,
    driver_delete,
    driver_edit,
    driver_move,
    driver_restore,
    idea_add,
    idea_delete,
    idea_edit,
    idea_mark,
    idea_restore,
    method_attach,
    method_detach,
)
from qiportal.accounts.models import AuditEvent, Tombstone
from qiportal.core.dates import today
from qiportal.core.versions import Conflict
from tests.factories import (
    AimFactory,
    ChangeIdeaFactory,
    DriverFactory,
    MethodFactory,
    MethodVersionFactory,
    ProjectFactory,
)


def audit_types():
    return [event.type for event in AuditEvent.objects.order_by("pk")]


# --- aim ------------------------------------------------------------------------------


def test_the_first_aim_needs_no_version(project, lead):
    aim = aim_set(project=project, statement="Halve falls.", by=lead)
    assert aim.is_current
    assert aim.version == 1
    assert audit_types() == ["aim.set"]


def test_an_aim_is_changed_in_place_with_its_history(project, lead):
    AimFactory(project=project, statement="Halve falls.")
    aim = aim_set(
        project=project, statement="Fewer falls.", by=lead, version=1, target=Decimal(3)
    )
    assert Aim.objects.count() == 1
    assert aim.version == 2
    event = AuditEvent.objects.get()
    assert event.old == {"statement": "Halve falls.", "target": None}
    assert event.new == {"statement": "Fewer falls.", "target": "3"}


@pytest.mark.parametrize("version", [None, 7])
def test_an_aim_is_not_overwritten_unseen(project, lead, version):
    AimFactory(project=project, statement="Halve falls.")
    with pytest.raises(Conflict):
        aim_set(project=project, statement="Mine", by=lead, version=version)
    assert Aim.objects.get().statement == "Halve falls."


def test_a_new_date_lies_ahead(project, lead):
    with pytest.raises(ValidationError, match="lies ahead"):
        aim_set(project=project, statement="x", by=lead, target_on=today())
    ahead = today() + timedelta(days=1)
    aim_set(project=project, statement="x", by=lead, target_on=ahead)


def test_an_old_date_may_stay(project, lead):
    AimFactory(project=project, target_on=date(2020, 1, 1))
    aim = aim_set(
        project=project,
        statement="New words",
        by=lead,
        version=1,
        target_on=date(2020, 1, 1),
    )
    assert aim.statement == "New words"


def test_target_and_baseline_must_differ(project, lead):
    with pytest.raises(ValidationError, match="differ"):
        aim_set(
            project=project,
            statement="x",
            by=lead,
            baseline=Decimal(5),
            target=Decimal(5),
        )


# --- drivers --------------------------------------------------------------------------


def texts(project, parent=None):
    rows = Driver.objects.filter(project=project, parent=parent, deleted_at=None)
    return [row.text for row in rows]


def test_drivers_are_added_at_the_end_of_their_row(project, lead):
    first = driver_add(project=project, text="Bells", by=lead)
    driver_add(project=project, text="Staff", by=lead)
    driver_add(project=project, text="Reach", parent=first, by=lead)
    driver_add(project=project, text="Sound", parent=first, by=lead)
    assert texts(project) == ["Bells", "Staff"]
    assert texts(project, first) == ["Reach", "Sound"]


def test_a_driver_sent_twice_is_one(project, lead):
    sent = uuid4()
    for _ in range(2):
        driver_add(project=project, text="Bells", by=lead, submission_id=sent)
    assert texts(project) == ["Bells"]


@pytest.mark.parametrize("kind", ["secondary", "foreign", "deleted"])
def test_a_parent_is_a_living_primary_of_the_same_project(project, lead, kind):
    primary = DriverFactory(project=project)
    wrong = {
        "secondary": lambda: DriverFactory(
            project=project, level="secondary", parent=primary
        ),
        "foreign": DriverFactory,
        "deleted": lambda: driver_delete(driver=primary, by=lead),
    }[kind]()
    with pytest.raises(ValidationError, match="primary driver of this project"):
        driver_add(project=project, text="x", parent=wrong, by=lead)


def test_a_driver_moves_among_its_neighbours(project, lead):
    rows = [driver_add(project=project, text=text, by=lead) for text in "abc"]
    driver_move(driver=rows[2], up=True, by=lead)
    assert texts(project) == ["a", "c", "b"]
    driver_move(driver=rows[0], up=False, by=lead)
    assert texts(project) == ["c", "a", "b"]
    driver_move(driver=rows[2], up=True, by=lead)
    assert texts(project) == ["c", "a", "b"]


def test_rows_without_positions_can_be_moved_too(project, lead):
    rows = [DriverFactory(project=project, text=text) for text in "abc"]
    driver_move(driver=rows[1], up=True, by=lead)
    assert texts(project) == ["b", "a", "c"]


def test_a_secondary_driver_can_change_its_parent(project, lead):
    first, second = (driver_add(project=project, text=t, by=lead) for t in "ab")
    child = driver_add(project=project, text="c", parent=first, by=lead)
    driver_edit(driver=child, version=1, by=lead, text="c", parent=second)
    assert texts(project, second) == ["c"]


def test_a_primary_driver_never_gets_a_parent(project, lead):
    first, second = (driver_add(project=project, text=t, by=lead) for t in "ab")
    driver_edit(driver=second, version=1, by=lead, text="new", parent=first)
    assert texts(project) == ["a", "new"]


def test_a_driver_edited_elsewhere_is_a_conflict(project, lead):
    row = driver_add(project=project, text="a", by=lead)
    stale = Driver.objects.get(pk=row.pk)
    driver_edit(driver=row, version=1, by=lead, text="b")
    with pytest.raises(Conflict):
        driver_edit(driver=stale, version=1, by=lead, text="c")


def test_deleting_a_primary_takes_its_branch_and_gives_it_back(project, lead):
    first = driver_add(project=project, text="Bells", by=lead)
    child = driver_add(project=project, text="Reach", parent=first, by=lead)
    gone = driver_add(project=project, text="Gone", parent=first, by=lead)
    driver_delete(driver=gone, by=lead)
    idea = ChangeIdeaFactory(project=project, driver=child)
    driver_delete(driver=first, by=lead)
    assert texts(project) == []
    assert texts(project, first) == []
    idea.refresh_from_db()
    assert idea.deleted_at is None
    first.refresh_from_db()
    driver_restore(driver=first, by=lead)
    assert texts(project, first) == ["Reach"]


def test_a_secondary_does_not_come_back_without_its_primary(project, lead):
    first = driver_add(project=project, text="Bells", by=lead)
    child = driver_add(project=project, text="Reach", parent=first, by=lead)
    driver_delete(driver=first, by=lead)
    child.refresh_from_db()
    with pytest.raises(ValidationError):
        driver_restore(driver=child, by=lead)


# --- change ideas ---------------------------------------------------------------------


def test_ideas_are_added_in_order_and_stamp_the_project(project, lead):
    before = project.updated_at
    for title in ("Clip", "Alarm"):
        idea_add(project=project, title=title, because="It helps", by=lead)
    ideas = ChangeIdea.objects.filter(project=project)
    assert [idea.title for idea in ideas] == ["Clip", "Alarm"]
    assert Project.objects.get(pk=project.pk).updated_at > before


def test_an_idea_sent_twice_is_one(project, lead):
    sent = uuid4()
    rows = [
        idea_add(project=project, title="Clip", by=lead, submission_id=sent)
        for _ in range(2)
    ]
    assert rows[0] == rows[1]


def test_an_idea_hangs_on_a_living_driver_of_its_project(project, lead):
    foreign = DriverFactory(project=ProjectFactory())
    with pytest.raises(ValidationError, match="driver of this project"):
        idea_add(project=project, title="Clip", driver=foreign, by=lead)


def test_an_idea_is_edited_under_the_lock(project, lead):
    idea = ChangeIdeaFactory(project=project)
    idea_edit(idea=idea, version=1, by=lead, title="Clip", because="Reach")
    stale = ChangeIdea.objects.get(pk=idea.pk)
    idea_edit(idea=idea, version=2, by=lead, title="Clip on rail", because="Reach")
    with pytest.raises(Conflict):
        idea_edit(idea=stale, version=2, by=lead, title="Other")
    assert ChangeIdea.objects.get(pk=idea.pk).title == "Clip on rail"


def test_what_became_of_an_idea(project, lead):
    idea = ChangeIdeaFactory(project=project, would_try_if="Beds are newer")
    idea_mark(idea=idea, status="abandoned", by=lead)
    stored = ChangeIdea.objects.get(pk=idea.pk)
    assert (stored.status, stored.would_try_if) == ("abandoned", "Beds are newer")
    idea_mark(idea=stored, status="abandoned", by=lead)
    assert audit_types() == ["idea.marked"]


def test_an_unknown_state_of_an_idea_is_refused(project, lead):
    with pytest.raises(ValidationError):
        idea_mark(idea=ChangeIdeaFactory(project=project), status="great", by=lead)


def test_an_idea_can_be_deleted_and_restored(project, lead):
    idea = ChangeIdeaFactory(project=project)
    idea_delete(idea=idea, by=lead)
    assert ChangeIdea.objects.filter(deleted_at=None).count() == 0
    idea_restore(idea=idea, by=lead)
    assert ChangeIdea.objects.filter(deleted_at=None).count() == 1
    assert audit_types() == ["idea.deleted", "idea.restored"]


# --- methods --------------------------------------------------------------------------


@pytest.fixture
def house(db):
    method = MethodFactory(title="Model for Improvement", is_house=True)
    method.current_version = MethodVersionFactory(method=method)
    method.save()
    return method


def test_a_method_is_attached_once(project, lead):
    method = MethodFactory()
    method_attach(project=project, method=method, used_for="Causes", by=lead)
    method_attach(project=project, method=method, used_for="Five causes", by=lead)
    assert MethodUse.objects.get().used_for == "Five causes"


def test_making_another_method_the_main_one_needs_a_reason(project, lead, house):
    lean = MethodFactory(title="Lean")
    with pytest.raises(ValidationError, match="Model for Improvement"):
        method_attach(project=project, method=lean, is_main=True, by=lead)
    assert not MethodUse.objects.exists()
    method_attach(
        project=project, method=lean, is_main=True, reason_if_other="Waste", by=lead
    )
    stored = Project.objects.get(pk=project.pk)
    assert (stored.method, stored.reason_if_other) == (lean, "Waste")


def test_detaching_leaves_a_tombstone_until_it_is_attached_again(project, lead):
    method = MethodFactory()
    use = method_attach(project=project, method=method, by=lead)
    method_detach(use=use, by=lead)
    stone = Tombstone.objects.get()
    assert (stone.resource, stone.row_key) == (
        "method_use",
        f"{project.pk}-{method.pk}",
    )
    method_attach(project=project, method=method, by=lead)
    assert not Tombstone.objects.exists()
