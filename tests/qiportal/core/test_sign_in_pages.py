"""The account pages in a browser: clean, under the policy, working end to end."""

import base64
import hashlib
import hmac
import time

import pytest

from tests.browser import settled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.qiportal.core.style_guide"),
    pytest.mark.django_db(transaction=True),
]
PASSWORD = "correct horse battery"


def code_for(key):
    """The six digits an authenticator app shows now (RFC 6238)."""
    counter = (int(time.time()) // 30).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def sign_in(visitor, person):
    page = visitor.open("/accounts/login/?next=/accounts/2fa/")
    page.fill("#id_login", person.email)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    settled(page)
    return page


def assert_clean(visitor):
    assert visitor.axe() == []
    assert visitor.sideways() <= 0
    assert visitor.problems == []


def test_the_second_step_is_set_up_and_asked_for(visit, frontline):
    visitor = visit(width=360)
    page = sign_in(visitor, frontline)
    assert_clean(visitor)

    page.get_by_role("link", name="Set up the app").click()
    page.wait_for_selector("#totp-key")
    assert page.locator(".qi-qr").evaluate("image => image.naturalWidth") > 0
    assert_clean(visitor)
    key = page.locator("#totp-key").inner_text().strip()
    page.get_by_role("textbox").last.fill(code_for(key))
    page.get_by_role("button", name="Switch on").click()
    settled(page)

    visitor.open("/accounts/2fa/recovery-codes/")
    assert len(page.locator("#codes").inner_text().split()) == 10
    assert_clean(visitor)
    for path in ("recovery-codes/generate/", "totp/deactivate/"):
        visitor.open(f"/accounts/2fa/{path}")
        assert_clean(visitor)

    second = visit(width=360)
    page = sign_in(second, frontline)
    assert page.get_by_role("heading", name="Enter your code").is_visible()
    assert_clean(second)


@pytest.mark.parametrize("path", ["password/change/", "reauthenticate/", "logout/"])
def test_pages_of_an_account_are_clean(visit, frontline, path):
    visitor = visit(width=360)
    sign_in(visitor, frontline)

    visitor.open(f"/accounts/{path}")

    assert_clean(visitor)


def test_a_wrong_password_is_a_plain_error(visit, frontline):
    visitor = visit(width=360)
    page = visitor.open("/accounts/login/")
    page.fill("#id_login", frontline.email)
    page.fill("#id_password", "wrong")
    page.get_by_role("button", name="Sign in").click()
    settled(page)

    assert page.title() == "Error: Sign in – QI Portal"
    assert visitor.axe() == []
