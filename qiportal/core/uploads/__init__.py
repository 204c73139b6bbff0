"""Files people attach: what they are is decided by their content, never their name.

`check_upload` is pure. What it returns may be kept and handed out again; what it
refuses, it refuses with words that say what to do.
"""

import hashlib

from qiportal.core.uploads.images import redrawn
from qiportal.core.uploads.model import (
    ALLOWED,
    CONTENT_TYPES,
    MAX_BYTES,
    TEST_VIRUS,
    SafeFile,
    UploadProblem,
)
from qiportal.core.uploads.names import clean_name, name_findings, require_harmless
from qiportal.core.uploads.office import office_kind
from qiportal.core.uploads.pdf import require_quiet_pdf
from qiportal.core.uploads.text import require_table

__all__ = [
    "ALLOWED",
    "CONTENT_TYPES",
    "MAX_BYTES",
    "SafeFile",
    "UploadProblem",
    "check_upload",
    "name_findings",
]

OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def check_upload(
    name: str, data: bytes, *, hospital_pattern: str | None = None
) -> SafeFile:
    """The file as it may be kept: kind by content, pictures drawn anew, name cleaned.

    `hospital_pattern` is the trust's own hospital-number regex, used on the name and on
    the text of a CSV. Raises UploadProblem in plain words.
    """
    require_harmless(name, hospital_pattern)
    if not data:
        raise UploadProblem("The file is empty.")
    if len(data) > MAX_BYTES:
        raise UploadProblem("The file is larger than 20 MB. Make it smaller first.")
    if TEST_VIRUS in data:
        raise UploadProblem("The file is a test virus.")
    kind, kept = _checked(name, data, hospital_pattern)
    digest = hashlib.sha256(kept).hexdigest()
    return SafeFile(kind, clean_name(name, kind), kept, digest, len(kept))


def _checked(name: str, data: bytes, pattern: str | None) -> tuple[str, bytes]:
    """The kind and what is kept of it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", redrawn(data, "png")
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg", redrawn(data, "jpg")
    if data.startswith(b"%PDF-"):
        require_quiet_pdf(data)
        return "pdf", data
    if data.startswith(b"PK\x03\x04"):
        return office_kind(data), data
    if data.startswith(OLD_OFFICE):
        raise UploadProblem(
            "The document is of an old kind or locked with a password. Save it as "
            "DOCX, PPTX or XLSX without a password."
        )
    if name.lower().rstrip(". ").endswith(".csv"):
        require_table(data, pattern)
        return "csv", data
    raise UploadProblem(f"Files of this kind are not kept here. {ALLOWED}")
