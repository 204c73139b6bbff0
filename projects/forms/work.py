"""State, people, aim, drivers, ideas and methods."""

from django import forms

from projects.aims import PARTS, AimParts, parts_of, sentence
from projects.forms.fields import MethodField, PersonField
from projects.models import (
    CLOSED,
    Aim,
    ChangeIdea,
    Driver,
    Project,
    Relation,
    Status,
)
from projects.selectors import methods_to_pick
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm, VersionedForm
from qiportal.core.forms import DateInput, DecimalInput, Radios, Textarea
from qiportal.library.models import Method

STATUS_HINTS = {
    "idea": "Registered; the team is getting ready",
    "active": "Tests or measuring go on",
    "resting": "Paused on purpose; reminders stop",
    "completed": "The work is done",
    "stopped": "Ended early. What you learned still helps others",
    "sustained": "The gains have held and belong to daily work now",
}
RELATION_HINTS = {
    "lead": "Changes details and people, closes or hands over",
    "member": "Logs tests and numbers",
    "sponsor": "Backs the work and clears the way",
    "coach": "Knows the methods and helps the team",
    "patient_partner": "Lived experience; works on this project as a member",
}


class StatusForm(SafeTextForm, VersionedForm):
    """Where the project is now, and what was learned when it closes."""

    to = forms.ChoiceField(
        label="Where is the project now?", widget=Radios(hints=STATUS_HINTS)
    )
    reason = forms.CharField(
        max_length=300,
        required=False,
        label="Why?",
        help_text="Needed for resting, stopping and opening again",
    )
    learning = forms.CharField(
        max_length=4000,
        required=False,
        label="What did you learn?",
        help_text="Needed to close. What worked, what did not, what you would do again",
        widget=Textarea(rows=5),
    )

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [
            step for step in Status.choices if step[0] != project.status
        ]
        self.fields["learning"].initial = project.learning
        self.initial["version"] = project.version  # never a draft's

    def clean(self):
        data = super().clean()
        if data.get("to") in CLOSED and not data.get("learning"):
            self.add_error("learning", "Write what you learned before closing.")
        return data


class MemberForm(forms.Form):
    """Somebody's part in the project."""

    person = PersonField(
        label="Who?",
        help_text="Name or e-mail address",
        widget=forms.TextInput({"list": "colleagues", "autocomplete": "off"}),
    )
    relation = forms.ChoiceField(
        choices=Relation.choices,
        initial=Relation.MEMBER,
        label="As what?",
        widget=Radios(hints=RELATION_HINTS, small=True),
    )

    def __init__(self, *args, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].actor = actor


class HandoverForm(SafeTextForm):
    """Asking somebody to lead."""

    scanned_fields = ["note"]

    person = PersonField(
        label="Who takes over?",
        help_text="Name or e-mail address",
        widget=forms.TextInput({"list": "colleagues", "autocomplete": "off"}),
    )
    note = forms.CharField(
        max_length=2000,
        required=False,
        label="What should they know?",
        help_text="Where the work stands, what is next, whom to ask",
        widget=Textarea(rows=4),
    )

    def __init__(self, *args, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].actor = actor


class AimForm(SafeTextForm):
    """The aim, part by part; the sentence writes itself."""

    hide_optional = True

    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    direction = forms.ChoiceField(
        choices=Aim.Direction.choices,
        required=False,
        label="Which way?",
        help_text="For example: decrease falls, increase bells in reach",
        widget=Radios(inline=True),
    )
    quantity = forms.CharField(
        max_length=150,
        required=False,
        label="What changes?",
        help_text="Something you can count or measure, for example: falls with harm",
    )
    population = forms.CharField(
        max_length=150,
        required=False,
        label="For whom?",
        help_text="For example: adults over 65",
    )
    place = forms.CharField(
        max_length=150, required=False, label="Where?", help_text="For example: Ward 7"
    )
    baseline = forms.DecimalField(
        max_digits=14,
        decimal_places=4,
        required=False,
        label="From",
        help_text="Empty if not known yet",
        widget=DecimalInput(),
    )
    target = forms.DecimalField(
        max_digits=14,
        decimal_places=4,
        required=False,
        label="To",
        help_text="For example: 3",
        widget=DecimalInput(),
    )
    unit_text = forms.CharField(
        max_length=40,
        required=False,
        label="Unit",
        help_text="For example: % or a month",
        widget=forms.TextInput({"class": "nhsuk-input--width-10"}),
    )
    target_on = forms.DateField(
        required=False,
        label="By when?",
        help_text="For example: the end of March",
        widget=DateInput(),
    )
    own_words = forms.CharField(
        max_length=1000,
        required=False,
        label="Or in your own words",
        help_text="Leave this empty to use the sentence made from your answers",
        widget=Textarea(rows=2),
    )

    def __init__(self, *args, aim: Aim | None, initial: dict | None = None, **kwargs):
        own = {**aim_initial(aim), **(initial or {})}
        super().__init__(*args, initial=own, **kwargs)
        self.stored = parts_of(aim)
        self.typed = AimParts()

    def parts(self) -> AimParts:
        """What is filled in and valid so far; what is stored, before anything is."""
        return self.typed if self.is_bound else self.stored

    def statement(self) -> str:
        return self.cleaned_data.get("own_words") or sentence(self.parts())

    def clean(self):
        data = super().clean()
        known = {name: data[name] for name in PARTS if data.get(name) is not None}
        parts = self.typed = AimParts(**known)
        whole = parts.quantity and parts.target is not None and parts.target_on
        if not data.get("own_words") and not whole and not self.errors:
            self.add_error(
                "quantity",
                "Say what changes, to what number and by when, or write the aim in "
                "your own words.",
            )
        if parts.target is not None and parts.baseline == parts.target:
            self.add_error("target", "The target must differ from where you start.")
        return data


