"""Registering a project and changing its details."""

from django import forms
from django.urls import reverse_lazy

from projects.forms.fields import MethodField, PeopleField, PersonField, UnitField
from projects.models import Project, Visibility
from projects.selectors import (
    colleagues,
    filter_units,
    methods_to_pick,
    projects_to_reuse,
)
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm, VersionedForm
from qiportal.core.dates import today
from qiportal.core.forms import Checkboxes, DateInput, Radios, Textarea
from qiportal.library.models import Method
from qiportal.organisation.models import Unit

VISIBILITY_HINTS = {
    "trust": "Others can find it, learn from it and not start it twice",
    "team": "Your unit and the QI team",
    "draft": "The people named here and the QI team",
}


TITLE_HINT = "A few plain words, for example: Fewer falls at night on Ward 7"
PROBLEM_HINT = (
    "What happens now, and who feels it. For example: four patients fell at night last "
    "month. No names."
)


class RegisterForm(SafeTextForm, SubmissionForm):
    """Six answers on one screen; three of them are filled in already."""

    scanned_fields = ["title", "problem", "aim_statement"]

    title = forms.CharField(
        max_length=150,
        label="Title",
        help_text=TITLE_HINT,
        widget=forms.TextInput(
            {
                "hx-get": reverse_lazy("project_lookalikes"),
                "hx-trigger": "input changed delay:250ms",
                "hx-include": "#lookalikes",
                "hx-target": "#lookalikes",
            }
        ),
    )
    problem = forms.CharField(
        max_length=4000,
        label="What is the problem?",
        help_text=PROBLEM_HINT,
        widget=Textarea(rows=4),
    )
    aim_statement = forms.CharField(
        max_length=1000,
        label="What do you want to achieve?",
        help_text="A first draft will do, for example: Halve falls at night by Easter",
        widget=Textarea(rows=2),
    )
    unit = UnitField(
        Unit.objects.none(), label="Unit", help_text="Where the work is done"
    )
    lead = PersonField(
        label="Lead",
        help_text="Name or e-mail address. You, unless somebody else leads.",
        widget=forms.TextInput({"list": "colleagues", "autocomplete": "off"}),
    )
    team = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Team",
        required=False,
        help_text="Colleagues of your unit who work on it with you",
        widget=Checkboxes(small=True, attrs={"class": "qi-people-box"}),
    )
    others = PeopleField(
        label="Team members from elsewhere",
        required=False,
        help_text="Names or e-mail addresses, parted by commas",
    )
    visibility = forms.ChoiceField(
        choices=Visibility.choices,
        initial=Visibility.TRUST,
        label="Who may see it?",
        widget=Radios(hints=VISIBILITY_HINTS, small=True),
    )
    reuse_of = forms.ModelChoiceField(
        Project.objects.none(),
        to_field_name="reference",
        required=False,
        label="Build on",
        widget=forms.HiddenInput,
    )
    looked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.colleagues = colleagues(actor)
        self.fields["unit"].queryset = open_units(actor)
        self.fields["unit"].initial = actor.home_unit_id
        self.fields["team"].queryset = User.objects.visible_to(actor).filter(
            pk__in=[person.pk for person in self.colleagues]
        )
        self.fields["team"].initial = [actor.pk]
        self.fields["team"].choices = [
            (person.pk, f"{person} (you)" if person == actor else str(person))
            for person in self.colleagues
        ]
        self.fields["lead"].initial = actor.email
        self.fields["reuse_of"].queryset = projects_to_reuse(actor)
        for name in ("lead", "others"):
            self.fields[name].actor = actor

    def people(self) -> tuple[User, ...]:
        """The team as chosen and typed, each once."""
        chosen = [*self.cleaned_data["team"], *self.cleaned_data["others"]]
        return tuple(dict.fromkeys(chosen))

    def clean(self):
        """A draft is seen by its people only, so its writer must be one of them."""
        data = super().clean()
        named = [data.get("lead"), *data.get("team", []), *data.get("others", [])]
        if data.get("visibility") == Visibility.DRAFT and self.actor not in named:
            self.add_error("team", "Add yourself, or you will not see your own draft.")
        return data


def open_units(actor: User):
    """Units that are open today, in structure order."""
    return filter_units(actor).open_on(today()).in_structure_order()


class DetailsForm(SafeTextForm, VersionedForm):
    """The charter: everything about a project but its state, people and aim."""

    title = forms.CharField(max_length=150, label="Title", help_text=TITLE_HINT)
    problem = forms.CharField(
        max_length=4000,
        label="What is the problem?",
        help_text=PROBLEM_HINT,
        widget=Textarea(rows=4),
    )
    rationale = forms.CharField(
        max_length=4000,
        required=False,
        label="Why do you think a change will help?",
        help_text="What is known already: evidence, guidance, what others tried",
        widget=Textarea(rows=4),
    )
    unit = UnitField(
        Unit.objects.none(), label="Unit", help_text="Where the work is done"
    )
    method = MethodField(
        Method.objects.none(),
        required=False,
        label="Improvement method",
        help_text="For example: the Model for Improvement",
        empty_label="Not decided yet",
    )
    reason_if_other = forms.CharField(
        max_length=300,
        required=False,
        label="Why this method?",
        help_text="Only if it is not our house method",
    )
    visibility = forms.ChoiceField(
        choices=Visibility.choices,
        label="Who may see it?",
        widget=Radios(hints=VISIBILITY_HINTS, small=True),
    )
    started_on = forms.DateField(
        required=False,
        label="Started",
        help_text="For example: the day of the first meeting",
        widget=DateInput(),
    )
    target_end_on = forms.DateField(
        required=False,
        label="Planned end",
        help_text="A guess will do, for example: the end of March",
        widget=DateInput(),
    )
    lead_leaves_on = forms.DateField(
        required=False,
        label="When does the lead move on?",
        help_text="If it is known, we remind you to hand the project over",
        widget=DateInput(),
    )

    def __init__(self, *args, actor: User, project: Project, **kwargs):
        own = {name: getattr(project, name) for name in self.base_fields}
        own |= {"unit": project.unit_id, "method": project.method_id}
        super().__init__(*args, initial={**own, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["unit"].queryset = open_units(actor) | own_unit(project)
        self.fields["method"].queryset = methods_to_pick(actor)


def own_unit(project: Project):
    """The project's unit stays a choice after it has closed."""
    return Unit.objects.filter(pk=project.unit_id).in_structure_order()
