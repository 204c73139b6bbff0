"""File names: cleaned of what deceives or breaks, and looked through for patients."""

import re
import unicodedata

from qiportal.core.identifiers import Finding, scan
from qiportal.core.uploads.model import UploadProblem

MAX_NAME = 120
KNOWN_END = re.compile(r"\.[A-Za-z0-9]{1,5}$")
FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.I)


def clean_name(name: str, kind: str) -> str:
    """A harmless name that ends as the content says: `../Ward 7.exe` is `Ward 7.pdf`.

    Folders, invisible and direction-changing characters and those some system forbids
    are dropped; at most 120 characters; never empty, hidden or a device's name.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    stem = KNOWN_END.sub("", FORBIDDEN.sub("-", visible).strip())
    stem = " ".join(stem.split()).strip(". ")
    stem = stem[: MAX_NAME - len(kind) - 1].rstrip(". ") or "file"
    if RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{kind}"


def name_findings(name: str, hospital_pattern: str | None = None) -> list[Finding]:
    """What in a file name may identify a patient; `_` counts as a space."""
    spaced = re.sub(r"[_+]|%20", " ", name)
    found = [*scan(name, hospital_pattern=hospital_pattern)]
    found += scan(KNOWN_END.sub("", spaced), hospital_pattern=hospital_pattern)
    return found


def require_harmless(name: str, hospital_pattern: str | None = None) -> None:
    """Raises UploadProblem for a name that identifies a patient for certain."""
    if any(f.action == "refuse" for f in name_findings(name, hospital_pattern)):
        raise UploadProblem(
            "The file’s name looks as if it identifies a patient. Rename the file and "
            "choose it again."
        )