def aim_initial(aim: Aim | None) -> dict:
    if aim is None:
        return {}
    parts = parts_of(aim)
    own = "" if aim.statement == sentence(parts) else aim.statement
    known = {name: getattr(aim, name) for name in PARTS}
    for name in ("baseline", "target"):
        if known[name] is not None:
            known[name] = f"{known[name].normalize():f}"
    return {**known, "own_words": own, "version": aim.version}


class DriverForm(SafeTextForm):
    """A driver; with a parent it is a secondary one."""

    text = forms.CharField(
        max_length=200,
        label="Driver",
        help_text="What has to be in place, for example: Call bells within reach",
    )
    parent = forms.ModelChoiceField(
        Driver.objects.none(),
        required=False,
        label="Part of",
        help_text="For example: Call bells within reach",
        empty_label="Nothing: this is a primary driver",
    )

    def __init__(self, *args, primaries, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = primaries


class DriverAddForm(DriverForm, SubmissionForm):
    pass


class DriverEditForm(DriverForm, VersionedForm):
    pass


class DriverLabel(forms.ModelChoiceField):
    """Drivers as an outline: secondary ones indented."""

    def label_from_instance(self, driver) -> str:
        indent = "\u2003" if driver.parent_id else ""
        return f"{indent}{driver.text}"


class IdeaForm(SafeTextForm):
    """A change to test, and why it should help."""

    title = forms.CharField(
        max_length=150,
        label="Change idea",
        help_text="Something you can try next week, for example: Clip the bell to the "
        "sheet at each handover",
    )
    because = forms.CharField(
        max_length=1000,
        required=False,
        label="We think it helps because…",
        help_text="For example: a clipped bell cannot slip behind the bed",
        widget=Textarea(rows=2),
    )
    driver = DriverLabel(
        Driver.objects.none(),
        required=False,
        label="Which driver does it work on?",
        help_text="For example: Call bells within reach",
        empty_label="None yet",
    )

    def __init__(self, *args, drivers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["driver"].queryset = drivers


class IdeaAddForm(IdeaForm, SubmissionForm):
    pass


class IdeaEditForm(IdeaForm, VersionedForm):
    pass


class IdeaOutcomeForm(SafeTextForm, VersionedForm):
    """What became of an idea."""

    status = forms.ChoiceField(
        choices=ChangeIdea.Status.choices,
        label="What became of it?",
        help_text="For example: adapted, if you changed it and tried again",
        widget=Radios(small=True),
    )
    why = forms.CharField(
        max_length=1000,
        required=False,
        label="Why?",
        help_text="What you saw when you tried it",
        widget=Textarea(rows=3),
    )
    would_try_if = forms.CharField(
        max_length=300,
        required=False,
        label="You would try it again if…",
        help_text="For ideas you dropped; it saves the next team time",
    )

    def clean(self):
        data = super().clean()
        if data.get("status") == ChangeIdea.Status.ABANDONED and not data.get("why"):
            self.add_error("why", "Say what you saw. Dropped ideas teach others most.")
        return data


class MethodForm(SafeTextForm):
    """A library entry the project puts to use."""

    method = MethodField(
        Method.objects.none(),
        label="Tool or method",
        help_text="For example: Process map",
    )
    used_for = forms.CharField(
        max_length=200,
        required=False,
        label="What for?",
        help_text="For example: to see where requests wait",
    )
    is_main = forms.BooleanField(
        required=False,
        label="This is our improvement method for the whole project",
        help_text="For example: the Model for Improvement",
    )
    reason_if_other = forms.CharField(
        max_length=300,
        required=False,
        label="Why this and not our house method?",
        help_text="Only if you ticked the box above",
    )

    def __init__(self, *args, actor: User, may_lead: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"].queryset = methods_to_pick(actor)
        if not may_lead:
            del self.fields["is_main"], self.fields["reason_if_other"]

    def attachment(self) -> dict:
        """What the service needs; only a lead may name the main method."""
        own = ("method", "used_for", "is_main", "reason_if_other")
        return {name: self.cleaned_data[name] for name in own if name in self.fields}
