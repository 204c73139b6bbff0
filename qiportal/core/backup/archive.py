"""A backup folder: manifest.json, tables/*.ndjson and uploads/.

The manifest names each table's columns, row count and sha256, each upload's sha256 and
the migrations of the database that was saved. A restore goes only into a database with
the same migrations, all or nothing, and reads its rows back to compare.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from qiportal.core.backup import rows
from qiportal.core.engine import consistent_read, no_statement_timeout

FORMAT = 1


class BackupError(Exception):
    """Why a backup or a restore was refused, in words for the person running it."""


def backup(folder: Path) -> dict[str, Any]:
    """Write a backup and return its manifest.

    The folder appears under its name only when everything in it is complete. Raises
    BackupError when it exists already or the disk refuses.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} exists already and is not an empty folder.")
    partial = folder.with_name(folder.name + ".partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        (partial / "tables").mkdir()
        manifest = written(partial)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise BackupError(f"Cannot write {folder}: {error.strerror}.") from error
    return manifest


def written(folder: Path) -> dict[str, Any]:
    with consistent_read():
        tables = [write_table(folder, model) for model in rows.tables()]
        applied = migrations()
    manifest = {
        "format": FORMAT,
        "portal": settings.VERSION,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "engine": connection.vendor,
        "migrations": applied,
        "left_out": list(rows.LEFT_OUT),
        "tables": tables,
        "uploads": copy_uploads(Path(settings.MEDIA_ROOT), folder / "uploads"),
    }
    text = json.dumps(manifest, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return manifest


def write_table(folder: Path, model: type[models.Model]) -> dict[str, Any]:
    """Stream one table to its file. Returns its manifest entry."""
    name = model._meta.db_table
    digest, count = hashlib.sha256(), 0
    with private(folder / "tables" / f"{name}.ndjson") as file:
        for line in rows.lines(model):
            file.write(line)
            digest.update(line)
            count += 1
    return {
        "table": name,
        "columns": [field.column for field in rows.columns(model)],
        "rows": count,
        "sha256": digest.hexdigest(),
    }


def private(path: Path) -> Any:
    """Open a new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb")


def copy_uploads(source: Path, target: Path) -> list[dict[str, str]]:
    """Copy every uploaded file. Returns path and sha256 of each."""
    listed = []
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        name = path.relative_to(source)
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        listed.append({"path": name.as_posix(), "sha256": file_sha256(copy)})
    return listed


def restore(folder: Path, *, force: bool = False) -> dict[str, Any]:
    """Load a backup into this migrated database and prove that it equals the saved one.

    Raises BackupError, with nothing changed, when the folder is damaged, the database
    has other migrations, or it holds rows and force was not given.
    """
    manifest = checked_manifest(folder)
    if not force and (holding := tables_with_rows()):
        raise BackupError(
            f"This database is not empty ({', '.join(holding[:5])}). "
            "Restore into a fresh one, or give --force to replace everything in it."
        )
    try:
        load(folder, manifest)
        restore_uploads(folder / "uploads", Path(settings.MEDIA_ROOT), manifest)
    except DatabaseError as error:
        raise BackupError(f"The database refused the backup: {error}") from error
    except OSError as error:
        raise BackupError(f"Uploads were not restored: {error}") from error
    return manifest


def load(folder: Path, manifest: dict[str, Any]) -> None:
    """Replace every row, in one transaction that ends only if all came back equal."""
    with transaction.atomic():
        no_statement_timeout()
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        for model, entry in entries(manifest):
            with table_file(folder, entry).open("rb") as file:
                rows.insert(model, file)
        rows.reset_sequences(rows.tables())
        verify_rows(manifest)


def checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, after every file was compared with its sha256."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} holds no readable manifest.json.") from error
    if manifest.get("format") != FORMAT:
        raise BackupError("This backup was written in a format this release lacks.")
    if manifest["migrations"] != migrations():
        raise BackupError(
            "This database and the backup are of different releases. Run the "
            f"release that made the backup ({manifest['portal']}) with its migrations, "
            "restore, then upgrade."
        )
    damaged = [name for name, ok in file_checks(folder, manifest) if not ok]
    if damaged:
        raise BackupError(f"Damaged or missing in the backup: {', '.join(damaged)}.")
    return manifest


def file_checks(folder: Path, manifest: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for entry in manifest["tables"]:
        path = table_file(folder, entry)
        yield path.name, path.is_file() and file_sha256(path) == entry["sha256"]
    for entry in manifest["uploads"]:
        path = folder / "uploads" / entry["path"]
        yield entry["path"], path.is_file() and file_sha256(path) == entry["sha256"]


def entries(
    manifest: dict[str, Any],
) -> Iterator[tuple[type[models.Model], dict[str, Any]]]:
    """Each model with its manifest entry; refuses tables or columns that differ."""
    saved = {entry["table"]: entry for entry in manifest["tables"]}
    here = {model._meta.db_table: model for model in rows.tables()}
    if saved.keys() != here.keys():
        differing = ", ".join(sorted(saved.keys() ^ here.keys()))
        raise BackupError(f"Tables differ from the backup's: {differing}.")
    for name, model in here.items():
        if saved[name]["columns"] != [f.column for f in rows.columns(model)]:
            raise BackupError(f"The columns of {name} differ from the backup's.")
        yield model, saved[name]


def verify_rows(manifest: dict[str, Any]) -> None:
    """Read every table back; its bytes must be those of the backup."""
    for model, entry in entries(manifest):
        digest, count = hashlib.sha256(), 0
        for line in rows.lines(model):
            digest.update(line)
            count += 1
        if (count, digest.hexdigest()) != (entry["rows"], entry["sha256"]):
            raise BackupError(
                f"{entry['table']} did not come back as it was saved "
                f"({count} rows of {entry['rows']}). Nothing was changed."
            )


def restore_uploads(source: Path, target: Path, manifest: dict[str, Any]) -> None:
    for entry in manifest["uploads"]:
        copy = target / entry["path"]
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / entry["path"], copy)


def tables_with_rows() -> list[str]:
    """Tables that hold rows although nothing was entered yet: none, when fresh."""
    return [
        model._meta.db_table
        for model in rows.tables()
        if model._meta.db_table not in rows.MADE_BY_MIGRATE
        and model._base_manager.exists()
    ]


def migrations() -> list[str]:
    """Every applied migration as app.name, sorted."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def table_file(folder: Path, entry: dict[str, Any]) -> Path:
    return folder / "tables" / f"{entry['table']}.ndjson"


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
