"""Forms of a measure: what is counted, numbers, paste, phases, targets."""

from django import forms

from pdsa.chart_choice import PROPOSALS, Proposal
from pdsa.models import Cycle, Measure
from pdsa.parsing import Unreadable, parse_day, parse_number
from pdsa.services.measures import CHARTS_OF
from pdsa.units import factor_of, stored, unit_of
from projects.models import Driver
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm, VersionedForm
from qiportal.core.dates import today
from qiportal.core.forms import (
    DateInput,
    DecimalInput,
    Radios,
    Textarea,
    WholeNumberInput,
)

KINDS = {
    Measure.Kind.OUTCOME: "What the aim is about, for example falls",
    Measure.Kind.PROCESS: "Whether the change is done, for example bells checked",
    Measure.Kind.BALANCING: "What might get worse, for example minutes per handover",
}
EXAMPLES = {
    Measure.DataType.PROPORTION: "For example 46 of 50 bells in reach; you type both "
    "numbers.",
    Measure.DataType.COUNT: "For example 6 falls.",
    Measure.DataType.RATE: "For example 6 falls in 900 bed days; you type both "
    "numbers.",
    Measure.DataType.VALUE: "For example 12.5 minutes.",
    Measure.DataType.TIME_BETWEEN: "For rare events, for example days between two "
    "falls with harm.",
    Measure.DataType.CASES_BETWEEN: "For rare events, for example operations between "
    "two infections.",
}
DATA_TYPES = {
    kind: f"{example} {PROPOSALS[kind].sentence}" for kind, example in EXAMPLES.items()
}
CHART_HINTS = {
    Measure.ChartType.RUN: "Always a good start: a line and its median",
    Measure.ChartType.XMR: "Limits around the mean, for any kind of number",
    Measure.ChartType.P: "For percentages: limits follow the size of each group",
    Measure.ChartType.PP: "For percentages of groups in the thousands",
    Measure.ChartType.U: "For rates: limits follow the exposure",
    Measure.ChartType.UP: "For rates over exposures in the thousands",
    Measure.ChartType.C: "For counts",
    Measure.ChartType.G: "For cases between rare events",
    Measure.ChartType.T: "For time between rare events",
}


