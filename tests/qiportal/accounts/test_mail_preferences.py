"""Which mail somebody wants, and the link that stops one kind without signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from qiportal.accounts.mail import (
    KINDS,
    kind_of,
    mail_wanted_set,
    off_kinds,
    stop_token,
    stop_token_read,
)
from qiportal.accounts.models import AuditEvent, MailPreference, Notification, User

pytestmark = pytest.mark.django_db


def test_every_kind_of_news_belongs_somewhere():
    rows = {
        "task": "task",
        "project_added": "project",
        "handover_declined": "project",
        "training.booked": "training",
        "mention": "mention",
        "nudge.value": "reminder",
        "member_joined": "team",
        "barrier_taken": "team",
        "never.heard.of": "team",
    }
    assert {kind: kind_of(Notification(kind=kind)).code for kind in rows} == rows


def test_preferences_page_saves_exactly_what_is_ticked(frontline, signed_in):
    client = signed_in(frontline)
    url = reverse("mail_preferences")
    assert url == "/account/mail/"
    page = client.get(url).content.decode()
    assert page.count("checked") == 7
    answer = client.post(url, {"wanted": ["task", "weekly"]})
    assert answer.url == reverse("account_home")
    assert off_kinds(frontline) == {
        "project",
        "training",
        "mention",
        "reminder",
        "team",
    }
    assert client.get(url).content.decode().count("checked") == 2
    event = AuditEvent.objects.get(type="mail.preferences_changed")
    assert event.actor == frontline.email
    assert event.old == {"off": []}


def test_saving_what_is_already_so_writes_nothing(frontline):
    mail_wanted_set(user=frontline, wanted=list(KINDS), by=frontline)
    assert not MailPreference.objects.exists()
    assert not AuditEvent.objects.exists()


def test_unknown_kind_is_refused(frontline, signed_in):
    answer = signed_in(frontline).post(reverse("mail_preferences"), {"wanted": ["x"]})
    assert answer.status_code == 200
    assert not MailPreference.objects.exists()


def test_preferences_need_a_sign_in(client):
    answer = client.get(reverse("mail_preferences"))
    assert answer.url.startswith("/accounts/login/")


def stop_url(user, kind="weekly") -> str:
    return reverse("mail_stop", args=[stop_token(user, KINDS[kind])])


def test_stop_link_asks_first_and_changes_nothing_on_get(frontline):
    page = Client().get(stop_url(frontline))
    assert page.status_code == 200
    assert "Stop this mail?" in page.content.decode()
    assert "The weekly mail" in page.content.decode()
    assert frontline.email not in page.content.decode()
    assert frontline.full_name not in page.content.decode()
    assert not MailPreference.objects.exists()


def test_stop_link_stops_without_signing_in_and_can_be_undone(frontline):
    client = Client(enforce_csrf_checks=True)
    page = client.post(stop_url(frontline)).content.decode()
    assert "You no longer get mail" in page
    assert off_kinds(frontline) == {"weekly"}
    client.post(stop_url(frontline))
    assert off_kinds(frontline) == {"weekly"}
    page = client.post(stop_url(frontline), {"start": "1"}).content.decode()
    assert "again" in page
    assert off_kinds(frontline) == frozenset()
    assert AuditEvent.objects.filter(type="mail.preferences_changed").count() == 2


def test_stop_link_does_not_sign_in(frontline):
    client = Client()
    client.post(stop_url(frontline))
    assert client.get("/account/").status_code == 302
    assert "sessionid" not in client.cookies


def test_stop_link_works_when_somebody_else_is_signed_in(
    frontline, stranger, signed_in
):
    signed_in(stranger).post(stop_url(frontline))
    assert off_kinds(frontline) == {"weekly"}
    assert off_kinds(stranger) == frozenset()


@pytest.mark.parametrize("change", ["forged", "swapped", "cut", "other salt", "gone"])
def test_forged_stop_link_is_not_found(change, frontline, stranger):
    good, other = (stop_token(u, KINDS["task"]) for u in (frontline, stranger))
    payload, signature = good.rsplit(":", 1)
    tokens = {
        "forged": f"{payload}:{signature[:-2]}xx",
        "swapped": f"{other.rsplit(':', 1)[0]}:{signature}",
        "cut": payload,
        "other salt": "WzEsInRhc2siXQ:abc",
        "gone": good,
    }
    if change == "gone":
        User.objects.filter(pk=frontline.pk).delete()
    assert stop_token_read(tokens[change]) is None
    url = reverse("mail_stop", args=[tokens[change]])
    assert Client().post(url).status_code == 404
    assert not MailPreference.objects.exists()
