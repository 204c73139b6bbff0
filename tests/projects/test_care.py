"""Barriers: raised by the team, taken and resolved by the board or the QI team."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from projects.models import Barrier
from projects.permissions import can_take_barriers
from projects.services import barrier_raise, barrier_resolve, barrier_take
from qiportal.accounts.models import AuditEvent, Notification


@pytest.fixture
def barrier(project, lead):
    return barrier_raise(
        project=project, type="money", text="No bells left.", level="division", by=lead
    )


def test_a_barrier_is_raised_and_audited_without_its_text(barrier):
    assert barrier.raised_at is not None
    event = AuditEvent.objects.get()
    assert event.new == {"type": "money", "level": "division"}


def test_sent_twice_it_is_one(project, lead):
    sent = uuid4()
    for _ in range(2):
        barrier_raise(
            project=project,
            type="time",
            text="No time.",
            level="unit",
            by=lead,
            submission_id=sent,
        )
    assert Barrier.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"type": "gold"}, {"level": "king"}, {"text": ""}])
def test_what_is_unknown_or_missing_is_refused(project, lead, wrong):
    fields = {"type": "time", "text": "No time.", "level": "unit", **wrong}
    with pytest.raises(ValidationError):
        barrier_raise(project=project, by=lead, **fields)


def test_taking_it_names_an_owner_and_tells_the_lead(barrier, board_member, lead):
    barrier_take(barrier=barrier, by=board_member)
    assert Barrier.objects.get().owner == board_member
    assert Notification.objects.get().user == lead


def test_resolving_needs_an_outcome(barrier, board_member):
    with pytest.raises(ValidationError, match="what came of it"):
        barrier_resolve(barrier=barrier, outcome="  ", by=board_member)
    barrier_resolve(barrier=barrier, outcome="Forty bells bought.", by=board_member)
    stored = Barrier.objects.get()
    assert stored.resolved_at is not None
    assert stored.owner == board_member


def test_nothing_is_resolved_or_taken_twice(barrier, board_member, qi_team):
    barrier_resolve(barrier=barrier, outcome="Bought.", by=board_member)
    for act in (
        lambda: barrier_resolve(barrier=barrier, outcome="Again.", by=qi_team),
        lambda: barrier_take(barrier=barrier, by=qi_team),
    ):
        with pytest.raises(ValidationError, match="in the meantime"):
            act()


def test_who_takes_barriers(lead, stranger, board_member, qi_team, sysadmin):
    people = (lead, stranger, board_member, qi_team, sysadmin)
    assert [can_take_barriers(person) for person in people] == [
        False,
        False,
        True,
        True,
        False,
    ]