class MeasureForm(SafeTextForm, forms.ModelForm):
    """What is counted and how; two people must get the same number."""

    class Meta:
        model = Measure
        fields = [
            *("name", "kind", "data_type", "operational_definition"),
            *("numerator_def", "denominator_def", "unit_of_measure", "direction"),
            *("frequency", "decimals", "driver", "source", "collector"),
            *("chart_type", "screen", "clip"),
        ]
        labels = {
            "name": "What is it called?",
            "kind": "What kind of measure is it?",
            "data_type": "What kind of number is it?",
            "operational_definition": "How exactly is it counted?",
            "numerator_def": "What is counted (the “how many”)?",
            "denominator_def": "Out of what?",
            "unit_of_measure": "Unit",
            "direction": "Which way is better?",
            "frequency": "How often is there a number?",
            "decimals": "Decimals shown",
            "driver": "Which driver does it belong to?",
            "source": "Where does the number come from?",
            "collector": "Who collects it?",
            "chart_type": "Chart",
            "screen": "Leave unusually large jumps out when limits are set (advised)",
            "clip": "Draw limits no further than the scale goes",
        }
        help_texts = {
            "name": "For example: bells within reach",
            "data_type": "Every measure starts as a run chart. From 12 numbers on its "
            "page offers the chart named here, or a better one for very large groups "
            "and rare events.",
            "operational_definition": "So that two people get the same number. For "
            "example: bells a patient in bed can press, checked at 21:00, all beds "
            "taken",
            "numerator_def": "For example: bells in reach",
            "denominator_def": "For percentages and rates. For example: bells looked "
            "at",
            "direction": "For example: of falls, lower is better",
            "frequency": "For example: weekly. The more often, the sooner a change "
            "shows.",
            "decimals": "For example: 1 to show 12.5",
            "driver": "For example: bells within reach. None for the aim itself.",
            "collector": "For example: the nurse in charge of the late shift",
            "screen": "For example: one week with three times the usual number",
            "clip": "For example: no lower limit below 0",
            "unit_of_measure": "For example: minutes, falls, falls per 1,000 bed days",
            "source": "For example: handover sheet, incident system",
        }
        widgets = {
            "kind": Radios(hints=KINDS, small=True),
            "data_type": Radios(hints=DATA_TYPES, small=True),
            "operational_definition": Textarea(rows=3),
            "direction": Radios(inline=True),
            "frequency": forms.Select,
            "decimals": WholeNumberInput(attrs={"class": "nhsuk-input--width-2"}),
            "chart_type": Radios(hints=CHART_HINTS, small=True),
            "unit_of_measure": forms.TextInput(
                attrs={"class": "nhsuk-input--width-20"}
            ),
        }

    target = forms.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=4,
        label="Target, if you have one",
        help_text="As you read it: 95 for 95%",
        widget=DecimalInput,
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("kind", "data_type", "direction"):
            self.fields[name].choices = self.fields[name].choices[1:]
        drivers = Driver.objects.filter(project=project, deleted_at=None)
        self.fields["driver"].queryset = drivers.order_by("position", "id")
        self.fields["driver"].empty_label = "None"
        if not self.instance.pk:
            for name in ("chart_type", "screen", "clip"):
                del self.fields[name]
        else:
            del self.fields["target"]
            fitting = CHARTS_OF[Measure.DataType(self.instance.data_type)]
            choices = [c for c in Measure.ChartType.choices if c[0] in fitting]
            self.fields["chart_type"].choices = choices

    def _post_clean(self):
        """The service checks constraints; here the row is left as it was."""

    def clean(self):
        data = super().clean()
        divided = (Measure.DataType.PROPORTION, Measure.DataType.RATE)
        if data.get("data_type") in divided and not data.get("denominator_def"):
            self.add_error("denominator_def", "Say out of what it is counted.")
        if data.get("decimals") is not None and data["decimals"] > 4:
            self.add_error("decimals", "Show at most four decimals.")
        if data.get("target") is not None and data.get("data_type"):
            probe = Measure(
                data_type=data["data_type"],
                unit_of_measure=data.get("unit_of_measure", ""),
            )
            data["target"] = stored(probe, data["target"])
        return data


class NewMeasureForm(MeasureForm, SubmissionForm):
    """Adds a measure."""


