"""What was typed stays with whoever typed it, also after the session has ended."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from qiportal.accounts.models import AuditEvent, Draft
from qiportal.accounts.typed import SALT, draft_pass
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db
FORM = "/projects/new/"
SAVE = "/account/drafts/project_new/"
SIGN_IN = "/accounts/login/"
PASSWORD = "correct horse battery"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def sent_late(client, user, **fields):
    """The form of the user, sent when nobody is signed in any more."""
    client.logout()
    given = {"_draft": draft_pass(user, "project_new"), "title": "Fewer falls"}
    return client.post(FORM, {**given, **fields}, follow=True)


def as_page_of(user, **more):
    return {"HTTP_QI_USER": str(user.pk), **more}


# --- a form sent after the session ended ---------------------------------------------


def test_a_form_sent_too_late_is_found_again_after_signing_in(client, frontline):
    client.force_login(frontline)
    assert 'name="_draft"' in client.get(FORM).content.decode()
    Session.objects.all().delete()
    page = sent_late(client, frontline)
    assert "What you typed is kept" in page.content.decode()
    after = {"login": frontline.email, "password": PASSWORD}
    page = client.post(f"{SIGN_IN}?next={FORM}", after, follow=True)
    assert page.context["form"]["title"].value() == "Fewer falls"
    assert "We kept what you typed" in page.content.decode()


def test_it_is_nobody_elses(client, frontline, stranger):
    sent_late(client, frontline)
    client.force_login(stranger)
    assert client.get(FORM).context["form"]["title"].value() is None
    assert Draft.objects.get().user == frontline


def test_a_patient_is_not_kept(client, frontline):
    sent_late(client, frontline, problem="Seen 999 000 0018")
    assert Draft.objects.get().payload["problem"] == ["Seen [removed]"]
    assert "_draft" not in Draft.objects.get().payload


@pytest.mark.parametrize("forged", ["", "1", "a:b:c", "signed for another use"])
def test_without_a_good_pass_nothing_is_kept(client, frontline, forged):
    if forged.startswith("signed"):
        forged = signing.dumps([frontline.pk, "project_new", ""])
    page = sent_late(client, frontline, _draft=forged)
    assert page.redirect_chain == [(f"{SIGN_IN}?next={FORM}", 302)]
    assert not Draft.objects.exists()


def test_a_pass_is_good_for_a_day(client, frontline):
    with time_machine.travel(NOW - timedelta(hours=25), tick=False):
        old = draft_pass(frontline, "project_new")
    with time_machine.travel(NOW, tick=False):
        sent_late(client, frontline, _draft=old)
    assert not Draft.objects.exists()


def test_a_leaver_or_a_text_too_long_keeps_nothing(client, frontline):
    sent_late(client, frontline, title="x" * 200_001)
    frontline.is_active = False
    frontline.save()
    sent_late(client, frontline)
    assert not Draft.objects.exists()


def test_a_pass_opens_nothing(client, frontline):
    sent_late(client, frontline)
    assert client.get(SAVE).status_code == 302
    assert signing.loads(draft_pass(frontline, "x", 7), salt=SALT)[1:] == ["x", "7"]


def test_the_stale_page_of_another_tab_keeps_its_text(frontline):
    client = Client(enforce_csrf_checks=True)
    client.force_login(frontline)
    given = {"_draft": draft_pass(frontline, "project_new"), "title": "Fewer falls"}
    page = client.post(FORM, {**given, "csrfmiddlewaretoken": "x" * 32})
    assert page.status_code == 403
    assert "What you typed is kept" in page.content.decode()
    assert f'href="{FORM}"' in page.content.decode()
    assert client.get(FORM).context["form"]["title"].value() == "Fewer falls"
    page = client.post(FORM, {"title": "x"})
    assert "What you typed is kept" not in page.content.decode()


# --- requests of a page's script -----------------------------------------------------


def test_a_script_is_told_where_it_is_sent(client, frontline):
    answer = client.post(SAVE, {"title": "x"}, **as_page_of(frontline))
    assert answer.status_code == 204
    assert answer["QI-Location"] == f"{SIGN_IN}?next={SAVE}"
    assert "Location" not in answer
    assert not Draft.objects.exists()  # the script keeps its text itself
    client.force_login(frontline)
    assert client.post(SAVE, {"title": "x"}, **as_page_of(frontline)).json()


def test_nobodys_text_is_saved_under_another_name(client, frontline, stranger):
    client.force_login(stranger)
    for path in (SAVE, FORM, "/account/profile/"):
        answer = client.post(path, {"title": "x"}, **as_page_of(frontline))
        assert (answer.status_code, answer.content) == (412, b"")
    assert client.get(SAVE, **as_page_of(frontline)).status_code == 412
    assert not Draft.objects.exists()
    assert client.get("/account/").status_code == 200  # their own session stays


def test_a_sign_in_in_place_is_for_the_pages_own_user(client, frontline, stranger):
    given = {"login": stranger.email, "password": PASSWORD}
    assert client.post(SIGN_IN, given, **as_page_of(frontline)).status_code == 412
    assert client.get("/account/").status_code == 302
    given["login"] = frontline.email
    answer = client.post(SIGN_IN, given, **as_page_of(frontline))
    assert (answer.status_code, answer["QI-Location"]) == (204, "/")
    assert client.get("/account/").status_code == 200


def test_wrong_tries_in_place_count_like_all_others(client, frontline):
    given = {"login": frontline.email, "password": "wrong"}
    tries = [client.post(SIGN_IN, given, **as_page_of(frontline)) for _ in range(6)]
    assert tries[0].status_code == 200
    assert tries[-1].status_code == 429


# --- the mark and the version --------------------------------------------------------


def test_the_page_knows_the_mark_and_the_log_when_it_changed(signed_in, frontline):
    client = signed_in(frontline)
    assert "data-qi-own" not in client.get("/account/").content.decode()
    for own in ("own", "own", "shared", "shared"):
        client.post("/account/own-phone/", {"own": own})
        text = client.get("/account/").content.decode()
        assert ("data-qi-own" in text) is (own == "own")
    marks = AuditEvent.objects.filter(type__startswith="device.").order_by("pk")
    kinds = ["device.marked_own", "device.marked_shared"]
    assert [mark.type for mark in marks] == kinds
    assert {mark.target_id for mark in marks} == {str(frontline.pk)}


def test_an_old_draft_never_writes_over_a_newer_text(signed_in, lead, project):
    """Its version travels along, so that saving it shows both texts."""
    client, address = signed_in(lead), f"/projects/{project.reference}/edit/"
    old = {"title": "My title", "version": project.version}
    where = {"_object": project.reference}
    client.post("/account/drafts/project_edit/", {**old, **where})
    type(project).objects.filter(pk=project.pk).update(version=project.version + 1)
    form = client.get(address).context["form"]
    assert int(form["version"].value()) == project.version
    assert form["title"].value() == "My title"


def test_the_page_of_both_texts_keeps_its_typing_too(signed_in, lead, project):
    ProjectFactory(unit=project.unit)
    client = signed_in(lead)
    address = f"/projects/{project.reference}/edit/"
    form = client.get(address).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    type(project).objects.update(title="Theirs", version=project.version + 1)
    sent = {"_draft": draft_pass(lead, "project_edit", project.reference)}
    page = client.post(address, {**given, **sent, "title": "Mine"})
    assert page.status_code == 409
    assert 'data-qi-draft="project_edit"' in page.content.decode()
