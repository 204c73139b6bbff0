"""Uploaded files between the check and the import: kept 24 hours, for their owner.

Each upload has a folder under DATA_DIR/staged with a random name. Nothing of it lives
in the database; the folder goes when the file is imported, or after a day.
"""

import json
import shutil
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from qiportal.accounts.models import User
from qiportal.core.dates import now

KEPT = timedelta(hours=24)
UPLOAD, ABOUT, WARNINGS = "upload", "about.json", "warnings.json"
GOOD, BAD = "good.csv", "bad.csv"


@dataclass(frozen=True)
class Staged:
    """One upload that waits. `at` is an ISO moment in UTC."""

    id: str
    kind: str
    file_name: str
    user_id: int
    options: dict[str, Any]
    at: str

    @property
    def folder(self) -> Path:
        return _root() / self.id

    @property
    def is_over(self) -> bool:
        return now() - datetime.fromisoformat(self.at) > KEPT

    def read(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def write(self, name: str, data: bytes) -> None:
        """Written beside and renamed, so that a reader never sees half a file."""
        temporary = self.folder / f".{name}.new"
        temporary.write_bytes(data)
        temporary.replace(self.folder / name)

    def warnings(self) -> list[dict]:
        """What the check only warned about; the importer confirms it once."""
        return json.loads(self.read(WARNINGS) or b"[]")


def _root() -> Path:
    return Path(settings.DATA_DIR) / "staged"


def stage(
    *, kind: str, file_name: str, data: bytes, options: dict[str, Any], user: User
) -> Staged:
    """Keeps an upload. On a full disk raises OSError and leaves nothing behind."""
    staged = Staged(
        id=uuid.uuid4().hex,
        kind=kind,
        file_name=file_name,
        user_id=user.pk,
        options=options,
        at=now().isoformat(),
    )
    staged.folder.mkdir(mode=0o700, parents=True)
    try:
        staged.write(UPLOAD, data)
        staged.write(ABOUT, json.dumps(asdict(staged)).encode())
    except OSError:
        drop(staged)
        raise
    return staged


def staged_of(id: str, user: User) -> Staged | None:
    """The user's own upload while it is kept, else None."""
    staged = _read(_root() / id) if _is_id(id) else None
    if staged is None or staged.user_id != user.pk or staged.is_over:
        return None
    return staged


def drop(staged: Staged) -> None:
    """Deletes an upload and all made from it."""
    shutil.rmtree(staged.folder, ignore_errors=True)


def purge() -> int:
    """Deletes uploads older than a day, and folders that hold none; how many."""
    count = 0
    for folder in _root().glob("*/"):
        staged = _read(folder)
        age = now().timestamp() - folder.stat().st_mtime
        if staged.is_over if staged else age > KEPT.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count


def _is_id(text: str) -> bool:
    return len(text) == 32 and all(char in "0123456789abcdef" for char in text)


def _read(folder: Path) -> Staged | None:
    try:
        return Staged(**json.loads((folder / ABOUT).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
