"""The upload form, with whatever else a kind of import asks for."""

from django import forms
from django.core.exceptions import ValidationError

from qiportal.accounts.import_kinds import ImportKind
from qiportal.accounts.safe_forms import hospital_pattern, spoken
from qiportal.core.identifiers import scan
from qiportal.core.tables import MAX_BYTES


class ImportUploadForm(forms.Form):
    """A file and the handler's own fields (`option_fields`)."""

    file = forms.FileField(
        label="File",
        help_text="CSV or XLSX, at most 50 MB. The first line names the columns.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def __init__(self, *args, kind: ImportKind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(getattr(kind.handler, "option_fields", dict)())

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError("The file is larger than 50 MB. Split it.")
        found = scan(upload.name, hospital_pattern=hospital_pattern())
        if refused := [f for f in found if f.action == "refuse"]:
            raise ValidationError(
                f"The file's name holds what looks like {spoken(refused)}. Rename the "
                "file and try again."
            )
        return upload

    def options(self) -> dict:
        return {k: value for k, value in self.cleaned_data.items() if k != "file"}


class ImportNowForm(forms.Form):
    """Confirms the warnings of a file, once for all of it."""

    not_a_patient = forms.BooleanField(
        label="None of this is about a patient",
        error_messages={"required": "Tick this if it is so, or mend the file first."},
    )
