"""Signing in and out with a local account, and being locked out."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from qiportal.accounts.models import User
from qiportal.accounts.services import command_line_user
from qiportal.accounts.tokens import token_issue
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
WRONG = "The email address and/or password you specified are not correct."


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def amina(ward):
    return UserFactory(email="amina@example.nhs.uk", home_unit=ward)


def sign_in(client, email, password=PASSWORD, **extra):
    data = {"login": email, "password": password, **extra}
    return client.post(reverse("account_login"), data)


def signed_in_id(client):
    return client.session.get("_auth_user_id")


def test_an_anonymous_visitor_is_sent_to_sign_in_and_back(client, amina):
    answer = client.get("/account/users/?q=a b")
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/account/users/%3Fq%3Da%2520b"
    answer = sign_in(client, amina.email, next="/account/own-phone/")
    assert (answer.status_code, answer.url) == (302, "/account/own-phone/")


@pytest.mark.parametrize("typed", ["amina@example.nhs.uk", " Amina@EXAMPLE.nhs.uk "])
def test_an_address_is_taken_in_any_case(client, amina, typed):
    answer = sign_in(client, typed)
    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in_id(client) == str(amina.pk)


@pytest.mark.parametrize(
    ("email", "password"),
    [("amina@example.nhs.uk", "wrong"), ("nobody@example.nhs.uk", PASSWORD)],
)
def test_one_message_for_a_wrong_address_and_a_wrong_password(
    client, amina, email, password
):
    answer = sign_in(client, email, password)
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert signed_in_id(client) is None


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed: what takes the time at sign-in."""

    calls = 0

    def encode(self, password, salt):
        CountingHasher.calls += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("email", ["amina@example.nhs.uk", "nobody@example.nhs.uk"])
