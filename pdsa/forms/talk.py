"""Forms of discussion and tasks."""

from django import forms

from pdsa.forms.cycles import PersonChoice
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import SafeTextForm, SubmissionForm
from qiportal.core.dates import today
from qiportal.core.forms import Checkboxes, DateInput, Textarea


class PeopleChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.display_name


class CommentForm(SafeTextForm, SubmissionForm):
    """A contribution. The people ticked get a link."""

    body = forms.CharField(
        max_length=4000,
        label="Your comment",
        help_text="Everyone who sees the project can read it. No patient details.",
        widget=Textarea(rows=3),
    )
    mentions = PeopleChoice(
        queryset=User.objects.none(),
        required=False,
        label="Let these people know",
        help_text="They find a link in their weekly mail",
        widget=Checkboxes(small=True),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentions"].queryset = people
        if not people:
            del self.fields["mentions"]


class TaskForm(SafeTextForm, SubmissionForm):
    """Who does what by when."""

    what = forms.CharField(
        max_length=200,
        label="What is to be done?",
        help_text="For example: print signs",
    )
    who = PersonChoice(
        queryset=User.objects.none(),
        empty_label="Choose a person",
        label="Who does it?",
        help_text="They get an e-mail with a link",
    )
    where = forms.CharField(
        max_length=120, required=False, label="Where?", help_text="For example: bay 2"
    )
    due_on = forms.DateField(
        required=False,
        label="By when?",
        help_text="For example: the day before the test",
        widget=DateInput,
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = people

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and day < today():
            raise forms.ValidationError("Choose today or a day still to come.")
        return day
