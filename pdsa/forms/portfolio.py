"""The period of one's own portfolio."""

from django import forms

from pdsa.selectors.portfolio import Period
from qiportal.core.forms import DateInput, FilterForm


class PeriodForm(FilterForm):
    since = forms.DateField(widget=DateInput, label="From")
    until = forms.DateField(widget=DateInput, label="To")

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "The end must not lie before the beginning.")

    def period(self) -> Period:
        """The days that could be read; a period that makes no sense is everything."""
        if not self.is_valid():
            return Period()
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])
