"""What a checked file is, and how a refused one is spoken of."""

import re
from dataclasses import dataclass

MAX_BYTES = 20 * 1024 * 1024
TEST_VIRUS = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"
OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "csv": "text/csv; charset=utf-8",
}
ALLOWED = "Choose a JPEG or PNG picture, a PDF, or a DOCX, PPTX, XLSX or CSV file."
WEB_PAGE = re.compile(
    rb"<\s*(?:script|html|svg|iframe|object|embed|body|!doctype|\?php)", re.I
)


class UploadProblem(ValueError):
    """A file that is not kept. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SafeFile:
    """A file fit to be kept: `data` may differ from what was sent (pictures do)."""

    kind: str
    name: str
    data: bytes
    sha256: str
    size: int

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]


def without_nul(data: bytes) -> bytes:
    """UTF-16 text read as if it were ASCII, so that markers are found in it, too."""
    return data.replace(b"\x00", b"") if b"\x00" in data else data
