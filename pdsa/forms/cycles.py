"""Forms of a test under way: observe, do, study, act."""

from django import forms

from pdsa.models import Cycle, CycleOutcome, Prediction
from pdsa.selectors.cycles import compared_predictions, outcome_of
from pdsa.services import Expectation
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm, VersionedForm
from qiportal.core.dates import today
from qiportal.core.forms import (
    Chips,
    CountStepper,
    DateInput,
    Radios,
    Textarea,
    WholeNumberInput,
)
from qiportal.core.templatetags.qi import number


class ObservationForm(SafeTextForm, SubmissionForm):
    """One observation: the form behind the ward's QR code."""

    expect_statement = forms.CharField(
        max_length=500,
        label="First: what do you expect?",
        help_text="For example: 4 of 5 bells will be in reach. Ten seconds are enough.",
    )
    expect_direction = forms.ChoiceField(
        choices=Prediction.Direction,
        required=False,
        label="More or less than now?",
        help_text="For example: more bells in reach",
        widget=Chips,
    )
    added = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_000,
        initial=1,
        label="How many just now?",
        help_text="For example: 2 bells looked at",
        widget=CountStepper(minimum=0),
    )
    conduct = forms.ChoiceField(
        choices=Cycle.Conduct,
        required=False,
        label="How did it go?",
        help_text="For example: changed, if another shift did it",
        widget=Chips,
    )
    note = forms.CharField(
        max_length=2000,
        required=False,
        label="What happened?",
        help_text="For example: three in reach, one under the pillow. No names.",
        widget=Textarea(rows=3),
    )
    do_on = forms.DateField(
        label="Which day was it?",
        help_text="Today, or the day it really was",
        initial=today,
        widget=DateInput,
        required=False,
    )

    def __init__(self, *args, cycle: Cycle, **kwargs):
        super().__init__(*args, **kwargs)
        if cycle.do_started_at:
            del self.fields["do_on"]
        if cycle.do_started_at or cycle.predictions.all():
            del self.fields["expect_statement"], self.fields["expect_direction"]
        elif cycle.purpose == Cycle.Purpose.COLLECT:
            self.fields["expect_statement"].required = False

    def clean(self):
        data = super().clean()
        if not (data.get("added") or data.get("note") or data.get("conduct")):
            self.add_error("note", "Say what happened, or count something.")
        return data

    def record_values(self) -> dict:
        """The keyword arguments of `cycle_record_do`."""
        data = self.cleaned_data
        statement = data.get("expect_statement")
        expectation = statement and Expectation(
            statement=statement, direction=data.get("expect_direction", "")
        )
        return {
            "note": data["note"],
            "added": data["added"] or 0,
            "conduct": data["conduct"],
            "do_on": data.get("do_on"),
            "expectation": expectation or None,
            "submission_id": data["submission_id"],
        }


class DoForm(SafeTextForm, VersionedForm):
    """What happened, when Do is finished."""

    do_on = forms.DateField(
        label="When did the test happen?",
        help_text="The day it began. It cannot lie in the future.",
        widget=DateInput,
    )
    observations = forms.CharField(
        max_length=8000,
        label="What did you see?",
        help_text="For example: 4 of 5 bells in reach, one under the pillow",
        widget=Textarea(rows=6),
    )
    actual_n = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=1_000_000,
        label="How many times did you try it?",
        help_text="For example: 5",
        widget=WholeNumberInput,
    )
    conduct = forms.ChoiceField(
        choices=Cycle.Conduct,
        required=False,
        label="How did it go?",
        help_text="For example: changed, if another shift did it",
        widget=Chips,
    )
    problems = forms.CharField(
        max_length=4000,
        required=False,
        label="Problems and the unexpected",
        help_text="For example: visitors moved the bells",
        widget=Textarea(rows=3),
    )

    def __init__(self, *args, cycle: Cycle, **kwargs):
        names = ("observations", "actual_n", "conduct", "problems")
        initial = {name: getattr(cycle, name) for name in names}
        initial |= {"version": cycle.version, "do_on": cycle.do_on or today()}
        super().__init__(*args, initial=initial, **kwargs)


