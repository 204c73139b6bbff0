"""Where kept files lie: DATA_DIR/uploads, by random name, never served as files."""

import os
import re
import secrets
from collections.abc import Container
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}")


def keep(data: bytes) -> str:
    """Writes a file under a new random name and returns that name.

    Written beside and renamed, so that half a file is never seen. On a full disk
    raises OSError and leaves nothing behind.
    """
    token = secrets.token_hex(20)
    place = f"{token[:2]}/{token[2:]}"
    target = _root() / place
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = target.with_suffix(".new")
    try:
        _write(temporary, data)
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return place


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def opened(place: str) -> BinaryIO:
    """The kept file, open for reading. Raises FileNotFoundError."""
    return path_of(place).open("rb")


def drop(place: str) -> None:
    """Deletes a kept file; one that is gone is no matter."""
    path_of(place).unlink(missing_ok=True)


def path_of(place: str) -> Path:
    """Where a kept file lies. Raises FileNotFoundError for what is no such name."""
    if not PLACE.fullmatch(place):
        raise FileNotFoundError(place)
    return _root() / place


def sweep(known: Container[str], *, before: float) -> int:
    """Deletes files that no row knows and that are older than `before`; how many."""
    count = 0
    for path in _root().glob("[0-9a-f][0-9a-f]/*"):
        is_known = path.relative_to(_root()).as_posix() in known
        if not is_known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)
