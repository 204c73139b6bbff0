"""Forms of surveys."""

from django import forms

from qiportal.core.forms import FilterForm, Radios
from qiportal.organisation.models import Unit
from qiportal.organisation.selectors import unit_choices
from surveys import selectors
from surveys.models import Survey

DEFAULT_GROUP = "Acute and Acute & Community Trusts"


class BenchmarkFilter(FilterForm):
    question = forms.ChoiceField(required=False)
    group = forms.ChoiceField(required=False, label="Benchmark group")
    organisation = forms.ChoiceField(
        required=False, label="Compare one organisation with its group"
    )

    def __init__(self, data, *, user):
        groups = selectors.benchmark_groups(user)
        questions = selectors.benchmark_questions()
        given = data.copy()
        start = DEFAULT_GROUP if DEFAULT_GROUP in groups else (groups or [""])[0]
        if given.get("group") not in groups:
            given["group"] = start
        if given.get("question") not in dict(questions):
            known = "q3f" in dict(questions)
            given["question"] = "q3f" if known else (questions or [("", "")])[0][0]
        super().__init__(given)
        organisations = selectors.benchmark_organisations(given["group"])
        self.fields["group"].choices = [(name, name) for name in groups]
        self.fields["question"].choices = questions
        self.fields["organisation"].choices = [("", "None"), *organisations]
        if given.get("organisation") not in dict(organisations):
            self.data["organisation"] = ""


class CommentFilter(FilterForm):
    unit = forms.ChoiceField(required=False)
    prompt = forms.ChoiceField(required=False, label="Question asked")

    def __init__(self, data, *, wave, user):
        units = unit_choices(Unit.objects.visible_to(user))
        prompts = selectors.prompt_types_of(wave)
        given = data.copy()
        if given.get("unit") not in {str(pk) for pk, _ in units}:
            given["unit"] = str(units[0][0]) if units else ""
        if given.get("prompt") not in dict(prompts):
            given["prompt"] = prompts[0][0] if prompts else ""
        super().__init__(given)
        self.fields["unit"].choices = units
        self.fields["prompt"].choices = prompts


class SurveyImportForm(forms.Form):
    """What the file is; figures and comments need a wave, benchmarks do not."""

    profile = forms.ChoiceField(
        label="What is in the file?",
        choices=[
            ("results", "Results of our own units"),
            ("comments", "Comments from our own staff"),
            ("benchmark", "Published results of other organisations"),
        ],
        widget=Radios(
            hints={
                "results": "One row per unit and question, with counts or a percentage",
                "comments": "One row per comment. Names and numbers are taken out "
                "before anything is stored",
                "benchmark": "One row per organisation and year",
            }
        ),
    )
    wave = forms.SlugField(
        required=False,
        label="Wave",
        help_text="A short name such as autumn-2026. A new name opens a new wave. "
        "Not needed for other organisations' results.",
    )
    kind = forms.ChoiceField(
        required=False,
        label="Kind of survey, if the wave is new",
        choices=Survey.Kind,
        initial=Survey.Kind.LOCAL,
    )
    unit = forms.CharField(
        required=False,
        label="Unit code",
        max_length=40,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10"}),
        help_text="Only if the file has no unit_code column",
    )
    month = forms.CharField(
        required=False,
        max_length=7,
        help_text="Month of the answers, written 2026-10",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5"}),
    )
    file = forms.FileField(label="CSV or XLSX file")

    def options(self) -> dict:
        names = ("profile", "wave", "kind", "unit", "month")
        return {name: self.cleaned_data[name] for name in names}
