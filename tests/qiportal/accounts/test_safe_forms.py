"""The identifier guard of every form, and the two hidden-field mixins."""

import uuid

import pytest
from django import forms

from qiportal.accounts.models import AuditEvent
from qiportal.accounts.safe_forms import (
    SafeTextForm,
    SubmissionForm,
    VersionedForm,
    record_ticks,
)

NHS_NUMBER = "999 000 0018"


class NoteForm(SafeTextForm):
    title = forms.CharField(max_length=60)
    note = forms.CharField(widget=forms.Textarea, required=False)
    email = forms.EmailField(required=False)


def sent(**data):
    form = NoteForm({"title": "Bells", **data})
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bay 2 is short of chairs",
        "Ten observations on 3/4/2026",
        "Median 41, range 12 to 90",
    ],
)
def test_ordinary_text_passes(text):
    form = sent(note=text)
    assert form.is_valid()
    assert form.cleaned_data["note"] == text
    assert "not_a_patient" not in form.fields


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"Patient {NHS_NUMBER} fell", "an NHS number"),
        ("DOB 03/04/1950, fell", "a date of birth"),
        ("MRN 123456 fell", "a hospital number"),
    ],
)
def test_what_identifies_a_patient_is_refused_and_not_shown_again(text, word):
    form = sent(note=text)
    assert not form.is_valid()
    assert word in form.errors["note"][0]
    assert "[removed]" in form["note"].value()
    assert "fell" in form["note"].value()
    html = form.as_p()
    assert "000 0018" not in html
    assert "1950" not in html
    assert "123456" not in html


def test_no_tick_overrides_a_refusal():
    form = sent(note=f"NHS number {NHS_NUMBER}", not_a_patient="on")
    assert not form.is_valid()
    assert form.identifier_ticks == []


def test_a_doubtful_match_stops_once_and_offers_a_tick():
    form = sent(note="Call Mrs Jones")
    assert not form.is_valid()
    assert "a person's name" in form.errors["note"][0]
    assert form["note"].value() == "Call Mrs Jones"
    assert 'name="not_a_patient"' in str(form["not_a_patient"])


def test_the_tick_lets_it_pass_and_is_listed():
    form = sent(note="Call Mrs Jones on 07700 900123", not_a_patient="on")
    assert form.is_valid()
    assert form.cleaned_data["note"] == "Call Mrs Jones on 07700 900123"
    assert form.identifier_ticks == [("person_name", "note"), ("phone", "note")]


def test_both_kinds_in_one_box_are_both_told():
    form = sent(note=f"Mrs Jones, NHS number {NHS_NUMBER}")
    assert len(form.errors["note"]) == 2
    assert form["note"].value() == "Mrs Jones, NHS number [removed]"


def test_single_line_boxes_are_checked_and_e_mail_boxes_are_not():
    form = sent(title=f"Fall of {NHS_NUMBER}", email="ann@example.nhs.uk")
    assert list(form.errors) == ["title"]


def test_a_prefixed_form_redacts_its_own_field():
    form = NoteForm({"a-title": "x", "a-note": f"nhs {NHS_NUMBER}"}, prefix="a")
    assert not form.is_valid()
    assert form.data["a-note"] == "nhs [removed]"


def test_a_refused_box_with_another_error_is_redacted_all_the_same():
    form = sent(title="x" * 61 + f" {NHS_NUMBER}")
    assert not form.is_valid()
    assert NHS_NUMBER not in form["title"].value()


def test_named_fields_only():
    class Narrow(NoteForm):
        scanned_fields = ["title"]

    assert Narrow({"title": "x", "note": NHS_NUMBER}).is_valid()


def test_staff_addresses_pass_in_contact_fields(settings):
    settings.STAFF_EMAIL_DOMAINS = ["example.nhs.uk"]

    class Contact(SafeTextForm):
        contact_fields = ("who",)
        who = forms.CharField()

    assert Contact({"who": "ann@example.nhs.uk"}).is_valid()
    assert not Contact({"who": "ann@elsewhere.example"}).is_valid()


def test_the_trusts_own_pattern_is_refused(settings):
    settings.HOSPITAL_NUMBER_PATTERN = r"\bRV[0-9]{6}\b"
    assert "note" in sent(note="RV123456 came back").errors


def test_an_unbound_form_and_an_unchanged_extra_form_are_left_alone():
    assert NoteForm().errors == {}
    extra = NoteForm({"title": ""}, empty_permitted=True, use_required_attribute=False)
    assert extra.is_valid()


def test_ticks_are_audited_without_the_text(project, lead):
    form = sent(note="Call Mrs Jones", not_a_patient="on")
    record_ticks(form, target=project, by=lead)
    event = AuditEvent.objects.get()
    assert event.type == "identifier.confirmed_harmless"
    assert event.new == {"ticks": [{"type": "person_name", "field": "note"}]}


def test_nothing_is_audited_without_a_tick(project, lead):
    record_ticks(sent(note="fine"), target=project, by=lead)
    assert not AuditEvent.objects.exists()


class NewForm(SubmissionForm):
    name = forms.CharField()


class EditForm(VersionedForm):
    name = forms.CharField()


def test_each_blank_form_carries_its_own_submission_id():
    first, second = (NewForm()["submission_id"].value() for _ in range(2))
    assert uuid.UUID(first).version == 4
    assert first != second


def test_the_submission_id_comes_back_as_sent():
    sent_id = uuid.uuid4()
    form = NewForm({"name": "x", "submission_id": str(sent_id)})
    assert form.is_valid()
    assert form.cleaned_data["submission_id"] == sent_id


def test_a_broken_submission_id_is_an_error_not_a_crash():
    assert not NewForm({"name": "x", "submission_id": "' OR 1=1"}).is_valid()


@pytest.mark.parametrize("value", ["", "0", "two"])
def test_an_edit_needs_the_version_it_began_with(value):
    assert "version" in EditForm({"name": "x", "version": value}).errors
