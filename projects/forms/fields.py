"""Fields for naming people and units, scoped to what the actor may see."""

import re

from django import forms
from django.core.exceptions import ValidationError

from projects.selectors import people_named
from qiportal.accounts.models import User
from qiportal.core.forms import Textarea

MOST_NAMES = 30


def person_of(actor: User, text: str) -> User:
    """The one person meant by a name or e-mail address. Raises ValidationError."""
    found = people_named(actor, text)
    shown = text.strip()[:60]
    if not found:
        raise ValidationError(
            f"Nobody called “{shown}” has signed in yet. Check the spelling, or ask "
            "them to sign in once.",
            code="unknown_person",
        )
    if len(found) > 1:
        raise ValidationError(
            f"Several people are called “{shown}”. Use the e-mail address.",
            code="several_people",
        )
    return found[0]


class PersonField(forms.CharField):
    """One person, by e-mail address or full name; the form sets `actor`."""

    actor: User | None = None

    def __init__(self, **kwargs):
        super().__init__(max_length=254, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        return person_of(self.actor, text) if text else None


class PeopleField(forms.CharField):
    """Several people, one on each line or parted by commas."""

    actor: User | None = None

    def __init__(self, **kwargs):
        super().__init__(max_length=4000, widget=Textarea(rows=2), **kwargs)

    def clean(self, value):
        names = [n.strip() for n in re.split(r"[\n,;]+", super().clean(value) or "")]
        names = [name for name in names if name]
        if len(names) > MOST_NAMES:
            raise ValidationError(f"Name at most {MOST_NAMES} people at once.")
        people, problems = [], []
        for name in names:
            try:
                people.append(person_of(self.actor, name))
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return people


class UnitField(forms.ModelChoiceField):
    """A unit of the trust, in structure order, indented by its level."""

    def label_from_instance(self, unit) -> str:
        return "\u2003" * unit.depth + unit.name


class MethodField(forms.ModelChoiceField):
    """A library entry, with the house method marked."""

    def label_from_instance(self, method) -> str:
        mark = " (our house method)" if method.is_house else ""
        return f"{method.title}{mark}"


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Puts a service's ValidationError on the form: by field where the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)
