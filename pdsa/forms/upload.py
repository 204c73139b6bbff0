"""A file of numbers."""

from django import forms


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV or XLSX with the columns period, numerator and, for percentages "
        "and rates, denominator. A column note may follow.",
    )
    check_only = forms.BooleanField(
        required=False, initial=True, label="Only check, write nothing yet"
    )
