"""Files of a project: kept under random names, handed out only through a view."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from pdsa.models import Attachment, Cycle
from pdsa.services import base
from projects.models import Project
from projects.services import project_lock, project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now
from qiportal.core.uploads import SafeFile, store
from qiportal.jobs.models import JobRun

MOST_FILES = 200
DAY_S = 24 * 3600


@transaction.atomic
def attachment_add(
    *,
    project: Project,
    file: SafeFile,
    cycle: Cycle | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Attachment:
    """Keeps a checked file with the project, or with one of its tests.

    The same sending twice is one file. Raises ValidationError for another project's
    test, for the 201st file and when the disk is full.
    """
    project_lock(project)
    if before := base.earlier(Attachment, submission_id):
        return before
    if cycle and cycle.ramp.project_id != project.pk:
        raise ValidationError("Choose a test of this project.")
    if project.attachments.filter(deleted_at=None).count() >= MOST_FILES:
        raise ValidationError("This project has 200 files. Delete some of them first.")
    row = Attachment(
        project=project,
        cycle=cycle,
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        submission_id=submission_id,
        created_by=by,
    )
    return _kept(row, file, by)


def _kept(row: Attachment, file: SafeFile, by: User) -> Attachment:
    """Writes the file, then its row; without the row the file goes again."""
    try:
        row.stored_as = store.keep(file.data)
    except OSError as error:
        raise ValidationError(
            "The file could not be kept: the portal’s disk may be full. Try again "
            "later, and tell your administrator."
        ) from error
    try:
        base.created(row)
        _settle(row, by)
    except BaseException:
        store.drop(row.stored_as)
        raise
    return row


def _settle(row: Attachment, by: User) -> None:
    project_touch(project=row.project)
    audit_record(
        type="attachment.added",
        target=row,
        by=by,
        new={"kind": row.kind, "size": row.size, "sha256": row.sha256},
        unit_path=row.project.unit.path,
    )


@transaction.atomic
def attachment_delete(*, attachment: Attachment, by: User) -> Attachment:
    """Takes a file away; it can be brought back for a while."""
    return base.deleted(
        attachment,
        resource="attachment",
        type="attachment.deleted",
        by=by,
        unit=attachment.project.unit.path,
    )


@transaction.atomic
def attachment_restore(*, attachment: Attachment, by: User) -> Attachment:
    """Brings a deleted file back. Raises ValidationError when it is too late."""
    return base.restored(
        attachment,
        resource="attachment",
        type="attachment.restored",
        by=by,
        unit=attachment.project.unit.path,
    )


def uploads_sweep(job: JobRun | None = None) -> dict:
    """Deletes kept files that no row knows any more. The nightly job of that name.

    Such files are left by a transaction that was undone, or by a purged project. Those
    of the last day stay: their row may not be committed yet.
    """
    known = set(Attachment.objects.values_list("stored_as", flat=True))
    return {"deleted": store.sweep(known, before=now().timestamp() - DAY_S)}
