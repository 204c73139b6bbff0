"""CSV: a text table, kept as it is. Formulas stay: the file is only handed on."""

import csv
import io
import re

from qiportal.core.identifiers import scan
from qiportal.core.tables import TableProblem, decode, sniff_delimiter
from qiportal.core.uploads.model import WEB_PAGE, UploadProblem

MAX_CSV = 1024 * 1024
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
NO_TABLE = ("<", "#!", "{\\rtf", "MIME-Version:", "From ", "%!PS", "[InternetShortcut]")


def require_table(data: bytes, hospital_pattern: str | None = None) -> None:
    """Raises UploadProblem unless this is a readable table without patients in it."""
    if len(data) > MAX_CSV:
        raise UploadProblem(
            "A CSV file may have 1 MB here. Numbers of a measure are better imported."
        )
    try:
        text = decode(data)
    except TableProblem as problem:
        raise UploadProblem(str(problem)) from problem
    if CONTROLS.search(text) or WEB_PAGE.search(text.encode()):
        raise UploadProblem("This is not a CSV file. Save the table as CSV UTF-8.")
    if text.lstrip().startswith(NO_TABLE) or not _has_columns(text):
        raise UploadProblem("This is not a CSV file: it has no columns.")
    if any(f.action == "refuse" for f in scan(text, hospital_pattern=hospital_pattern)):
        raise UploadProblem(
            "The table holds what looks like an NHS number, a date of birth or a "
            "hospital number. Take out what could identify a patient and choose it "
            "again."
        )


def _has_columns(text: str) -> bool:
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=sniff_delimiter(text), strict=True
    )
    try:
        return max((len(cells) for cells in lines), default=0) > 1
    except csv.Error:
        return False
