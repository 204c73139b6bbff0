"""What every form that takes people's text shares: the identifier guard and locks.

The guard (SECURITY section 3) runs over the form's text boxes. What could identify a
patient for certain stops the save and is shown again as `[removed]`; what only looks
like it stops the save once and asks for a tick, which is audited by type and field.
"""

import uuid

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.identifiers import Finding, scan, strip_refused

TICK = "not_a_patient"
NAMES = {
    "nhs_number": "an NHS number",
    "date_of_birth": "a date of birth",
    "hospital_number": "a hospital number",
    "postcode": "a postcode",
    "phone": "a phone number",
    "email": "an e-mail address",
    "person_name": "a person's name",
    "bed": "a patient's bed or bay",
}


def hospital_pattern() -> str | None:
    """The trust's own hospital-number pattern, if it has set one."""
    return getattr(settings, "HOSPITAL_NUMBER_PATTERN", "") or None


def staff_domains() -> list[str]:
    """Mail domains of the trust's own staff; fine in contact fields."""
    return list(getattr(settings, "STAFF_EMAIL_DOMAINS", []))


def spoken(findings: list[Finding]) -> str:
    """The kinds of identifier found, in words: "a postcode and a phone number"."""
    kinds = [NAMES[kind] for kind in dict.fromkeys(f.type for f in findings)]
    return " and ".join(filter(None, [", ".join(kinds[:-1]), kinds[-1]]))


class SafeTextForm(forms.Form):
    """Mixin, first among the bases of a form or model form.

    `scanned_fields` names the fields to check; by default all text boxes and text
    areas. `contact_fields` may hold e-mail addresses of the trust's own domains.
    `identifier_ticks` lists (type, field) of what the person confirmed is harmless:
    pass the saved row to `record_ticks`. Lay the form out by hand? Print
    `{{ form.not_a_patient.as_field_group }}` above the button.
    """

    scanned_fields: list[str] | None = None
    contact_fields: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.identifier_ticks: list[tuple[str, str]] = []

    def full_clean(self):
        """Validates as usual, then looks for patients in what was typed."""
        self.identifier_ticks = []
        super().full_clean()
        if not self.is_bound or (self.empty_permitted and not self.has_changed()):
            return
        for name in self._names_to_scan():
            self._scan_field(name)

    def _names_to_scan(self) -> list[str]:
        if self.scanned_fields is not None:
            return [name for name in self.scanned_fields if name in self.fields]
        return [name for name, field in self.fields.items() if is_free_text(field)]

    def _scan_field(self, name: str) -> None:
        text = self[name].data
        if not isinstance(text, str) or not text:
            return
        domains = staff_domains() if name in self.contact_fields else []
        found = scan(text, hospital_pattern=hospital_pattern(), staff_domains=domains)
        if refused := [f for f in found if f.action == "refuse"]:
            self._refuse(name, text, refused)
        if warned := [f for f in found if f.action == "warn"]:
            self._warn(name, warned)

    def _refuse(self, name: str, text: str, refused: list[Finding]) -> None:
        self.data = self.data.copy()
        cleaned = strip_refused(text, hospital_pattern=hospital_pattern())
        self.data[self.add_prefix(name)] = cleaned
        self.add_error(
            name,
            ValidationError(
                f"This held what looks like {spoken(refused)}, so we took it out. "
                "Nothing that could identify a patient is kept here. Check the text "
                "and save again.",
                code="identifier_refused",
            ),
        )

    def _warn(self, name: str, warned: list[Finding]) -> None:
        ticked = forms.CheckboxInput().value_from_datadict(
            self.data, self.files, self.add_prefix(TICK)
        )
        self.fields.setdefault(
            TICK,
            forms.BooleanField(required=False, label="None of this is about a patient"),
        )
        if ticked:
            kinds = dict.fromkeys(f.type for f in warned)
            self.identifier_ticks += [(kind, name) for kind in kinds]
            return
        self.add_error(
            name,
            ValidationError(
                f"This may hold {spoken(warned)}. Take it out, or tick “None of this "
                "is about a patient” and save again.",
                code="identifier_warned",
            ),
        )


def is_free_text(field: forms.Field) -> bool:
    """True for text boxes and text areas people write prose into."""
    structured = (forms.EmailField, forms.URLField, forms.SlugField)
    widgets = (forms.Textarea, forms.TextInput)
    inputs = ("text", "search", None)
    return (
        isinstance(field, forms.CharField)
        and not isinstance(field, structured)
        and isinstance(field.widget, widgets)
        and getattr(field.widget, "input_type", None) in inputs
    )


def record_ticks(form: SafeTextForm, *, target: models.Model, by: User) -> None:
    """Audits what the person confirmed is not about a patient; never the text."""
    if form.identifier_ticks:
        ticks = [{"type": kind, "field": name} for kind, name in form.identifier_ticks]
        audit_record(
            type="identifier.confirmed_harmless",
            target=target,
            by=by,
            new={"ticks": ticks},
        )


class SubmissionForm(forms.Form):
    """Mixin for forms that create a row: the same sending twice makes one row."""

    submission_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid.uuid4
    )


class VersionedForm(forms.Form):
    """Mixin for forms that edit a row: carries the version its user looked at."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
