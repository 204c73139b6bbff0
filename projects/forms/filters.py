"""GET filters above lists, and naming them."""

from django import forms

from projects.forms.fields import UnitField
from projects.models import Status
from projects.selectors import filter_methods, filter_units
from qiportal.accounts.models import User
from qiportal.accounts.safe_forms import SafeTextForm
from qiportal.core.forms import FilterForm
from qiportal.library.models import Method
from qiportal.organisation.models import Unit

STATES = [
    ("", "All"),
    ("live", "Live (idea or active)"),
    ("closed", "Closed"),
    *Status.choices,
]


class UnitFilter(FilterForm):
    """A filter form with a unit; gives only what could be read."""

    def __init__(self, *args, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = filter_units(actor).in_structure_order()

    def usable(self) -> dict:
        """The filters that make sense; others are ignored and marked on the form."""
        self.is_valid()
        return self.cleaned_data


class ProjectFilterForm(UnitFilter):
    q = forms.CharField(max_length=200, required=False, label="Search for")
    status = forms.ChoiceField(choices=STATES, required=False, label="Status")
    unit = UnitField(
        Unit.objects.none(),
        required=False,
        label="Unit and everything below",
        empty_label="All",
    )
    method = forms.ModelChoiceField(
        Method.objects.none(), required=False, label="Method", empty_label="All"
    )
    mine = forms.BooleanField(required=False, label="My projects")
    quiet = forms.BooleanField(required=False, label="Quiet for six weeks")
    stuck = forms.BooleanField(required=False, label="Stuck on something")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"].queryset = filter_methods(kwargs["actor"])


class DroppedFilterForm(UnitFilter):
    q = forms.CharField(max_length=200, required=False, label="Search for")
    unit = UnitField(
        Unit.objects.none(),
        required=False,
        label="Unit and everything below",
        empty_label="All",
    )


class SaveFilterForm(SafeTextForm):
    """A name for the filters in use."""

    name = forms.CharField(
        max_length=60,
        label="Name of this filter",
        help_text="For example: live projects of my ward",
    )
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
