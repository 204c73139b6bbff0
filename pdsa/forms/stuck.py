"""We are stuck: the form behind the ward's third big button."""

from collections.abc import Sequence

from django import forms

from projects.forms.barriers import BarrierForm
from projects.models import Project
from qiportal.core.forms import Radios


class StuckForm(BarrierForm):
    """A barrier of one of the team's projects."""

    project = forms.ChoiceField(
        label="Which project?",
        help_text="For example: the one you just tried a change for",
        widget=Radios(small=True),
    )
    field_order = ["project"]

    def __init__(self, *args, projects: Sequence[Project], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(row.reference, row.title) for row in projects]
        self.fields["project"].choices = choices
        if len(choices) == 1:
            self.fields["project"].initial = choices[0][0]

    def barrier_values(self) -> dict:
        """The keyword arguments of `barrier_raise` but project and person."""
        names = ("type", "text", "level", "submission_id")
        return {name: self.cleaned_data[name] for name in names}
