"""Adding, leaving, joining and handing over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import Handover, Project, ProjectMember
from projects.services import (
    handover_accept,
    handover_end,
    handover_offer,
    leads_of,
    member_add,
    member_remove,
    project_join,
)
from qiportal.accounts.models import AuditEvent, Notification
from qiportal.core.dates import today
from tests.factories import MemberFactory


def relations(project, user):
    rows = ProjectMember.objects.filter(project=project, user=user, left_on=None)
    return {row.relation for row in rows}


def test_a_person_is_added_told_and_audited(project, lead, stranger):
    before = project.updated_at
    row = member_add(project=project, user=stranger, relation="coach", by=lead)
    assert row.joined_on == today()
    assert relations(project, stranger) == {"coach"}
    assert Notification.objects.get().title.endswith("as coach")
    event = AuditEvent.objects.get()
    assert event.new == {"person": stranger.email, "relation": "coach"}
    assert Project.objects.get(pk=project.pk).updated_at > before


def test_the_same_part_twice_is_refused(project, lead, stranger):
    member_add(project=project, user=stranger, relation="coach", by=lead)
    with pytest.raises(ValidationError, match="already"):
        member_add(project=project, user=stranger, relation="coach", by=lead)


def test_a_coach_may_also_be_the_sponsor(project, lead, stranger):
    member_add(project=project, user=stranger, relation="coach", by=lead)
    member_add(project=project, user=stranger, relation="sponsor", by=lead)
    assert relations(project, stranger) == {"coach", "sponsor"}


def test_the_lead_is_not_also_a_member(project, lead):
    with pytest.raises(ValidationError, match="in the team already"):
        member_add(project=project, user=lead, relation="member", by=lead)


def test_a_member_who_becomes_lead_stops_being_member(project, lead, frontline):
    member_add(project=project, user=frontline, relation="member", by=lead)
    member_add(project=project, user=frontline, relation="lead", by=lead)
    assert relations(project, frontline) == {"lead"}
    assert leads_of(project) == [lead, frontline]


def test_leaving_keeps_the_row_with_its_last_day(project, frontline, lead):
    row = MemberFactory(project=project, user=frontline)
    member_remove(member=row, by=lead)
    row.refresh_from_db()
    assert row.left_on == today()
    assert relations(project, frontline) == set()
    member_remove(member=row, by=lead)
    assert AuditEvent.objects.count() == 1


def test_somebody_who_left_can_come_back(project, frontline, lead):
    row = member_add(project=project, user=frontline, relation="member", by=lead)
    member_remove(member=row, by=lead)
    member_add(project=project, user=frontline, relation="member", by=lead)
    assert ProjectMember.objects.filter(user=frontline).count() == 2


def test_a_start_in_the_future_can_end_today(project, frontline, lead):
    later = today() + timedelta(days=9)
    row = MemberFactory(project=project, user=frontline, joined_on=later)
    assert member_remove(member=row, by=lead).left_on == later


def test_the_last_lead_cannot_go(project, lead, frontline):
    row = ProjectMember.objects.get(user=lead)
    with pytest.raises(ValidationError, match="Hand it over first"):
        member_remove(member=row, by=lead)
    member_add(project=project, user=frontline, relation="lead", by=lead)
    member_remove(member=row, by=lead)
    assert leads_of(project) == [frontline]


def test_one_tap_makes_a_member_and_tells_the_lead(project, frontline, lead):
    project_join(project=project, by=frontline)
    assert relations(project, frontline) == {"member"}
    assert Notification.objects.get().user == lead
    assert AuditEvent.objects.get().type == "member.joined"


def test_joining_twice_gives_the_same_row(project, frontline):
    first = project_join(project=project, by=frontline)
    assert project_join(project=project, by=frontline) == first
    assert AuditEvent.objects.count() == 1


def test_a_stranger_cannot_join(project, stranger):
    with pytest.raises(PermissionDenied):
        project_join(project=project, by=stranger)
    assert relations(project, stranger) == set()


def test_nobody_joins_a_draft(project, frontline):
    Project.objects.update(visibility="draft")
    project.refresh_from_db()
    with pytest.raises(PermissionDenied):
        project_join(project=project, by=frontline)


# --- handover -------------------------------------------------------------------------


@pytest.fixture
def offer(project, lead, frontline):
    return handover_offer(
        project=project, to_user=frontline, by=lead, from_user=lead, note="I move on"
    )


def test_an_offer_tells_its_receiver_and_changes_nothing_else(offer, project, lead):
    assert Notification.objects.get().user == offer.to_user
    assert leads_of(project) == [lead]
    assert Project.objects.get(pk=project.pk).status == "active"


def test_accepting_swaps_lead_and_member(offer, project, lead, frontline):
    Project.objects.update(lead_leaves_on=today())
    handover_accept(offer=offer, by=frontline)
    assert relations(project, frontline) == {"lead"}
    assert relations(project, lead) == {"member"}
    stored = Project.objects.get(pk=project.pk)
    assert (stored.status, stored.lead_leaves_on) == ("active", None)


def test_a_member_who_accepts_is_lead_only(project, lead, frontline):
    MemberFactory(project=project, user=frontline)
    offer = handover_offer(project=project, to_user=frontline, by=lead, from_user=lead)
    handover_accept(offer=offer, by=frontline)
    assert relations(project, frontline) == {"lead"}


def test_only_the_person_asked_accepts(offer, lead, stranger):
    for person in (lead, stranger):
        with pytest.raises(PermissionDenied):
            handover_accept(offer=offer, by=person)


def test_one_offer_at_a_time(offer, project, lead, stranger):
    with pytest.raises(ValidationError, match="already on offer"):
        handover_offer(project=project, to_user=stranger, by=lead, from_user=lead)


def test_nobody_hands_over_to_a_lead(project, lead):
    with pytest.raises(ValidationError, match="leads this project already"):
        handover_offer(project=project, to_user=lead, by=lead, from_user=lead)


@pytest.mark.parametrize(
    ("who", "event"), [(0, "handover.declined"), (1, "handover.withdrawn")]
)
def test_an_offer_can_be_declined_or_taken_back(
    offer, project, lead, frontline, who, event
):
    handover_end(offer=offer, by=(frontline, lead)[who])
    assert AuditEvent.objects.order_by("-pk").first().type == event
    with pytest.raises(ValidationError, match="no longer"):
        handover_accept(offer=offer, by=frontline)
    with pytest.raises(ValidationError, match="no longer"):
        handover_end(offer=offer, by=lead)
    handover_offer(project=project, to_user=frontline, by=lead, from_user=lead)
    assert Handover.objects.count() == 2
