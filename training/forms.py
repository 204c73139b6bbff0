"""Forms of training. People's text is scanned for patient identifiers."""

from datetime import datetime

from django import forms
from django.utils import timezone

from qiportal.accounts.safe_forms import (
    TICK,
    SafeTextForm,
    SubmissionForm,
    VersionedForm,
)
from qiportal.core.forms import (
    DateInput,
    DecimalInput,
    FilterForm,
    Textarea,
    WholeNumberInput,
)
from qiportal.library.models import Method
from training.models import Attendance, Course


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(attrs={"class": "nhsuk-input--width-5"}, format="%H:%M")


class CourseFields(SafeTextForm):
    title = forms.CharField(max_length=120, help_text="For example: QI foundation day")
    level = forms.ChoiceField(choices=Course.Level)
    hours = forms.DecimalField(
        required=False,
        max_digits=5,
        decimal_places=1,
        min_value=0,
        help_text="Hours of learning in all, for example 6.5",
        widget=DecimalInput(suffix="hours"),
    )
    summary = forms.CharField(
        required=False,
        max_length=2000,
        widget=Textarea(rows=4),
        label="What people will be able to do afterwards",
        help_text="One or two sentences. Applicants read this first.",
    )
    methods = forms.ModelMultipleChoiceField(
        Method.objects.none(),
        required=False,
        label="Methods taught",
        help_text="Hold Ctrl to choose several.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        methods = Method.objects.visible_to(user).order_by("title")
        self.fields["methods"].queryset = methods

    def values(self) -> dict:
        """What the services take: everything but the identifier tick."""
        return {k: v for k, v in self.cleaned_data.items() if k != TICK}


class CourseForm(SubmissionForm, CourseFields):
    """A new course."""


class CourseEditForm(VersionedForm, CourseFields):
    is_active = forms.BooleanField(
        required=False, label="People can see this course and apply"
    )


class SessionFields(SafeTextForm):
    day = forms.DateField(widget=DateInput(), label="Date")
    begins = forms.TimeField(
        widget=TimeInput(), label="Starts", help_text="For example 09:30"
    )
    ends = forms.TimeField(
        widget=TimeInput(), label="Ends", help_text="For example 12:30"
    )
    venue = forms.CharField(max_length=120, help_text="Room and building, or “online”")
    places = forms.IntegerField(
        min_value=1, max_value=2000, widget=WholeNumberInput(suffix="people")
    )

    def clean(self):
        data = super().clean()
        day, begins, ends = (data.get(name) for name in ("day", "begins", "ends"))
        if day and begins and ends:
            if ends <= begins:
                self.add_error("ends", "The end must be later than the start.")
            zone = timezone.get_default_timezone()
            data["starts_at"] = datetime.combine(day, begins, tzinfo=zone)
            data["ends_at"] = datetime.combine(day, ends, tzinfo=zone)
        return data

    def session_values(self) -> dict:
        """What the services take: moments instead of a day and two times."""
        names = ("starts_at", "ends_at", "venue", "places")
        return {name: self.cleaned_data[name] for name in names}


class SessionForm(SubmissionForm, SessionFields):
    """A new session."""


class SessionEditForm(VersionedForm, SessionFields):
    """Changes to a session."""


class SessionFilter(FilterForm):
    q = forms.CharField(
        required=False,
        label="Search courses",
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    level = forms.ChoiceField(
        required=False, choices=[("", "All levels"), *Course.Level.choices]
    )


class RegisterForm(forms.Form):
    """One choice per booked person; nobody is marked until somebody marks them."""

    hide_optional = True

    CHOICES = [
        ("", "Not marked"),
        ("attended:1", "Attended and completed"),
        ("attended:0", "Attended, not completed"),
        ("part:0", "Attended part of it"),
        ("did_not_attend:0", "Did not attend"),
    ]

    def __init__(self, *args, applications, **kwargs):
        super().__init__(*args, **kwargs)
        for application in applications:
            self.fields[f"a{application.pk}"] = forms.ChoiceField(
                choices=self.CHOICES,
                required=False,
                label=application.applicant.full_name,
                initial=self._now(application),
            )

    @staticmethod
    def _now(application) -> str:
        mark = getattr(application, "attendance", None)
        return f"{mark.outcome}:{int(mark.completed)}" if mark else ""

    def marks(self) -> dict[int, tuple[str, bool]]:
        """application id -> (outcome, completed) for everybody marked."""
        given = {int(name[1:]): value for name, value in self.cleaned_data.items()}
        split = {pk: value.split(":") for pk, value in given.items() if value}
        return {
            pk: (Attendance.Outcome(word), done == "1")
            for pk, (word, done) in split.items()
        }
