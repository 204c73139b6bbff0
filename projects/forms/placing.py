"""Moving drivers and change ideas. No text is typed here."""

from django import forms

from projects.forms.work import DriverLabel
from projects.models import ChangeIdea, Driver
from qiportal.accounts.safe_forms import VersionedForm


class DriverPlaceForm(VersionedForm):
    """What a driver hangs on, and in front of which one it stands."""

    parent = forms.ModelChoiceField(
        Driver.objects.none(),
        required=False,
        label="Part of",
        empty_label="Nothing: a primary driver",
        help_text="It becomes the last there. Move it up or down afterwards",
    )
    before = forms.ModelChoiceField(
        Driver.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, row: Driver, drivers, **kwargs):
        initial = {"version": row.version, "parent": row.parent_id}
        super().__init__(*args, initial=initial, **kwargs)
        others = drivers.exclude(pk=row.pk)
        self.fields["parent"].queryset = others.filter(parent=None)
        self.fields["before"].queryset = others


class IdeaPlaceForm(VersionedForm):
    """The driver an idea works on, and in front of which idea it stands."""

    driver = DriverLabel(
        Driver.objects.none(),
        required=False,
        label="Which driver does it work on?",
        empty_label="None yet",
        help_text="It becomes the last there. Move it up or down afterwards",
    )
    before = forms.ModelChoiceField(
        ChangeIdea.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, row: ChangeIdea, drivers, ideas, **kwargs):
        initial = {"version": row.version, "driver": row.driver_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["driver"].queryset = drivers
        self.fields["before"].queryset = ideas.exclude(pk=row.pk)


class StepForm(forms.Form):
    """One step up or down; the version is the one its mover looked at."""

    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
