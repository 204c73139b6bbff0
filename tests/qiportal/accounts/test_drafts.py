"""Drafts: one per user and form, without identifiers, read by their author alone."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from qiportal.accounts import drafts
from qiportal.accounts.models import Draft

URL = "/account/drafts/project-new/"


def save(user, **fields):
    lists = {name: [value] for name, value in fields.items()}
    return drafts.draft_save(user=user, form_key="project-new", fields=lists)


def test_the_browser_saves_reads_and_discards(signed_in, frontline):
    client = signed_in(frontline)
    with time_machine.travel(datetime(2026, 11, 23, 10, 42, tzinfo=UTC), tick=False):
        client.force_login(frontline)
        answer = client.post(URL, {"title": "Fewer falls", "tags": ["a", "b"]})
    client.logout()
    client.force_login(frontline)
    assert answer.status_code == 200
    assert answer.json() == {"saved_at": "10:42"}
    assert client.get(URL).json() == {
        "saved_at": "10:42",
        "fields": {"title": ["Fewer falls"], "tags": ["a", "b"]},
    }
    assert client.delete(URL).status_code == 204
    assert client.get(URL).json() == {"saved_at": None, "fields": {}}


def test_each_object_has_its_own_draft(signed_in, frontline):
    client = signed_in(frontline)
    client.post(URL, {"title": "Seven", "_object": "7"})
    client.post(URL, {"title": "Eight", "_object": "8"})
    client.delete(f"{URL}?_object=7")
    assert [draft.object_key for draft in Draft.objects.all()] == ["8"]
    assert drafts.initial_for(frontline, "project-new", "8") == {"title": "Eight"}


def test_saving_again_replaces(frontline):
    save(frontline, title="First")
    save(frontline, title="Second")
    assert Draft.objects.get().payload == {"title": ["Second"]}


def test_a_strangers_draft_is_nobody_elses(signed_in, frontline, stranger):
    save(frontline, title="Mine")
    client = signed_in(stranger)
    assert client.get(URL).json()["fields"] == {}
    client.delete(URL)
    client.post(f"{URL}discard/", {"next": "/account/"})
    assert Draft.objects.get().user == frontline


def test_an_anonymous_visitor_is_sent_to_sign_in(client, db):
    for answer in (client.get(URL), client.post(URL, {"a": "b"}), client.delete(URL)):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


def test_identifiers_passwords_and_form_machinery_are_not_kept(frontline):
    save(
        frontline,
        problem="Seen 999 000 0018 today",
        new_password="secret words",
        csrfmiddlewaretoken="x",
        submission_id="y",
        version="3",
        not_a_patient="on",
        title="nul\x00byte",
        **{"odd\x00name": "x", "task-0-submission_id": "y"},
    )
    assert Draft.objects.get().payload == {
        "problem": ["Seen [removed] today"],
        "title": ["nulbyte"],
        "version": ["3"],
    }


def test_the_version_is_kept_but_is_no_text_of_its_own(frontline):
    save(frontline, title="Something", version="3")
    assert drafts.initial_for(frontline, "project-new")["version"] == "3"
    assert save(frontline, title=" ", version="3") is None


def test_nothing_typed_is_no_draft(frontline):
    save(frontline, title="Something")
    assert save(frontline, title="  ", version="3") is None
    assert not Draft.objects.exists()


def test_initial_gives_one_value_or_a_list(frontline):
    lists = {"title": ["One"], "team": ["4", "7"], "empty": []}
    drafts.draft_save(user=frontline, form_key="project-new", fields=lists)
    assert drafts.initial_for(frontline, "project-new") == {
        "title": "One",
        "team": ["4", "7"],
        "empty": [],
    }
    assert drafts.initial_for(frontline, "another") == {}


def test_too_much_is_refused(signed_in, frontline):
    with pytest.raises(ValidationError):
        save(frontline, title="x" * 200_001)
    answer = signed_in(frontline).post(URL, {"title": "x" * 200_001})
    assert answer.status_code == 413
    assert client_keys_refused(signed_in(frontline))


def client_keys_refused(client):
    long = "k" * 61
    first = client.post(f"/account/drafts/{long}/", {"title": "x"})
    second = client.post(URL, {"title": "x", "_object": long})
    third = client.get(f"{URL}?_object=a%00b")
    fourth = client.post(f"{URL}discard/", {"_object": "a\x00b"})
    codes = (first.status_code, second.status_code, third.status_code)
    return codes == (400, 400, 400) and fourth.status_code == 302


def test_the_oldest_of_101_drafts_goes(frontline):
    for number in range(101):
        drafts.draft_save(
            user=frontline, form_key=f"form-{number}", fields={"a": ["b"]}
        )
    assert Draft.objects.count() == 100
    assert drafts.draft_of(frontline, "form-0") is None
    assert drafts.draft_of(frontline, "form-100") is not None


def test_discard_says_whether_there_was_one(frontline):
    save(frontline, title="x")
    assert drafts.draft_discard(user=frontline, form_key="project-new") is True
    assert drafts.draft_discard(user=frontline, form_key="project-new") is False


def test_the_banners_button_goes_back_to_the_form(signed_in, frontline):
    save(frontline, title="x")
    answer = signed_in(frontline).post(f"{URL}discard/", {"next": "/projects/new/"})
    assert answer.url == "/projects/new/"
    assert not Draft.objects.exists()
    answer = signed_in(frontline).post(f"{URL}discard/", {"next": "//evil.example"})
    assert answer.url == "/"
