"""Which days a chart draws: the keyboard's way of zooming."""

from datetime import date

from django import forms
from django.utils.http import urlencode

from pdsa.models import Measure
from pdsa.parsing import Unreadable, period_start, read_day
from qiportal.core.forms import DateInput


class AnyDayField(forms.Field):
    """A day in any usual British spelling; it may lie in the future."""

    widget = DateInput

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return read_day(str(value))
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class RangeForm(forms.Form):
    """From and to, as addresses carry them; both may be empty."""

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.fields["from"] = AnyDayField(label="From", required=False)
        self.fields["to"] = AnyDayField(label="To", required=False)

    def clean(self):
        data = super().clean()
        first, last = data.get("from"), data.get("to")
        if first and last and first > last:
            self.add_error("to", "“To” lies before “From”. Change one of them.")
        return data

    def days(self) -> tuple[date | None, date | None]:
        """First and last day; the first counts from the start of its period."""
        first = self.cleaned_data["from"]
        start = period_start(first, self.measure.frequency) if first else None
        return start, self.cleaned_data["to"]

    def query(self) -> str:
        """The same days for another address."""
        return urlencode(
            {name: self.data[name] for name in self.fields if name in self.data}
        )

    def no_number(self) -> None:
        """Says that the days hold nothing to draw."""
        self.add_error("from", "No number lies between these days. Choose others.")
