"""The states of a project."""

import pytest
from django.core.exceptions import ValidationError

from projects.models import Project, ProjectStatusChange
from projects.services import status_change
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import today


def change(project, lead, to, **words):
    return status_change(project=project, to=to, by=lead, **words)


def test_a_step_is_kept_with_its_reason(project, lead):
    change(project, lead, "resting", reason="Winter pressure")
    step = ProjectStatusChange.objects.get()
    assert (step.from_status, step.to_status, step.reason) == (
        "active",
        "resting",
        "Winter pressure",
    )
    assert project.status == "resting"
    assert AuditEvent.objects.get().old == {"status": "active"}


@pytest.mark.parametrize("to", ["completed", "stopped", "sustained"])
def test_closing_needs_what_was_learned(project, lead, to):
    with pytest.raises(ValidationError) as caught:
        change(project, lead, to, reason="Done", learning="  ")
    assert "learning" in caught.value.message_dict
    change(project, lead, to, reason="Done", learning="Bells need clips.")
    stored = Project.objects.get(pk=project.pk)
    assert (stored.closed_on, stored.closed_by) == (today(), lead)
    assert stored.learning == "Bells need clips."


@pytest.mark.parametrize("to", ["resting", "stopped"])
def test_resting_and_stopping_need_a_reason(project, lead, to):
    with pytest.raises(ValidationError) as caught:
        change(project, lead, to, learning="Something")
    assert "reason" in caught.value.message_dict


def test_opening_again_needs_a_reason_and_keeps_the_learning(project, lead):
    change(project, lead, "completed", learning="Clips work.")
    with pytest.raises(ValidationError):
        change(project, lead, "active")
    change(project, lead, "active", reason="Falls are back")
    stored = Project.objects.get(pk=project.pk)
    assert (stored.closed_on, stored.closed_by) == (None, None)
    assert stored.learning == "Clips work."


def test_from_one_closed_state_to_another(project, lead):
    change(project, lead, "completed", learning="Clips work.")
    change(project, lead, "sustained", learning="Clips still work.")
    assert Project.objects.get(pk=project.pk).learning == "Clips still work."


def test_the_same_state_again_and_an_unknown_one_are_refused(project, lead):
    with pytest.raises(ValidationError, match="active already"):
        change(project, lead, "active")
    with pytest.raises(ValidationError, match="Choose one"):
        change(project, lead, "archived")
    assert not ProjectStatusChange.objects.exists()


def test_becoming_active_sets_the_start_once(project, lead):
    Project.objects.update(status="idea", started_on=None)
    change(project, lead, "active")
    assert Project.objects.get(pk=project.pk).started_on == today()
    earlier = project.started_on
    change(project, lead, "resting", reason="Winter")
    change(project, lead, "active", reason="Spring")
    assert Project.objects.get(pk=project.pk).started_on == earlier


def test_a_stale_copy_does_not_undo_another_step(project, lead):
    stale = Project.objects.get(pk=project.pk)
    change(project, lead, "resting", reason="Winter")
    change(stale, lead, "active", reason="Spring")
    assert Project.objects.get(pk=project.pk).version == 3
    assert [s.from_status for s in ProjectStatusChange.objects.all()] == [
        "active",
        "resting",
    ]
