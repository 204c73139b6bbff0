"""A file to attach. It is checked here, so that a refusal stands on its field."""

from django import forms

from qiportal.accounts.safe_forms import (
    SafeTextForm,
    SubmissionForm,
    hospital_pattern,
)
from qiportal.core.uploads import (
    MAX_BYTES,
    SafeFile,
    UploadProblem,
    check_upload,
    name_findings,
)

ACCEPT = "image/jpeg,image/png,.pdf,.docx,.pptx,.xlsx,.csv"


class AttachmentForm(SafeTextForm, SubmissionForm):
    """One file. Its name is looked through for patients like any other text."""

    scanned_fields: list[str] = []
    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text="A JPEG or PNG picture, a PDF, or a DOCX, PPTX, XLSX or CSV file, up "
        "to 20 MB. No patient may be seen in it or named in it.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choose a file."},
    )

    def full_clean(self) -> None:
        super().full_clean()
        file = self.cleaned_data.get("file") if self.is_bound else None
        if isinstance(file, SafeFile):
            found = name_findings(file.name, hospital_pattern())
            if warned := [f for f in found if f.action == "warn"]:
                self._warn("file", warned)

    def clean_file(self) -> SafeFile:
        sent = self.cleaned_data["file"]
        try:
            if sent.size > MAX_BYTES:
                raise UploadProblem("The file is larger than 20 MB. Make it smaller.")
            return check_upload(
                sent.name, sent.read(), hospital_pattern=hospital_pattern()
            )
        except UploadProblem as problem:
            raise forms.ValidationError(str(problem)) from problem
