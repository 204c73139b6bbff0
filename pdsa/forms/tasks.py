"""Who does what: the rows of a plan that become tasks."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from pdsa.forms.rows import MOST, kept_rows
from pdsa.services import NewTask
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import SafeTextForm
from qiportal.core.dates import today
from qiportal.core.forms import DateInput

PREFIX = "task"
ROWS = 2
TOLD = ("what", "where", "due_on")


class TaskRowForm(SafeTextForm):
    """One task of a plan. A row that names nothing but oneself is empty."""

    hide_optional = True

    submission_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid.uuid4
    )
    what = forms.CharField(
        max_length=200,
        required=False,
        label="What is to be done?",
        help_text="For example: check the bells at the late handover",
    )
    who = forms.ChoiceField(
        required=False,
        label="Who does it?",
        help_text="They get an e-mail",
    )
    where = forms.CharField(
        max_length=120, required=False, label="Where?", help_text="For example: bay 2"
    )
    due_on = forms.DateField(
        required=False,
        label="By when?",
        help_text="Before the test",
        widget=DateInput,
    )

    def __init__(self, *args, people: Mapping[str, User], me: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        names = [(key, person.display_name) for key, person in people.items()]
        self.fields["who"].choices = [("", "Choose a person"), *names]
        if str(self.initial.get("who", "")) not in people:
            self.initial["who"] = str(me.pk)

    @property
    def row(self) -> str:
        """What its errors call it."""
        return f"Row {int(self.prefix.rpartition('-')[2]) + 1}"

    @property
    def is_told(self) -> bool:
        """Whether somebody has written something into it."""
        return any(self[name].value() for name in TOLD)

    def clean_who(self) -> User | None:
        return self.people.get(self.cleaned_data["who"])

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and day < today():
            raise forms.ValidationError(
                f"{self.row}: choose today or a day still to come."
            )
        return day

    def clean(self):
        data = super().clean()
        if data.get("what") and not data.get("who") and "who" not in self.errors:
            self.add_error("who", f"{self.row}: choose who does it.")
        if self._is_half() and "what" not in self.errors:
            self.add_error("what", f"{self.row}: say what is to be done, or empty it.")
        return data

    def _is_half(self) -> bool:
        """No task is named, but a place, a day or somebody else."""
        other = self["who"].data not in ("", None, str(self.initial["who"]))
        return not self["what"].data and (self.is_told or other)

    def task(self) -> NewTask | None:
        """What is to be done, or None for an empty row."""
        names = ("what", "who", "where", "due_on", "submission_id")
        values = {name: self.cleaned_data.get(name) for name in names}
        return NewTask(**values) if values["what"] else None


class TaskFormSet(forms.BaseFormSet):
    """Rows of tasks; `is_open` says whether the page shows them unfolded."""

    asked = False

    @property
    def is_open(self) -> bool:
        told = any(form.is_told for form in self)
        return self.asked or told or bool(self.total_error_count())

    def tasks(self) -> list[NewTask]:
        return [task for form in self if (task := form.task())]


_FormSet = forms.formset_factory(
    TaskRowForm, formset=TaskFormSet, extra=ROWS, max_num=MOST, absolute_max=20
)


def task_forms(
    sent: Mapping[str, str] | None,
    *,
    people: Iterable[User],
    me: User,
    kept: Mapping[str, Any] | None = None,
    copied: Sequence[NewTask] = (),
    more: bool = False,
) -> TaskFormSet | None:
    """The rows of a plan: those of a draft, else those copied, and some empty ones.

    With `more` there is one row more than `kept` had. None where a page was sent that
    has no rows.
    """
    if sent is not None and f"{PREFIX}-TOTAL_FORMS" not in sent:
        return None
    rows = kept_rows(kept or {}, PREFIX, TOLD)
    if rows is None:
        rows = [_as_initial(task) for task in copied]
    formset = _FormSet(
        sent,
        prefix=PREFIX,
        initial=rows,
        form_kwargs={"people": {str(row.pk): row for row in people}, "me": me},
    )
    formset.extra = max(ROWS - len(rows), 1)
    if more and sent is None:
        _one_more(formset, kept or {}, len(rows))
    return formset


def _as_initial(task: NewTask) -> dict:
    return {"what": task.what, "who": task.who.pk, "where": task.where}


def _one_more(formset: TaskFormSet, kept: Mapping[str, Any], filled: int) -> None:
    """One row more than before; the first empty one waits for the keyboard."""
    total = str(kept.get(f"{PREFIX}-TOTAL_FORMS", ""))
    shown = int(total) if total.isdecimal() and len(total) < 4 else 0
    formset.asked = True
    formset.extra = max(min(shown + 1, MOST) - filled, 1)
    if filled < len(formset.forms):
        formset.forms[filled].fields["what"].widget.attrs["autofocus"] = True
