"""Taking on what a team is stuck on."""

from datetime import date, timedelta
from typing import Any

from django import forms

from qiportal.accounts.safe_forms import SafeTextForm
from qiportal.core.dates import today
from qiportal.core.forms import DateInput, Radios, Textarea
from qiportal.dashboard.models import BoardAction


def in_four_weeks() -> date:
    return today() + timedelta(weeks=4)


class TakeForm(SafeTextForm, forms.Form):
    """What kind of action, what it is, and by when."""

    type = forms.ChoiceField(
        label="What kind of action is it?",
        choices=BoardAction.Type.choices,
        widget=Radios(
            hints={
                "unblock": "I will move what stands in the way",
                "improvement": "Something in how the trust works must change",
                "assurance": "The board needs to be sure it is looked after",
            }
        ),
        initial=BoardAction.Type.UNBLOCK,
    )
    text = forms.CharField(
        label="What will you do?",
        help_text="For example: agree two hours of backfill with the ward manager",
        max_length=500,
        error_messages={"required": "Say what you will do."},
        widget=Textarea(rows=3, count=500),
    )
    due_on = forms.DateField(
        label="By when?", widget=DateInput(), initial=in_four_weeks
    )

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < today():
            raise forms.ValidationError("Give a day that is not past.")
        return day

    def cleaned_values(self) -> dict[str, Any]:
        """The three values the service takes."""
        return {name: self.cleaned_data[name] for name in ("type", "text", "due_on")}