class StudyForm(SafeTextForm, VersionedForm):
    """What the test showed, held against each expectation."""

    study_on = forms.DateField(
        label="When did you look at it?",
        help_text="For example: the day of the huddle",
        widget=DateInput,
    )
    results = forms.CharField(
        max_length=4000,
        label="What did you find?",
        help_text="For example: 4 of 5 bells were in reach",
        widget=Textarea(rows=3),
    )
    learned = forms.CharField(
        max_length=4000,
        label="What did you learn?",
        help_text="For example: the check works when the night nurse leads it",
        widget=Textarea(rows=3),
    )
    surprises = forms.CharField(
        max_length=2000,
        required=False,
        label="What surprised you?",
        help_text="For example: patients asked for the check themselves",
        widget=Textarea(rows=2),
    )

    def __init__(self, *args, cycle: Cycle, **kwargs):
        names = ("results", "learned", "surprises")
        initial = {name: getattr(cycle, name) for name in names}
        initial |= {
            "version": cycle.version,
            "study_on": cycle.study_on or today(),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.compared = compared_predictions(cycle)
        for row in self.compared:
            self._add_outcome(row)
        self.order_fields(
            [
                "study_on",
                "results",
                *(name for row in self.compared for name in self._names(row)),
                "learned",
            ]
        )

    @staticmethod
    def _names(row: Prediction) -> tuple[str, str]:
        return f"outcome_{row.pk}", f"note_{row.pk}"

    def _add_outcome(self, row: Prediction) -> None:
        outcome = outcome_of(row)
        told, why = self._names(row)
        expected = row.statement if row.value is None else with_value(row)
        self.fields[told] = forms.ChoiceField(
            choices=CycleOutcome.Outcome,
            required=False,
            initial=outcome.outcome if outcome else "",
            label=f"We expected: {expected}",
            help_text=row.question or "Did it come true?",
            widget=Chips,
        )
        self.fields[why] = forms.CharField(
            max_length=500,
            required=False,
            initial=outcome.note if outcome else "",
            label="How it differed",
            help_text="For example: one bell less than we thought",
        )

    def outcomes(self) -> dict[int, tuple[str, str]]:
        found = {}
        for row in self.compared:
            told, why = (self.cleaned_data[name] for name in self._names(row))
            if told:
                found[row.pk] = (told, why)
        return found


def with_value(row: Prediction) -> str:
    """The statement with its number where the words do not hold it."""
    value = number(row.value)
    return row.statement if value in row.statement else f"{row.statement} ({value})"


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.display_name


class ActForm(SafeTextForm, VersionedForm):
    """Adopt, adapt or abandon."""

    decision = forms.ChoiceField(
        choices=Cycle.Decision,
        label="What will you do with this change?",
        widget=Radios(
            hints={
                Cycle.Decision.ADOPT: "It works: make it the normal way",
                Cycle.Decision.ADAPT: "Change something and test again",
                Cycle.Decision.ABANDON: "Drop it; what you learned stays useful",
            }
        ),
    )
    why = forms.CharField(
        max_length=2000,
        label="Why?",
        help_text="For example: it works and takes ten seconds a bed",
        widget=Textarea(rows=3),
    )
    would_try_if = forms.CharField(
        max_length=300,
        required=False,
        label="We would try it again if…",
        help_text="When you drop it. For example: there were two nurses at night",
    )
    standard_work_owner = PersonChoice(
        queryset=User.objects.none(),
        required=False,
        empty_label="Choose a person",
        label="Who will look after the new way of working?",
        help_text="When you adopt it.",
    )
    sustain_check_on = forms.DateField(
        required=False,
        label="When will you check that it still works?",
        help_text="When you adopt it. For example in three months.",
        widget=DateInput,
    )

    def __init__(self, *args, cycle: Cycle, people, **kwargs):
        idea = cycle.ramp.change_idea
        initial = {"version": cycle.version}
        initial |= {name: getattr(cycle, name) for name in ("decision", "why")}
        if idea:
            names = ("would_try_if", "sustain_check_on")
            initial |= {name: getattr(idea, name) for name in names}
            initial["standard_work_owner"] = idea.standard_work_owner_id
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["standard_work_owner"].queryset = people

    def clean(self):
        data = super().clean()
        adopts = data.get("decision") == Cycle.Decision.ADOPT
        if adopts and not data.get("standard_work_owner"):
            self.add_error("standard_work_owner", "Say who will look after it.")
        day = data.get("sustain_check_on")
        if adopts and day and day < today():
            self.add_error("sustain_check_on", "Choose a day still to come.")
        return data
