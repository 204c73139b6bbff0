"""Being stuck, and what came of it."""

from django import forms

from projects.models import Barrier
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm
from qiportal.core.forms import Radios, Textarea


class BarrierForm(SafeTextForm, SubmissionForm):
    """We are stuck, and who could help."""

    text = forms.CharField(
        max_length=1000,
        label="What are you stuck on?",
        help_text="What you need and what you have tried, for example: no time to "
        "meet; asked for two hours a month twice",
        widget=Textarea(rows=3),
    )
    type = forms.ChoiceField(
        choices=Barrier.Type.choices,
        label="What is missing?",
        help_text="The nearest will do, for example: time",
        widget=Radios(small=True),
    )
    level = forms.ChoiceField(
        choices=Barrier.Level.choices,
        label="Who could move it?",
        widget=Radios(
            small=True,
            hints={
                "unit": "Our own manager",
                "division": "The division",
                "executive": "The board: it is shown on the board page",
            },
        ),
    )


class BarrierResolveForm(SafeTextForm):
    """What came of a barrier."""

    outcome = forms.CharField(
        max_length=1000,
        label="What came of it?",
        help_text="The team reads this",
        widget=Textarea(rows=3),
    )
