"""Forms of a plan: the test itself, and what the team expects of it."""

from decimal import Decimal

from django import forms

from pdsa.forms.rows import kept_rows
from pdsa.models import Cycle, Prediction
from pdsa.models.cycles import Scale
from pdsa.selectors.cycles import current_predictions
from pdsa.services import Expectation, Plan
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm, VersionedForm
from qiportal.core.forms import (
    Checkboxes,
    Chips,
    DateInput,
    DecimalInput,
    Radios,
    Textarea,
    WholeNumberInput,
)

SCALES = [
    (Scale.ONE, "One patient"),
    (Scale.FEW, "A few"),
    (Scale.SHIFT, "One shift or clinic"),
    (Scale.BAY, "One bay or team"),
    (Scale.WARD, "Whole ward"),
    (Scale.UNITS, "Several units"),
    (Scale.TRUST, "Trust-wide"),
]
NEW_IDEA = "new"
NO_IDEA = "none"
PURPOSES = {
    Cycle.Purpose.COLLECT: "Look before changing anything, for example time ten rounds",
    Cycle.Purpose.DEVELOP: "Work out what the change could look like",
    Cycle.Purpose.TEST: "Try a change on a small scale",
    Cycle.Purpose.IMPLEMENT: "Make a change that worked the normal way",
}


