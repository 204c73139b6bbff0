"""Reads about people's desks: imports and tokens."""

from datetime import timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from qiportal.accounts.import_kinds import kinds_for
from qiportal.accounts.models import ApiToken, ImportBatch, User
from qiportal.core.dates import now, today
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


def own_token_count(user: User) -> int:
    """How many working tokens the user answers for."""
    return ApiToken.objects.owned_by(user).working_at(now()).count()


def tokens_for(actor: User) -> QuerySet[ApiToken]:
    """The tokens the actor may see, newest first, with their use in 30 days."""
    tokens = ApiToken.objects.visible_to(actor).with_people()
    return with_recent_requests(tokens).order_by("-pk")


def token_or_404(actor: User, prefix: str) -> ApiToken:
    """A token the actor may end: their own, or any for a sysadmin."""
    return get_object_or_404(
        ApiToken.objects.visible_to(actor).with_people(), prefix=prefix
    )


def own_token_or_404(actor: User, prefix: str) -> ApiToken:
    """A token the actor answers for and so may renew."""
    return get_object_or_404(
        ApiToken.objects.owned_by(actor).with_people(), prefix=prefix
    )


def with_recent_requests(tokens: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
    """The tokens, each with `recent_requests` of the last 30 days."""
    recent = Q(days__day__gt=today() - timedelta(days=30))
    return tokens.annotate(
        recent_requests=Coalesce(Sum("days__requests", filter=recent), 0)
    )
