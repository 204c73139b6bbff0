"""Reads of imports: the history, and what became of an upload."""

from django.db.models import QuerySet
from django.http import Http404

from qiportal.accounts.import_kinds import kinds_for
from qiportal.accounts.models import ImportBatch, User
from qiportal.jobs.models import JobRun


def batches_for(actor: User) -> QuerySet[ImportBatch]:
    """Imports of the kinds the actor may do, newest first."""
    kinds = [kind.kind for kind in kinds_for(actor)]
    batches = ImportBatch.objects.filter(kind__in=kinds).select_related("by")
    return batches.order_by("-pk")


def batch_or_404(actor: User, batch_id: int) -> ImportBatch:
    """One import the actor may see; Http404 otherwise."""
    batch = batches_for(actor).filter(pk=batch_id).first()
    if batch is None:
        raise Http404("There is no such import.")
    return batch


def earlier_import(batch: ImportBatch) -> ImportBatch | None:
    """The import by which the same file was written before, if it was."""
    same = ImportBatch.objects.filter(
        kind=batch.kind,
        file_sha256=batch.file_sha256,
        state=ImportBatch.State.COMMITTED,
    )
    return same.exclude(pk=batch.pk).first()


def batch_of(staged_id: str, *, dry_run: bool) -> ImportBatch | None:
    """What became of an upload, if it was checked (or written)."""
    batches = ImportBatch.objects.filter(job_key=staged_id, dry_run=dry_run)
    return batches.order_by("-pk").first()


def import_job(staged_id: str, step: str) -> JobRun | None:
    """The job that checks or writes a large upload."""
    return JobRun.objects.filter(kind="import_file", key=f"{staged_id}:{step}").first()
