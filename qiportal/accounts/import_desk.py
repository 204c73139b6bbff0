"""Imports on screen: checking an upload, writing it, undoing it."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from qiportal.accounts import staging
from qiportal.accounts.audit import audit_record
from qiportal.accounts.import_kinds import undo_of
from qiportal.accounts.imports import ImportReport
from qiportal.accounts.models import ImportBatch, User
from qiportal.accounts.selectors import batch_of
from qiportal.accounts.staging import Staged
from qiportal.core.dates import now
from qiportal.jobs.models import JobRun

INLINE_BYTES = 250_000


def plain_options(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Form values as a handler gets them, on screen as from a command."""
    return {name: _plain(value) for name, value in cleaned.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return next(
            getattr(value, name)
            for name in ("code", "slug", "pk")
            if hasattr(value, name)
        )
    return value


def check_staged(staged: Staged, by: User) -> ImportBatch:
    """A dry run of an upload; keeps its good rows, bad rows and warnings beside it."""
    report = _run(staged, by, dry_run=True)
    staged.write(staging.GOOD, report.rows_csv(bad=False).encode("utf-8-sig"))
    staged.write(staging.BAD, report.rows_csv(bad=True).encode("utf-8-sig"))
    warnings = [
        {"line": w.line, "column": w.column, "code": w.code, "message": w.message}
        for w in report.warnings
    ]
    staged.write(staging.WARNINGS, json.dumps(warnings).encode())
    return report.batch


def commit_staged(staged: Staged, by: User) -> ImportBatch:
    """Writes an upload and deletes it; a refused one is kept for another look."""
    ticks = [{"type": w["code"], "field": w["column"]} for w in staged.warnings()]
    report = _run(staged, by, dry_run=False)
    if report.batch.state != ImportBatch.State.COMMITTED:
        return report.batch
    if ticks and not report.already_imported:
        audit_record(
            type="identifier.confirmed_harmless",
            target=report.batch,
            by=by,
            new={"ticks": ticks[:100], "count": len(ticks)},
        )
    staging.drop(staged)
    return report.batch


def _run(staged: Staged, by: User, *, dry_run: bool) -> ImportReport:
    handler = import_string(settings.IMPORTS[staged.kind])
    report = handler(
        file_name=staged.file_name,
        data=staged.read(staging.UPLOAD) or b"",
        by=by,
        dry_run=dry_run,
        options=staged.options,
    )
    if not report.already_imported:
        report.batch.job_key = staged.id
        report.batch.save(update_fields=["job_key"])
    return report


def is_large(staged: Staged) -> bool:
    """Larger files are read by a job, with a page that shows how far it is."""
    return (staged.folder / staging.UPLOAD).stat().st_size > INLINE_BYTES


def job_key(staged_id: str, step: str) -> str:
    return f"{staged_id}:{step}"


def import_file_job(job: JobRun) -> dict:
    """Checks or writes a large upload; `job.key` is "<upload>:check" or ":commit"."""
    staged_id, _, step = job.key.partition(":")
    by = User.objects.get(email=job.requested_by, is_active=True)
    staged = staging.staged_of(staged_id, by)
    batch = batch_of(staged_id, dry_run=step == "check")
    if batch is None and staged is not None:
        batch = (check_staged if step == "check" else commit_staged)(staged, by)
    return {"batch": batch.pk if batch else None}


@transaction.atomic
def import_undo(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Takes an import back by its domain's own rule. Doing it again changes nothing."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    undo = undo_of(batch)
    if undo is None:
        return batch
    undo(batch=batch, by=by)
    batch.state, batch.undone_at = ImportBatch.State.UNDONE, now()
    batch.save()
    audit_record(type="import.undone", target=batch, by=by)
    return batch
