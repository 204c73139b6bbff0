"""What people tell about themselves."""

from django import forms

from qiportal.accounts.safe_forms import SafeTextForm, VersionedForm
from qiportal.core.forms import Radios
from qiportal.organisation.fields import UnitField
from qiportal.organisation.models import Site, StaffGroup, Unit


class AboutWorkFields(SafeTextForm, forms.Form):
    """Fields shared by one's own profile and a sysadmin's page."""

    contact_fields = ("job_title",)
    job_title = forms.CharField(
        label="Job title",
        max_length=120,
        required=False,
        help_text="For example, staff nurse.",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    staff_group = forms.ChoiceField(
        label="Staff group",
        required=False,
        choices=[("", "Choose a staff group"), *StaffGroup.choices],
        help_text="Used in counts only, never shown beside your name.",
    )
    site = forms.ModelChoiceField(
        Site.objects.none(), required=False, empty_label="Choose a site"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sites = Site.objects.order_by("name")
        self.fields["site"].queryset = sites
        if not sites.exists():
            del self.fields["site"]

    def values(self) -> dict:
        """Cleaned values; the site is None where the trust has listed none."""
        wanted = ("job_title", "staff_group", "site")
        return {name: self.cleaned_data.get(name) for name in wanted}


class ProfileForm(AboutWorkFields, VersionedForm):
    """What people may change about themselves."""


class PickUnitForm(forms.Form):
    """The team somebody works in, asked once at the first sign-in."""

    unit = UnitField(
        label="Which team do you work in?",
        help_text="Type the first letters of its name to find it. You can join "
        "projects of this team at once.",
        error_messages={"required": "Choose your team."},
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(Unit.objects.visible_to(actor))


class OwnPhoneForm(forms.Form):
    """Whose device this is."""

    own = forms.ChoiceField(
        label="Whose device is this?",
        choices=[
            ("shared", "A shared device, such as a ward computer"),
            ("own", "My own phone or laptop, which only I unlock"),
        ],
        widget=Radios(
            hints={
                "shared": "You are signed out after 60 minutes without use. Text that "
                "could not be sent stays in the open tab only.",
                "own": "You stay signed in for up to 30 days. Text that could not be "
                "sent is kept on the device until it is sent or you sign out.",
            }
        ),
    )
