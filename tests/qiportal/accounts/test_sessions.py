"""Session lifetimes, each at its edge, and the mark of one's own phone (T15)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from qiportal.accounts.devices import COOKIE
from qiportal.accounts.models import RoleAssignment, User
from tests.factories import RoleAssignmentFactory, UserFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 7, tzinfo=UTC)
PAGE = "/account/own-phone/"
PASSWORD = "correct horse battery"


@pytest.fixture
def amina(ward):
    return UserFactory(email="amina@example.nhs.uk", home_unit=ward)


def sign_in(client, user, at=START):
    with time_machine.travel(at, tick=False):
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert client.get(PAGE).status_code == 200


def is_in(client, after: timedelta) -> bool:
    with time_machine.travel(START + after, tick=False):
        return client.get(PAGE).status_code == 200


def keep_busy(client, until: timedelta, step: timedelta) -> None:
    at = step
    while at < until:
        assert is_in(client, at), f"signed out after {at}"
        at += step


def mark_own(client):
    with time_machine.travel(START, tick=False):
        client.post(PAGE, {"own": "own"})


def test_staff_are_signed_out_after_60_idle_minutes(client, amina):
    sign_in(client, amina)
    assert is_in(client, timedelta(minutes=60))
    assert is_in(client, timedelta(minutes=120))
    assert not is_in(client, timedelta(minutes=180, seconds=1))


def test_staff_are_signed_out_after_14_hours_however_busy(client, amina):
    sign_in(client, amina)
    keep_busy(client, timedelta(hours=14), timedelta(minutes=50))
    assert is_in(client, timedelta(hours=14))
    assert not is_in(client, timedelta(hours=14, seconds=1))


def test_a_long_shift_is_not_signed_in_twice(client, amina):
    sign_in(client, amina)
    keep_busy(client, timedelta(hours=12, minutes=30), timedelta(minutes=59))


def test_an_own_phone_stays_in_for_7_idle_days(client, amina):
    sign_in(client, amina)
    mark_own(client)
    assert is_in(client, timedelta(days=7))
    assert not is_in(client, timedelta(days=14, seconds=1))


def test_an_own_phone_is_signed_out_after_30_days(client, amina):
    sign_in(client, amina)
    mark_own(client)
    keep_busy(client, timedelta(days=30), timedelta(days=6))
    assert is_in(client, timedelta(days=30))
    assert not is_in(client, timedelta(days=30, seconds=1))


@pytest.mark.parametrize("role", ["qi_team", "board", "sysadmin"])
def test_privileged_people_get_30_minutes_and_12_hours_even_on_their_phone(
    client, amina, role
):
    RoleAssignmentFactory(user=amina, role=role)
    sign_in(client, amina)
    mark_own(client)
    assert is_in(client, timedelta(minutes=30))
    assert not is_in(client, timedelta(minutes=60, seconds=1))
    client.cookies.pop(COOKIE)
    sign_in(client, amina)
    keep_busy(client, timedelta(hours=12), timedelta(minutes=29))
    assert is_in(client, timedelta(hours=12))
    assert not is_in(client, timedelta(hours=12, seconds=1))


def test_a_role_given_meanwhile_shortens_the_session_at_once(client, amina):
    sign_in(client, amina)
    RoleAssignmentFactory(user=amina, role="board")
    assert not is_in(client, timedelta(minutes=31))


def test_a_role_taken_acts_on_the_next_request(client, sysadmin):
    client.force_login(sysadmin)
    assert client.get("/account/users/").status_code == 200
    day = datetime.now(UTC).date()
    RoleAssignment.objects.update(ends_on=day)
    assert client.get("/account/users/").status_code == 403


def test_an_own_phone_is_known_at_the_next_sign_in(client, amina):
    sign_in(client, amina)
    mark_own(client)
    client.post("/accounts/logout/")
    sign_in(client, amina)
    assert is_in(client, timedelta(days=6))


def test_the_mark_is_for_one_person(client, amina, lead):
    sign_in(client, amina)
    mark_own(client)
    client.post("/accounts/logout/")
    sign_in(client, lead)
    assert not is_in(client, timedelta(minutes=61))


@pytest.mark.parametrize("forged", ["", "1", "x:y:z"])
def test_a_forged_mark_counts_for_nothing(client, amina, forged):
    client.cookies[COOKIE] = forged
    sign_in(client, amina)
    assert not is_in(client, timedelta(minutes=61))


def test_the_mark_can_be_taken_back(client, amina):
    sign_in(client, amina)
    mark_own(client)
    with time_machine.travel(START, tick=False):
        client.post(PAGE, {"own": "shared"})
    assert not client.cookies[COOKIE].value
    assert not is_in(client, timedelta(minutes=61))


def test_cookies_end_with_the_browser_unless_it_is_ones_own(client, amina):
    sign_in(client, amina)
    assert client.session.get_expire_at_browser_close()
    mark_own(client)
    assert not client.session.get_expire_at_browser_close()
    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_a_session_that_ended_asks_to_sign_in_and_leads_back(client, amina):
    sign_in(client, amina)
    with time_machine.travel(START + timedelta(hours=2), tick=False):
        answer = client.get("/account/profile/?a=1")
    assert answer.url == "/accounts/login/?next=/account/profile/%3Fa%3D1"


def test_a_changed_password_ends_other_sessions(client, amina):
    sign_in(client, amina)
    person = User.objects.get(pk=amina.pk)
    person.set_password("another pass phrase")
    person.save()
    assert not is_in(client, timedelta(minutes=1))