class PlanForm(SafeTextForm):
    """The plan of a test, with the project's own ideas and measures to choose from."""

    objective = forms.CharField(
        max_length=300,
        label="What do you want to find out?",
        help_text="For example: does a bell check at handover keep bells within reach?",
        widget=Textarea(rows=2, count=300),
    )
    idea = forms.ChoiceField(
        label="Which change are you testing?",
        help_text="One change at a time, so that you can tell what it did.",
        widget=Radios(small=True),
    )
    new_idea = forms.CharField(
        max_length=150,
        required=False,
        label="The new change",
        help_text="Only if you chose “A new change”. For example: bell check at "
        "handover",
    )
    purpose = forms.ChoiceField(
        choices=Cycle.Purpose,
        initial=Cycle.Purpose.TEST,
        label="What kind of test is it?",
        widget=Radios(hints=PURPOSES),
    )
    plan = forms.CharField(
        max_length=4000,
        required=False,
        label="What will you do?",
        help_text="For example: check every bell at the Tuesday late handover, bay 2",
        widget=Textarea(rows=3),
    )
    scale = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        choices=SCALES,
        label="How large is it?",
        help_text="Smaller is better: you learn the same and risk less.",
        widget=Chips,
    )
    planned_n = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        label="How many times?",
        help_text="For example: 5",
        widget=WholeNumberInput,
    )
    planned_start_on = forms.DateField(
        required=False,
        label="Start",
        help_text="For example: tomorrow",
        widget=DateInput,
    )
    planned_end_on = forms.DateField(
        required=False,
        label="Look at it on",
        help_text="For example: Friday",
        widget=DateInput,
    )
    data_plan = forms.CharField(
        max_length=2000,
        required=False,
        label="What will you note down: who, how and when?",
        help_text="For example: the nurse in charge ticks each bell in reach on the "
        "handover sheet, every night",
        widget=Textarea(rows=2),
    )
    measures = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label="Which measures should it move?",
        help_text="For example: bells within reach. None is fine for a first look.",
        widget=Checkboxes(small=True),
    )

    def __init__(self, *args, ideas, measures, fixed_idea=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.ideas = {str(idea.pk): idea for idea in ideas}
        choices = [(key, idea.title) for key, idea in self.ideas.items()]
        choices.append((NEW_IDEA, "A new change"))
        choices.append((NO_IDEA, "No change yet, we collect information"))
        self.fields["idea"].choices = choices
        if not self.ideas and not self.initial.get("idea"):
            self.initial["idea"] = NEW_IDEA
        self.fields["measures"].queryset = measures
        if not measures:
            del self.fields["measures"]
        if fixed_idea:
            del self.fields["idea"], self.fields["new_idea"]

    def clean(self):
        data = super().clean()
        start, end = data.get("planned_start_on"), data.get("planned_end_on")
        if start and end and end < start:
            self.add_error("planned_end_on", "This lies before the start.")
        if data.get("idea") == NEW_IDEA and not data.get("new_idea"):
            self.add_error("new_idea", "Give the new change a name.")
        return data

    def plan_values(self) -> Plan:
        names = Plan.__dataclass_fields__
        return Plan(**{name: self.cleaned_data[name] for name in names})

    def chosen_idea(self):
        """The existing idea chosen, or None."""
        return self.ideas.get(self.cleaned_data.get("idea", ""))

    def new_idea_title(self) -> str:
        is_new = self.cleaned_data.get("idea") == NEW_IDEA
        return self.cleaned_data["new_idea"] if is_new else ""


class NewPlanForm(PlanForm, SubmissionForm):
    """Opens a test."""


class EditPlanForm(PlanForm, VersionedForm):
    """Changes the plan of a test that has not started."""


class NextPlanForm(PlanForm, SubmissionForm):
    """The next test: what was learned comes first."""

    carried_learning = forms.CharField(
        max_length=2000,
        label="What did you learn that shapes this test?",
        help_text="For example: bells were moved by visitors, so we add a sign",
        widget=Textarea(rows=2),
    )
    field_order = ["carried_learning"]


DIRECTIONS = [("", "Not sure"), *Prediction.Direction.choices]


class ExpectationForm(SafeTextForm):
    """What the team expects. Empty is fine; a question alone is not."""

    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    question = forms.CharField(
        max_length=300,
        required=False,
        label="Question",
        help_text="For example: how many bells will be in reach?",
    )
    statement = forms.CharField(
        max_length=500,
        required=False,
        label="What do you expect?",
        help_text="For example: 4 of 5 bells will be in reach",
    )
    direction = forms.ChoiceField(
        choices=DIRECTIONS,
        required=False,
        label="More or less than now?",
        help_text="For example: more bells in reach",
        widget=Chips,
    )
    value = forms.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=4,
        label="As a number",
        help_text="For example: 4",
        widget=DecimalInput,
    )
    because = forms.CharField(
        max_length=500,
        required=False,
        label="Because…",
        help_text="For example: the check reminds whoever made the bed",
    )
    confidence = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "Not said"), (1, "1 guess"), *((n, str(n)) for n in (2, 3, 4))]
        + [(5, "5 sure")],
        label="How sure are you?",
        help_text="For example: 2, if you have seen it once elsewhere",
        widget=Chips,
    )

    def __init__(self, *args, known=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known or {}

    def clean(self):
        data = super().clean()
        told = ("question", "because", "direction", "value", "confidence")
        if not data.get("statement") and any(data.get(name) for name in told):
            self.add_error("statement", "Say what you expect.")
        return data

    def expectation(self) -> Expectation:
        data = dict(self.cleaned_data)
        data.pop("not_a_patient", None)
        replaced = self.known.get(data.pop("replaces", None))
        return Expectation(**data, replaces=replaced)


class ExpectationFormSet(forms.BaseFormSet):
    """A few expectations; those without a statement are left out."""

    def expectations(self) -> list[Expectation]:
        return [
            form.expectation() for form in self if form.cleaned_data.get("statement")
        ]


_FormSet = forms.formset_factory(
    ExpectationForm, formset=ExpectationFormSet, extra=2, max_num=8, absolute_max=12
)


TOLD = ("statement", "question", "because", "value")


def expectation_forms(data=None, cycle: Cycle | None = None, kept: dict | None = None):
    """The expectations of a plan: those kept in a draft, else those that stand, and
    two empty rows.

    A row sent may name one that was reworded meanwhile, so all are known.
    """
    rows = current_predictions(cycle) if cycle else []
    known = {row.pk: row for row in cycle.predictions.all()} if cycle else {}
    if data is not None and "expect-TOTAL_FORMS" not in data:
        return None
    typed = kept_rows(kept or {}, "expect", TOLD)
    return _FormSet(
        data,
        prefix="expect",
        initial=[_as_initial(row) for row in rows] if typed is None else typed,
        form_kwargs={"known": known},
    )


def _as_initial(row: Prediction) -> dict:
    names = ("question", "statement", "direction", "because", "confidence")
    value = None if row.value is None else row.value.normalize()
    return {name: getattr(row, name) for name in names} | {
        "replaces": row.pk,
        "value": None if value is None else Decimal(f"{value:f}"),
    }


class AmendForm(ExpectationForm, SubmissionForm):
    """One expectation added or changed on its own; after Do began, an amendment."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["statement"].required = True