def test_a_wrong_try_costs_one_hash_whoever_it_is(client, amina, settings, email):
    """So the time it takes does not tell who has an account."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.calls = 0
    sign_in(client, email, "wrong")
    assert CountingHasher.calls == 1


@pytest.mark.parametrize("email", ["", "not an address", "a\x00b@example.nhs.uk"])
def test_odd_addresses_are_refused_with_words(client, email):
    answer = sign_in(client, email)
    assert answer.status_code == 200
    assert signed_in_id(client) is None


def test_a_link_to_another_site_is_not_followed(client, amina):
    for bad in ("//evil.example", "https://evil.example/x", "/\\evil.example"):
        answer = sign_in(client, amina.email, next=bad)
        assert answer.url == "/"
        client.logout()


def test_sign_in_gives_a_new_session_key(client, amina):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(client, amina.email)
    assert client.session.session_key != before


def test_five_wrong_tries_lock_this_account_from_this_address(client, amina):
    for _ in range(4):
        assert sign_in(client, amina.email, "wrong").status_code == 200
    fifth = sign_in(client, amina.email, "wrong")
    assert fifth.status_code == 429
    sixth = sign_in(client, "AMINA@example.nhs.uk")
    assert sixth.status_code == 429
    assert "paused for 15 minutes" in sixth.content.decode()
    assert signed_in_id(client) is None


def test_a_lock_shuts_out_neither_colleagues_nor_other_addresses(client, amina, lead):
    for _ in range(6):
        sign_in(client, amina.email, "wrong")
    assert sign_in(client, lead.email).status_code == 302
    client.logout()
    data = {"login": amina.email, "password": PASSWORD}
    elsewhere = client.post("/accounts/login/", data, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_the_lock_ends_after_15_minutes(client, amina):
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        for _ in range(5):
            sign_in(client, amina.email, "wrong")
    with time_machine.travel(start + timedelta(minutes=14), tick=False):
        assert sign_in(client, amina.email).status_code == 429
    with time_machine.travel(start + timedelta(minutes=30), tick=False):
        assert sign_in(client, amina.email).status_code == 302


def test_success_forgets_earlier_wrong_tries(client, amina):
    for _ in range(2):
        for _ in range(4):
            sign_in(client, amina.email, "wrong")
        assert sign_in(client, amina.email).status_code == 302
        client.post(reverse("account_logout"))


def test_a_leaver_cannot_sign_in_and_loses_the_session(client, amina):
    sign_in(client, amina.email)
    User.objects.filter(pk=amina.pk).update(is_active=False)
    assert client.get("/account/own-phone/").status_code == 302
    client.logout()
    answer = sign_in(client, amina.email)
    assert answer.status_code == 302
    assert answer.url == "/accounts/inactive/"
    assert signed_in_id(client) is None


def test_a_service_account_cannot_sign_in(client, amina):
    token = token_issue(
        responsible=amina,
        name="Feed",
        scopes=["bi:read"],
        days=1,
        by=command_line_user(),
    ).token
    token.user.set_password(PASSWORD)
    token.user.save()
    sign_in(client, token.user.email)
    assert signed_in_id(client) is None
    client.force_login(token.user)
    assert client.get("/account/own-phone/").status_code == 302


def test_sign_out_takes_a_post(client, amina):
    sign_in(client, amina.email)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in_id(client)
    assert client.post(reverse("account_logout")).url == "/accounts/login/"
    assert signed_in_id(client) is None


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "3rdparty/",
        "3rdparty/signup/",
        "login/code/confirm/",
    ],
)
def test_nobody_makes_or_changes_an_account_alone(client, amina, path):
    assert client.get(f"/accounts/{path}").status_code == 404
    sign_in(client, amina.email)
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}").status_code == 404


def test_changing_the_password(client, amina):
    sign_in(client, amina.email)
    new = "a longer and better one"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = client.post(reverse("account_change_password"), data)
    assert answer.status_code == 302
    client.logout()
    assert sign_in(client, amina.email).status_code == 200
    assert sign_in(client, amina.email, new).status_code == 302


def test_a_weak_new_password_is_refused(client, amina):
    sign_in(client, amina.email)
    data = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    answer = client.post(reverse("account_change_password"), data)
    assert "at least 12 characters" in answer.content.decode()


def test_resetting_a_forgotten_password_by_mail(client, amina, settings):
    settings.PUBLIC_URL = "https://qi.example.nhs.uk"
    client.post(reverse("account_reset_password"), {"email": "Amina@example.nhs.uk"})
    [message] = mail.outbox
    assert message.to == ["amina@example.nhs.uk"]
    [link] = [line for line in message.body.split() if line.startswith("https://")]
    assert link.startswith("https://qi.example.nhs.uk/accounts/password/reset/key/")
    page = client.get(link.removeprefix("https://qi.example.nhs.uk"), follow=True)
    new = "brand new pass phrase"
    path = page.redirect_chain[-1][0]
    client.post(path, {"password1": new, "password2": new})
    assert sign_in(client, amina.email, new).status_code == 302


def test_a_reset_link_works_once(client, amina):
    client.post(reverse("account_reset_password"), {"email": amina.email})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    path = link[link.index("/accounts/") :]
    new = "brand new pass phrase"
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": new, "password2": new})
    client.session.flush()
    client.cookies.clear()
    assert b"password1" not in client.get(path, follow=True).content


def test_reset_tells_nobody_who_has_an_account(client, amina):
    known = client.post(reverse("account_reset_password"), {"email": amina.email})
    unknown = client.post(
        reverse("account_reset_password"), {"email": "nobody@example.nhs.uk"}
    )
    assert known.status_code == unknown.status_code == 302
    assert known.url == unknown.url
    assert [message.to for message in mail.outbox] == [[amina.email]]


def test_a_mail_server_that_is_down_does_not_break_the_page(client, amina, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post(reverse("account_reset_password"), {"email": amina.email})
    assert answer.status_code == 302


def test_signed_in_pages_are_not_kept_by_the_browser(client, amina):
    sign_in(client, amina.email)
    answer = client.get(reverse("account_change_password"))
    assert "no-store" in answer["Cache-Control"]