class EditMeasureForm(MeasureForm, VersionedForm):
    """Changes a measure; the proposal says which chart fits its numbers, and why."""

    def __init__(self, *args, proposal: Proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chart_type"].help_text = proposal.sentence


class DayField(forms.Field):
    """A day in any usual British spelling; a month alone is its first day."""

    widget = DateInput

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return parse_day(str(value))
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class NumberField(forms.Field):
    """A number as people type it: 1,204 or 94.5."""

    widget = DecimalInput

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return parse_number(str(value))
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class PointForm(SafeTextForm):
    """One number. A percentage takes both of its numbers."""

    period_start = DayField(label="Date", help_text="For example: yesterday")
    numerator = NumberField(label="Number", help_text="For example: 6")
    denominator = NumberField(label="Out of", help_text="For example: 50")
    note = forms.CharField(
        max_length=300,
        required=False,
        label="Note",
        help_text="For example: bank holiday week",
    )

    scanned_fields = ["note", "exclusion_reason"]

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure = measure
        day = self.fields["period_start"]
        day.label = PERIOD_LABELS[measure.frequency]
        day.help_text = PERIOD_HINTS[measure.frequency]
        if measure.has_denominator:
            self.fields["numerator"].label = measure.numerator_def or "How many"
            self.fields["numerator"].help_text = "For example: 46"
            self.fields["denominator"].label = (
                f"Out of: {measure.denominator_def}"
                if measure.denominator_def
                else "Out of how many"
            )
        else:
            del self.fields["denominator"]
            unit = unit_of(measure)
            self.fields["numerator"].label = f"Number ({unit})" if unit else "Number"

    def clean(self):
        data = super().clean()
        data.setdefault("denominator", None)
        return data

    def point_values(self) -> dict:
        """The figures as the services take them."""
        names = ("period_start", "numerator", "denominator", "note")
        return {name: self.cleaned_data[name] for name in names}


PERIOD_LABELS = {
    "daily": "Day",
    "weekly": "Week beginning",
    "fortnightly": "Fortnight beginning",
    "monthly": "Month",
    "quarterly": "Quarter",
    "event": "Date of the event",
}


PERIOD_HINTS = {
    "daily": "For example: yesterday",
    "weekly": "For example: Monday of last week",
    "fortnightly": "For example: Monday a fortnight ago",
    "monthly": "Any day of the month",
    "quarterly": "Any day of the quarter",
    "event": "For example: the day of the fall",
}


class NewPointForm(PointForm, SubmissionForm):
    """Adds a number."""


class EditPointForm(PointForm, VersionedForm):
    """Corrects a number, or leaves it out of the limits."""

    is_excluded = forms.BooleanField(
        required=False,
        label="Leave this number out of the limits",
        help_text="It is still drawn. For example: the ward was closed that week.",
    )
    exclusion_reason = forms.CharField(
        max_length=200,
        required=False,
        label="Why is it left out?",
        help_text="For example: the ward was closed",
    )

    def clean(self):
        data = super().clean()
        if data.get("is_excluded") and not data.get("exclusion_reason"):
            self.add_error("exclusion_reason", "Say why this number is left out.")
        return data

    def point_values(self) -> dict:
        names = ("is_excluded", "exclusion_reason")
        return super().point_values() | {n: self.cleaned_data[n] for n in names}


class PasteForm(SafeTextForm, SubmissionForm):
    """Two or three columns copied from a spreadsheet."""

    rows = forms.CharField(
        max_length=200_000,
        label="Paste your columns here",
        help_text="For example: 1/3/2026 and 6, in two columns",
        widget=Textarea(rows=8, attrs={"data-qi-paste-preview": "#paste-preview"}),
    )
    scanned_fields: list[str] = []

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        columns = (
            "Date, how many, out of" if measure.has_denominator else "Date, number"
        )
        self.fields["rows"].help_text = (
            f"{columns}; a note may follow. Copy the cells in Excel and paste them. "
            "Dates like 1/3/2026, 1 Mar 2026 or Mar 2026."
        )


class PhaseForm(SafeTextForm, SubmissionForm):
    """The baseline, or a new phase with its own limits."""

    starts_on = DayField(
        label="From which day?", help_text="The first number that belongs to it."
    )
    label = forms.CharField(
        max_length=80, label="Name", help_text="For example: bell check on all bays"
    )
    reason = forms.CharField(
        max_length=300,
        label="What changed, and how do you know?",
        help_text="A better-looking chart is no reason; a change in how you work is.",
        widget=Textarea(rows=2, count=300),
    )
    cycle = forms.ModelChoiceField(
        queryset=None,
        required=False,
        empty_label="None",
        label="Which test led to it?",
        help_text="For example: the test after which all bays took it up",
    )
    freeze_after_n = forms.IntegerField(
        required=False,
        min_value=12,
        max_value=500,
        label="Set the limits on its first … numbers",
        help_text="12 or more. Empty: all its numbers set the limits.",
        widget=WholeNumberInput,
    )

    def __init__(self, *args, cycles, is_baseline: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles
        self.fields["cycle"].label_from_instance = cycle_label
        if is_baseline:
            del self.fields["cycle"]
            self.fields["label"].initial = "Baseline"
            self.fields["reason"].label = "Why does it start there?"
            self.fields["reason"].help_text = "For example: before any change"

    def clean(self):
        data = super().clean()
        data.setdefault("cycle", None)
        return data


def cycle_label(cycle: Cycle) -> str:
    return f"{cycle.ramp.title}, test {cycle.number}"


class TargetForm(forms.Form):
    """A target and the day it begins to hold."""

    value = NumberField(
        label="Target", help_text="As you read it, for example: 95 for 95%"
    )
    from_date = forms.DateField(
        label="From which day?",
        help_text="For example: today. Earlier numbers keep the target they had.",
        widget=DateInput,
    )

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure = measure
        unit = unit_of(measure)
        field = self.fields["value"]
        field.widget = DecimalInput(suffix="%" if unit == "%" else "")
        if factor_of(measure) > 1 and unit != "%":
            field.help_text = f"As you read it: {unit}"
        self.fields["from_date"].initial = today

    def target_values(self) -> dict:
        data = self.cleaned_data
        return {
            "value": stored(self.measure, data["value"]),
            "from_date": data["from_date"],
        }
