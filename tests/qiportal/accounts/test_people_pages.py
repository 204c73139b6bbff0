"""Accounts and roles: what a sysadmin may do, and what nobody may."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from qiportal.accounts.models import AuditEvent, RoleAssignment, User
from qiportal.accounts.permissions import roles_of
from qiportal.accounts.services import (
    role_end,
    role_grant,
    second_factor_remove,
    user_create,
    user_deactivate,
    user_reactivate,
)
from qiportal.accounts.tokens import token_authenticate, token_issue
from tests.factories import RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


# --- roles -------------------------------------------------------------------------


def test_a_role_holds_from_its_first_day_until_its_end(frontline, sysadmin):
    role_grant(
        user=frontline,
        role="board",
        by=sysadmin,
        starts_on=date(2026, 11, 23),
        ends_on=date(2026, 11, 25),
    )
    held = {}
    for day in (22, 23, 24, 25):
        with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=UTC), tick=False):
            held[day] = roles_of(fresh(frontline)) == {"board"}
    assert held == {22: False, 23: True, 24: True, 25: False}
    event = AuditEvent.objects.get(type="role.granted")
    assert (event.actor, event.new["role"]) == (sysadmin.email, "board")


def test_nobody_grants_to_themselves(sysadmin):
    with pytest.raises(ValidationError, match="to themselves"):
        role_grant(user=sysadmin, role="board", by=sysadmin)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignmentFactory(user=sysadmin, role="board", granted_by=sysadmin)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("sysadmin", "qi_team"),
        ("sysadmin", "board"),
        ("qi_team", "sysadmin"),
        ("board", "sysadmin"),
    ],
)
def test_a_sysadmin_holds_no_other_role_now_or_later(
    frontline, sysadmin, first, second
):
    role_grant(user=frontline, role=first, by=sysadmin, starts_on=date(2099, 1, 1))
    with pytest.raises(ValidationError, match="may not also be"):
        role_grant(user=frontline, role=second, by=sysadmin)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's trigger")
def test_the_database_keeps_sysadmins_apart_too(frontline):
    RoleAssignmentFactory(user=frontline, role="sysadmin")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignmentFactory(user=frontline, role="board")


def test_an_ended_role_stands_in_nobodys_way(frontline, sysadmin):
    assignment = role_grant(user=frontline, role="qi_team", by=sysadmin)
    role_end(assignment=assignment, by=sysadmin)
    role_grant(user=frontline, role="sysadmin", by=sysadmin)
    assert roles_of(fresh(frontline)) == {"sysadmin"}


def test_qi_team_and_board_may_be_one_person(frontline, sysadmin):
    role_grant(user=frontline, role="qi_team", by=sysadmin)
    role_grant(user=frontline, role="board", by=sysadmin)
    assert roles_of(fresh(frontline)) == {"qi_team", "board"}


def test_a_role_is_given_once(frontline, sysadmin):
    role_grant(user=frontline, role="board", by=sysadmin)
    with pytest.raises(ValidationError, match="already has this role"):
        role_grant(user=frontline, role="board", by=sysadmin)


def test_service_accounts_and_leavers_get_no_role(frontline, sysadmin):
    leaver = UserFactory(is_active=False)
    service = token_issue(
        responsible=frontline, name="x", scopes=["bi:read"], days=1, by=sysadmin
    ).token.user
    for nobody in (leaver, service):
        with pytest.raises(ValidationError, match="Only a person"):
            role_grant(user=nobody, role="board", by=sysadmin)


def test_ending_acts_at_once_and_twice_is_once(frontline, sysadmin):
    assignment = role_grant(user=frontline, role="board", by=sysadmin)
    for _ in range(2):
        role_end(assignment=assignment, by=sysadmin)
    assert roles_of(fresh(frontline)) == frozenset()
    assert AuditEvent.objects.filter(type="role.ended").count() == 1


def test_nobody_ends_their_own_role(sysadmin):
    with pytest.raises(ValidationError, match="their own roles"):
        role_end(assignment=sysadmin.role_assignments.get(), by=sysadmin)


# --- accounts ------------------------------------------------------------------------


def test_deactivating_ends_everything_at_once(client, lead, sysadmin):
    raw = token_issue(
        responsible=lead, name="feed", scopes=["bi:read"], days=9, by=sysadmin
    ).secret
    role_grant(user=lead, role="board", by=sysadmin)
    role_grant(user=lead, role="qi_team", by=sysadmin, starts_on=date(2099, 1, 1))
    client.force_login(lead)
    user_deactivate(user=lead, by=sysadmin)
    assert client.get("/account/").status_code == 302
    assert token_authenticate(raw, "10.0.0.1") is None
    event = AuditEvent.objects.get(type="user.deactivated")
    assert sorted(event.new["roles_ended"]) == ["board", "qi_team"]
    assert event.new["tokens_revoked"] == 1
    user_reactivate(user=lead, by=sysadmin)
    assert roles_of(fresh(lead)) == frozenset()
    with time_machine.travel(datetime(2099, 2, 1, tzinfo=UTC), tick=False):
        assert roles_of(fresh(lead)) == frozenset()
    assert token_authenticate(raw, "10.0.0.1") is None


def test_deactivating_twice_is_one_event_and_never_oneself(lead, sysadmin):
    for _ in range(2):
        user_deactivate(user=lead, by=sysadmin)
    assert AuditEvent.objects.filter(type="user.deactivated").count() == 1
    with pytest.raises(ValidationError):
        user_deactivate(user=sysadmin, by=sysadmin)


def test_an_address_is_taken_once_in_any_case(ward, sysadmin):
    user_create(
        email="Ada@Example.nhs.uk", full_name="Ada", home_unit=ward, by=sysadmin
    )
    assert User.objects.filter(email="ada@example.nhs.uk").exists()
    with pytest.raises(ValidationError):
        user_create(
            email="ADA@example.nhs.uk", full_name="A", home_unit=ward, by=sysadmin
        )


def test_a_lost_phone(frontline, sysadmin):
    Authenticator.objects.create(user=frontline, type="totp", data={"secret": "x"})
    assert second_factor_remove(user=frontline, by=sysadmin) == 1
    assert AuditEvent.objects.filter(type="user.second_factor_removed").count() == 1
    assert second_factor_remove(user=frontline, by=sysadmin) == 0
    with pytest.raises(ValidationError):
        second_factor_remove(user=sysadmin, by=sysadmin)


# --- pages ----------------------------------------------------------------------------


def test_adding_a_person_who_then_sets_a_password(client, ward, sysadmin, mailoutbox):
    client.force_login(sysadmin)
    data = {"full_name": "Ada King", "email": "ada@example.nhs.uk"}
    answer = client.post("/account/users/new/", {**data, "home_unit": ward.pk})
    made = User.objects.get(email="ada@example.nhs.uk")
    assert answer.url == f"/account/users/{made.pk}/"
    client.logout()
    client.post("/accounts/password/reset/", {"email": "ada@example.nhs.uk"})
    assert [message.to for message in mailoutbox] == [["ada@example.nhs.uk"]]


def test_a_taken_address_is_said_at_its_field(signed_in, sysadmin, lead, ward):
    data = {"full_name": "Ada", "email": lead.email.upper(), "home_unit": ward.pk}
    page = signed_in(sysadmin).post("/account/users/new/", data).content.decode()
    assert "This e-mail address has an account." in page


def test_giving_and_ending_a_role_on_screen(signed_in, sysadmin, frontline):
    client = signed_in(sysadmin)
    url = f"/account/users/{frontline.pk}/"
    assert client.post(url, {"role": "board"}).url == url
    page = client.get(url).content.decode()
    assert "No end set" in page
    assignment = RoleAssignment.objects.get(user=frontline)
    end = f"{url}roles/{assignment.pk}/end/"
    assert "It ends at once" in client.get(end).content.decode()
    client.post(end)
    assert roles_of(fresh(frontline)) == frozenset()


def test_what_is_refused_is_said_on_the_page(signed_in, sysadmin, qi_team):
    client = signed_in(sysadmin)
    url = f"/account/users/{qi_team.pk}/"
    page = client.post(url, {"role": "sysadmin"}).content.decode()
    assert "may not also be on the QI team" in page
    page = client.post(url, {"role": ""}).content.decode()
    assert "Error:" in page


def test_ones_own_page_offers_no_roles(signed_in, sysadmin):
    client = signed_in(sysadmin)
    url = f"/account/users/{sysadmin.pk}/"
    page = client.get(url).content.decode()
    assert "Nobody changes their own roles" in page
    assert "Give the role" not in page
    assert "Deactivate" not in page
    client.post(url, {"role": "board"})
    assert RoleAssignment.objects.filter(user=sysadmin).count() == 1


def test_a_role_is_ended_below_its_own_person(signed_in, sysadmin, frontline, lead):
    assignment = RoleAssignmentFactory(user=frontline, role="board")
    url = f"/account/users/{lead.pk}/roles/{assignment.pk}/end/"
    assert signed_in(sysadmin).post(url).status_code == 404


def test_changing_an_account(signed_in, sysadmin, frontline, other_ward):
    data = {
        "full_name": "Amina Y. Khan",
        "home_unit": other_ward.pk,
        "version": frontline.version,
    }
    client = signed_in(sysadmin)
    url = f"/account/users/{frontline.pk}/edit/"
    assert client.post(url, data).status_code == 302
    frontline.refresh_from_db()
    assert (frontline.full_name, frontline.home_unit) == ("Amina Y. Khan", other_ward)
    event = AuditEvent.objects.get(type="user.edited")
    assert event.old == {"full_name": "Amina Yusuf", "home_unit": "U0002"} | {
        "home_unit": event.old["home_unit"]
    }
    answer = client.post(url, {**data, "full_name": "Somebody Else"})
    assert answer.status_code == 409


def test_deactivating_and_letting_in_again_on_screen(signed_in, sysadmin, frontline):
    client = signed_in(sysadmin)
    url = f"/account/users/{frontline.pk}/"
    assert "cannot sign in again" in client.get(f"{url}deactivate/").content.decode()
    client.post(f"{url}deactivate/")
    assert not fresh(frontline).is_active
    client.post(f"{url}reactivate/")
    assert fresh(frontline).is_active


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=amina", {"Amina Yusuf"}),
        ("?q=yus ami", {"Amina Yusuf"}),
        ("?role=qi_team", {"Ben Okafor"}),
        ("?role=staff", {"Amina Yusuf", "Sam Stranger"}),
        ("?state=left", {"Gone Away"}),
        ("?state=service", {"Power BI"}),
        (
            "?state=all",
            {
                "Amina Yusuf",
                "Ben Okafor",
                "Gone Away",
                "Power BI",
                "Sam Stranger",
                "Sid Admin",
            },
        ),
        ("?role=nonsense", {"Amina Yusuf", "Ben Okafor", "Sam Stranger", "Sid Admin"}),
        ("?q=nobody", set()),
    ],
)
def test_finding_people(
    signed_in, sysadmin, frontline, stranger, qi_team, query, names
):
    UserFactory(full_name="Gone Away", is_active=False)
    token_issue(
        responsible=frontline, name="Power BI", scopes=["bi:read"], days=1, by=sysadmin
    )
    answer = signed_in(sysadmin).get(f"/account/users/{query}")
    rows = answer.context["table"]["rows"]
    assert {row[0]["text"] for row in rows} == names


def test_people_of_a_unit_and_below(signed_in, sysadmin, frontline, stranger, ward):
    answer = signed_in(sysadmin).get(f"/account/users/?unit={ward.parent_id}")
    names = {row[0]["text"] for row in answer.context["table"]["rows"]}
    assert names == {"Amina Yusuf"}


def test_the_list_costs_the_same_for_2_and_20(
    signed_in, sysadmin, ward, django_assert_num_queries
):
    client = signed_in(sysadmin)
    client.get("/account/users/")
    for total in (2, 20):
        people = UserFactory.create_batch(total - User.objects.count(), home_unit=ward)
        for person in people:
            RoleAssignmentFactory(user=person, role="board")
        with django_assert_num_queries(7):
            client.get("/account/users/")


def test_fifty_a_page(signed_in, sysadmin, ward):
    UserFactory.create_batch(55, home_unit=ward)
    client = signed_in(sysadmin)
    assert len(client.get("/account/users/").context["table"]["rows"]) == 50
    assert len(client.get("/account/users/?page=2").context["table"]["rows"]) == 6


def test_a_role_until_a_day(signed_in, sysadmin, frontline):
    day = datetime.now(UTC).date() + timedelta(days=30)
    data = {"role": "board", "ends_on": day.isoformat()}
    signed_in(sysadmin).post(f"/account/users/{frontline.pk}/", data)
    assert RoleAssignment.objects.get(user=frontline).ends_on == day
