"""Issuing a token."""

from django import forms
from django.core.exceptions import ValidationError

from qiportal.accounts.models import ApiToken, User
from qiportal.accounts.safe_forms import SubmissionForm
from qiportal.accounts.tokens import MAX_DAYS
from qiportal.core.forms import Checkboxes, WholeNumberInput
from qiportal.organisation.fields import UnitField
from qiportal.organisation.models import Unit


class TokenForm(SubmissionForm):
    """What a service account may read or send, for how long, and who answers for it."""

    responsible = forms.EmailField(
        label="Who answers for it",
        help_text="The e-mail address of a person with an account. They can renew and "
        "end the token.",
    )
    name = forms.CharField(
        label="What it is for",
        max_length=80,
        help_text="For example, Power BI nightly refresh.",
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=ApiToken.Scope.choices,
        widget=Checkboxes,
        error_messages={"required": "Choose at least one."},
    )
    unit = UnitField(
        label="Only this unit and below",
        required=False,
        empty_label="The whole trust",
    )
    days = forms.IntegerField(
        label="How many days it works",
        min_value=1,
        max_value=MAX_DAYS,
        initial=90,
        help_text="At most 365.",
        widget=WholeNumberInput(suffix="days"),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = User.objects.visible_to(actor).pickable()
        self.fields["unit"].offer(Unit.objects.visible_to(actor))

    def clean_responsible(self) -> User:
        email = self.cleaned_data["responsible"].lower()
        person = self.people.filter(email=email).first()
        if person is None:
            raise ValidationError("Nobody who can sign in has this address.")
        return person
