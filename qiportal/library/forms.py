"""Finding and writing entries."""

from django import forms

from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm, VersionedForm
from qiportal.core.forms import DateInput, FilterForm, Textarea
from qiportal.library.models import Method
from qiportal.library.services import METHOD_FIELDS, TEXT_FIELDS

MARKDOWN = "Lists begin with - or 1. Bold is **like this**."


def _any(choices, label: str) -> list[tuple[str, str]]:
    return [("", label), *choices]


class LibraryFilter(FilterForm):
    q = forms.CharField(label="Search", required=False)
    category = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=_any(Method.Category.choices, "Any kind"),
    )
    family = forms.ChoiceField(
        required=False, choices=_any(Method.Family.choices, "Any family")
    )
    stage = forms.ChoiceField(
        required=False, choices=_any(Method.Stage.choices, "Any stage")
    )
    level = forms.ChoiceField(
        required=False, choices=_any(Method.Level.choices, "Any level")
    )


class ParticularsForm(SafeTextForm, forms.Form):
    """Where an entry stands in the library."""

    title = forms.CharField(max_length=120, help_text="For example, Run chart.")
    category = forms.ChoiceField(label="Kind", choices=Method.Category.choices)
    family = forms.ChoiceField(choices=Method.Family.choices)
    stage = forms.ChoiceField(choices=Method.Stage.choices)
    level = forms.ChoiceField(choices=Method.Level.choices)
    position = forms.IntegerField(
        label="Place in its kind",
        min_value=0,
        max_value=9999,
        initial=500,
        help_text="A whole number; lower ones come first.",
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
    )
    time_needed = forms.CharField(
        required=False, max_length=80, help_text="For example, 30 minutes."
    )
    people_needed = forms.CharField(
        required=False, max_length=120, help_text="For example, the team and a coach."
    )

    def particulars(self) -> dict:
        return {name: self.cleaned_data[name] for name in METHOD_FIELDS}


class TextForm(SafeTextForm, forms.Form):
    """The text of a version."""

    summary = forms.CharField(
        label="In one sentence", max_length=600, widget=Textarea(rows=2, count=600)
    )
    when_to_use = forms.CharField(
        max_length=4000, widget=Textarea(rows=5), help_text=MARKDOWN
    )
    when_not_to_use = forms.CharField(
        max_length=4000,
        widget=Textarea(rows=4),
        help_text="When something else serves better, and what.",
    )
    steps = forms.CharField(max_length=8000, widget=Textarea(rows=10))
    mistakes = forms.CharField(
        label="Common mistakes", max_length=4000, widget=Textarea(rows=5)
    )
    example = forms.CharField(
        required=False,
        max_length=4000,
        widget=Textarea(rows=4),
        help_text="From a local project, or say that it is invented.",
    )
    source = forms.CharField(
        max_length=600,
        widget=Textarea(rows=2),
        help_text="Who described it first, or “Common practice”.",
    )
    source_url = forms.URLField(
        label="Address of the source", required=False, assume_scheme="https"
    )
    licence = forms.CharField(
        max_length=200,
        initial="Original text, free to reuse with credit",
        help_text="What others may do with the text.",
    )

    def text(self) -> dict:
        return {name: self.cleaned_data[name] for name in TEXT_FIELDS}


class MethodNewForm(ParticularsForm, TextForm, SubmissionForm):
    field_order = [*METHOD_FIELDS, *TEXT_FIELDS]


class MethodTextForm(TextForm):
    """Version 0 means: there was no draft when the page was opened."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class MethodParticularsForm(ParticularsForm, VersionedForm):
    """Title, kind and the like of an entry that exists."""


class PublishForm(SafeTextForm, forms.Form):
    change_note = forms.CharField(
        label="What changed",
        max_length=300,
        help_text="One sentence for those who knew the version before.",
        widget=Textarea(rows=2, count=300),
    )
    review_due_on = forms.DateField(
        label="Look at it again by", widget=DateInput, help_text="Two years is usual."
    )
