"""Filters of the audit log and the job list; forms of the unit tree."""

from django import forms

from qiportal.accounts.safe_forms import VersionedForm
from qiportal.core.dates import today
from qiportal.core.forms import DateInput, FilterForm
from qiportal.jobs.models import JobRun
from qiportal.organisation.fields import UnitField
from qiportal.organisation.models import Unit


class AuditFilter(FilterForm):
    actor = forms.CharField(label="Who (part of the address)", required=False)
    action = forms.CharField(
        label="Action begins with",
        required=False,
        help_text="For example, role or token.issued.",
    )
    target = forms.CharField(label="Object number", required=False)
    since = forms.DateField(label="From", required=False, widget=DateInput)
    until = forms.DateField(label="To", required=False, widget=DateInput)


class JobFilter(FilterForm):
    state = forms.ChoiceField(
        required=False, choices=[("", "Any state"), *JobRun.State.choices]
    )
    kind = forms.CharField(required=False)


class UnitNewForm(forms.Form):
    parent = UnitField(
        label="Beneath",
        required=False,
        empty_label="Nothing: this is a trust",
        help_text="The unit it belongs to.",
    )
    kind = forms.ChoiceField(
        choices=Unit.Kind.choices, initial=Unit.Kind.TEAM, help_text="Its level."
    )
    name = forms.CharField(max_length=120, help_text="For example, Ward 7.")
    code = forms.CharField(
        max_length=40,
        help_text="As in the staff record. It never changes, so files find the unit.",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10"}),
    )
    ods_code = forms.CharField(
        label="ODS code",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5"}),
    )
    opened_on = forms.DateField(label="Opened on", initial=today, widget=DateInput)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(Unit.objects.visible_to(actor))


class UnitNameForm(VersionedForm):
    name = forms.CharField(max_length=120)
    ods_code = forms.CharField(
        label="ODS code",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5"}),
    )


class UnitMoveForm(forms.Form):
    parent = UnitField(label="New place, beneath")
    on = forms.DateField(
        label="From",
        initial=today,
        widget=DateInput,
        help_text="Figures before this day keep the present place.",
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer(Unit.objects.visible_to(actor))


class UnitCloseForm(forms.Form):
    on = forms.DateField(label="Closed from", initial=today, widget=DateInput)
    into = UnitField(
        label="Its work goes on in",
        required=False,
        empty_label="No other unit",
        help_text="People of the closed unit move to this one.",
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].offer(Unit.objects.visible_to(actor))
