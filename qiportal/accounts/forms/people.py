"""A sysadmin's forms about people and roles."""

from django import forms

from qiportal.accounts.forms.home import AboutWorkFields
from qiportal.accounts.models import Role
from qiportal.accounts.safe_forms import VersionedForm
from qiportal.core.forms import DateInput, FilterForm, Radios
from qiportal.organisation.fields import UnitField
from qiportal.organisation.models import Unit

ROLE_HINTS = {
    "qi_team": "Curates the library and projects, runs training, surveys and imports.",
    "board": "Sees unit figures on the board page, takes barriers.",
    "sysadmin": "Manages accounts, units and tokens; reads no drafts and no comments.",
}


class UserFilter(FilterForm):
    q = forms.CharField(label="Name or e-mail address", required=False)
    role = forms.ChoiceField(
        required=False,
        choices=[("", "Any role"), ("staff", "Staff only"), *Role.choices],
    )
    unit = UnitField(label="Unit and below", required=False, empty_label="Any unit")
    state = forms.ChoiceField(
        label="Account",
        required=False,
        choices=[
            ("", "Can sign in"),
            ("left", "Deactivated"),
            ("service", "Service accounts"),
            ("all", "All"),
        ],
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(Unit.objects.visible_to(actor))


class PersonFields(AboutWorkFields):
    full_name = forms.CharField(
        label="Full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    home_unit = UnitField(
        label="Team",
        required=False,
        help_text="Decides which projects the person may join at once.",
    )
    scanned_fields = ["job_title"]

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home_unit"].offer(Unit.objects.visible_to(actor))

    def values(self) -> dict:
        wanted = ("full_name", "home_unit")
        own = {name: self.cleaned_data[name] for name in wanted}
        return {**own, **super().values()}


class UserNewForm(PersonFields):
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["full_name", "email", "home_unit", "job_title", "staff_group"]

    def values(self) -> dict:
        return {"email": self.cleaned_data["email"], **super().values()}


class UserEditForm(PersonFields, VersionedForm):
    field_order = ["full_name", "home_unit", "job_title", "staff_group", "site"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, widget=Radios(hints=ROLE_HINTS))
    ends_on = forms.DateField(
        label="Ends on",
        required=False,
        help_text="The first day without the role. Leave empty for no end.",
        widget=DateInput,
    )
