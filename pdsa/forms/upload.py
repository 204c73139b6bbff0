"""A file of numbers."""

from django import forms

from qiportal.core.tables import MAX_BYTES


class UploadForm(forms.Form):
    """CSV or XLSX of one measure's numbers: checked first, then written."""

    file = forms.FileField(
        label="File",
        help_text="CSV or XLSX with the columns period, numerator and, for percentages "
        "and rates, denominator. A column note may follow.",
    )
    check_only = forms.BooleanField(
        required=False,
        initial=True,
        label="Only check, write nothing yet",
        help_text="For example: the first time you send this file",
    )
    not_a_patient = forms.BooleanField(
        required=False,
        label="None of the notes is about a patient",
        help_text="Needed only where the check found notes that may be.",
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 50 MB. Split it.")
        return upload
