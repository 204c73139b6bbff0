"""The form of a benefit claim."""

from collections.abc import Mapping

from django import forms
from django.db.models import QuerySet

from pdsa.benefits import ROWS, number_text
from pdsa.models import BenefitClaim, Measure
from projects.forms.fields import PersonField
from projects.models import Project
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm, VersionedForm
from qiportal.core.forms import Checkboxes, DecimalInput, Radios, Textarea

Proof = BenefitClaim.Evidence
KINDS = {
    "cost_reduction.saving": "Less money is spent than before",
    "cost_reduction.avoidance": "A cost that would have come and did not",
    "cost_reduction.revenue": "More money comes in",
    "unintended": "Something you did not aim for. A loss has a minus",
}
PROOFS = {
    Proof.ANECDOTE: "People say so. Worth telling, never added to numbers",
    Proof.MEASURED: "You counted before and after",
    Proof.SPC_SIGNAL: "A chart shows special cause for the better",
}
CLAIMED = [choice for choice in Proof.choices if choice[0] != Proof.FINANCE]
NO_CHART = (
    "No chart of this project shows special cause for the better now. With “Special "
    "cause on a chart” say which measure showed it."
)
SOME_CHART = "Needed for “Special cause on a chart”. What each shows now is in brackets"
LAPSES = "Finance has checked this. Changing a figure takes the check away."


NUMBER = ("quantity", "unit_text", "period")


class MeasureChoice(forms.ModelChoiceField):
    """A measure with what its chart shows now."""

    shows: Mapping[int, str] = {}

    def label_from_instance(self, measure: Measure) -> str:
        return f"{measure.name} ({self.shows[measure.pk]})"


class ClaimChoices(forms.ModelMultipleChoiceField):
    """Claims by what they say and where they belong."""

    def label_from_instance(self, claim: BenefitClaim) -> str:
        said = [str(claim).rstrip("."), number_text(claim), claim.project.reference]
        return ", ".join(filter(None, said))


class BenefitForm(SafeTextForm):
    """What got better, by how much, and how one knows."""

    what = forms.CharField(
        max_length=400,
        label="What got better, and for whom?",
        help_text="For example: night staff look for bells less, so rounds are shorter",
        widget=Textarea(rows=2, count=400),
    )
    kind = forms.ChoiceField(
        choices=list(ROWS.items()),
        label="What kind of benefit is it?",
        help_text="One claim for each kind",
        widget=Radios(hints=KINDS, small=True),
    )
    quantity = forms.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=2,
        label="How much?",
        help_text="For example: 4",
        widget=DecimalInput,
    )
    unit_text = forms.CharField(
        max_length=40,
        required=False,
        label="Of what?",
        help_text="For example: hours",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10"}),
    )
    period = forms.CharField(
        max_length=60,
        required=False,
        label="Over what time?",
        help_text="For example: a week",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10"}),
    )
    baseline = forms.CharField(
        max_length=300,
        required=False,
        label="Compared with what?",
        help_text="For example: the three months before the first test",
    )
    evidence = forms.ChoiceField(
        choices=CLAIMED,
        label="How do you know?",
        widget=Radios(hints=PROOFS, small=True),
    )
    measure = MeasureChoice(
        queryset=Measure.objects.none(),
        required=False,
        empty_label="None",
        label="Which measure shows it?",
        help_text=SOME_CHART,
    )
    cash_releasing = forms.BooleanField(
        required=False,
        label="Cash is released: a budget is smaller, or income is larger",
        help_text="Most benefits release no cash, and are worth having all the same",
    )
    overlaps = ClaimChoices(
        queryset=BenefitClaim.objects.none(),
        required=False,
        label="Which claims are about the same gain?",
        help_text="Only one of them is counted in sums",
        widget=Checkboxes(small=True),
    )
    validator = PersonField(
        required=False,
        label="Who could check it?",
        help_text="Somebody outside the team, for example in finance. Name or e-mail "
        "address",
        widget=forms.TextInput({"list": "colleagues", "autocomplete": "off"}),
    )

    scanned_fields = ["what", "unit_text", "period", "baseline"]

    def __init__(
        self,
        *args,
        project: Project,
        actor: User,
        shows: Mapping[int, str],
        improving: bool,
        others: QuerySet[BenefitClaim],
        names_people: bool,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        field = self.fields["measure"]
        field.shows, field.help_text = shows, SOME_CHART if improving else NO_CHART
        rows = Measure.objects.filter(project=project, pk__in=list(shows))
        field.queryset = rows.order_by("position", "id")
        self.others = others
        self.fields["overlaps"].queryset = others
        if not others:
            del self.fields["overlaps"]
        self.fields["validator"].actor = actor
        if not names_people:
            del self.fields["validator"]

    @property
    def number(self) -> list[forms.BoundField]:
        """The fields of the number, which stand side by side."""
        return [self[name] for name in NUMBER]

    @property
    def before(self) -> list[forms.BoundField]:
        """The fields above the number."""
        return [self["what"], self["kind"]]

    @property
    def after(self) -> list[forms.BoundField]:
        """The fields below it."""
        above = ("what", "kind", *NUMBER)
        return [bound for bound in self.visible_fields() if bound.name not in above]

    def told(self) -> dict:
        """What the services take; a person not asked for stays as they were."""
        data = dict(self.cleaned_data)
        for name in ("not_a_patient", "overlaps", "version", "submission_id"):
            data.pop(name, None)
        data["category"], _, data["money"] = data.pop("kind").partition(".")
        return data


class NewBenefitForm(BenefitForm, SubmissionForm):
    """Claims a benefit."""


class EditBenefitForm(BenefitForm, VersionedForm):
    """Changes a claim; a check lapses with the figures it was about."""

    def __init__(self, *args, claim: BenefitClaim, **kwargs):
        super().__init__(*args, **kwargs)
        self.claim = claim
        if claim.validated_by_id:
            self.fields["evidence"].help_text = LAPSES
