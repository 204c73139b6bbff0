"""Where one stage of a project stands on the ladder of co-production."""

from django import forms

from projects.ladder import MEANINGS
from projects.models import CoproductionRating
from qiportal.accounts.safe_forms import SafeTextForm
from qiportal.core.forms import Radios, Textarea


class CoproductionForm(SafeTextForm):
    """One stage, its rung and what it rests on.

    `version` is that of what was told earlier today, if anything was.
    """

    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    rung = forms.TypedChoiceField(
        choices=CoproductionRating.Rung.choices,
        coerce=int,
        label="What describes it best?",
        widget=Radios(small=True, hints={str(n): text for n, text in MEANINGS.items()}),
    )
    members = forms.IntegerField(
        min_value=0,
        max_value=500,
        required=False,
        label="How many people with lived experience took part?",
        help_text="Patients, carers or families. Leave it empty for none",
    )
    reward_offered = forms.BooleanField(
        required=False,
        label="They were offered payment, expenses or another reward",
        help_text="For example: vouchers, or the bus fare",
    )
    evidence = forms.CharField(
        max_length=500,
        required=False,
        label="What shows it?",
        help_text="For example: two patients wrote the card with us. No names",
        widget=Textarea(rows=3),
    )

    def clean_members(self) -> int:
        return self.cleaned_data["members"] or 0
