"""A form field for picking a unit."""

from django import forms

from qiportal.organisation.models import Unit
from qiportal.organisation.selectors import grouped_unit_choices


class UnitField(forms.ModelChoiceField):
    """Open units, grouped by division. Give it its units by `offer(units)`."""

    def __init__(self, *, empty_label: str = "Choose a unit", **kwargs):
        super().__init__(Unit.objects.none(), empty_label=empty_label, **kwargs)

    def offer(self, units) -> None:
        """Sets which units may be picked, usually `Unit.objects.visible_to(actor)`."""
        self.queryset = units
        self.choices = [("", self.empty_label), *grouped_unit_choices(units)]
