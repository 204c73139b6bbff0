"""The second step: needed by privileged local accounts, asked at each sign-in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache

from tests.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SET_UP = "/accounts/2fa/totp/activate/"
ASK = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def required(settings):
    cache.clear()
    settings.MFA_REQUIRED = True


def code_for(secret: str) -> str:
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(client, user):
    data = {"login": user.email, "password": PASSWORD}
    return client.post("/accounts/login/", data)


def set_up(client):
    """Scans the code on the page, as a phone would; returns the secret."""
    page = client.get(SET_UP)
    assert page.status_code == 200
    secret = page.context["form"].secret
    answer = client.post(SET_UP, {"code": code_for(secret)})
    assert answer.status_code == 302, page.content.decode()
    return secret


@pytest.mark.parametrize("who", ["qi_team", "board_member", "sysadmin"])
def test_privileged_people_set_it_up_before_anything_else(client, request, who):
    sign_in(client, request.getfixturevalue(who))
    for path in ("/account/", "/account/api-tokens/", "/account/drafts/x/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, SET_UP)
    assert client.post("/account/drafts/x/", {"a": "b"}).url == SET_UP
    set_up(client)
    assert client.get("/account/").status_code == 200


def test_staff_need_none(client, frontline):
    sign_in(client, frontline)
    assert client.get("/account/").status_code == 200


def test_a_role_given_meanwhile_asks_for_it_at_once(client, frontline):
    sign_in(client, frontline)
    RoleAssignmentFactory(user=frontline, role="qi_team")
    assert client.get("/account/").url == SET_UP


def test_they_can_always_sign_out(client, sysadmin):
    sign_in(client, sysadmin)
    assert client.post("/accounts/logout/").url == "/accounts/login/"


def test_a_wrong_code_does_not_set_it_up(client, sysadmin):
    sign_in(client, sysadmin)
    client.get(SET_UP)
    answer = client.post(SET_UP, {"code": "000000"})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_setting_it_up_gives_recovery_codes(client, sysadmin):
    sign_in(client, sysadmin)
    set_up(client)
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"\b[0-9a-f]{8}\b", page)) >= 10


def test_the_next_sign_in_asks_for_the_code(client, sysadmin):
    sign_in(client, sysadmin)
    secret = set_up(client)
    client.post("/accounts/logout/")
    cache.clear()  # a code is taken once within its 30 seconds
    assert sign_in(client, sysadmin).url == ASK
    assert client.get("/account/").status_code == 302, "not signed in yet"
    assert client.post(ASK, {"code": "000000"}).status_code == 200
    client.post(ASK, {"code": code_for(secret)})
    assert client.get("/account/").status_code == 200


def test_a_recovery_code_works_once(client, sysadmin):
    sign_in(client, sysadmin)
    set_up(client)
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    code = re.findall(r"\b[0-9a-f]{8}\b", page)[0]
    for worked in (True, False):
        client.post("/accounts/logout/")
        sign_in(client, sysadmin)
        client.post(ASK, {"code": code})
        assert (client.get("/account/").status_code == 200) is worked


def test_switched_off_it_is_set_up_again(client, sysadmin):
    sign_in(client, sysadmin)
    set_up(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert client.get("/account/").url == SET_UP


def test_recovery_codes_alone_are_no_second_step(client, sysadmin):
    sign_in(client, sysadmin)
    set_up(client)
    Authenticator.objects.filter(type="totp").delete()
    assert client.get("/account/").url == SET_UP


def test_later_than_five_minutes_the_password_is_asked_again(client, sysadmin):
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False):
        sign_in(client, sysadmin)
        assert client.get(SET_UP).status_code == 200
    with time_machine.travel(start + timedelta(minutes=5), tick=False):
        answer = client.get(SET_UP)
        assert answer.url.startswith("/accounts/reauthenticate/")
        answer = client.post(answer.url, {"password": "wrong"})
        assert answer.status_code == 200
        answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert client.get(SET_UP).status_code == 200


def test_where_it_is_not_required_nobody_is_asked(client, sysadmin, settings):
    settings.MFA_REQUIRED = False
    sign_in(client, sysadmin)
    assert client.get("/account/").status_code == 200
