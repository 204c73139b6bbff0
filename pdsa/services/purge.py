"""What was deleted too long ago to be brought back goes for good. A nightly job.

A row stays while another row needs it: a comment that was answered, a test on which
another is built, an idea that tests belong to. The audit keeps its events, and readers
of the API keep the tombstones of what they have seen (pdsa/services/stones.py). Files
go with their rows. Each row goes in a transaction of its own batch, so a run that is
cut off is simply run again.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet

from pdsa.models import (
    Attachment,
    BenefitClaim,
    Comment,
    Cycle,
    DataPoint,
    Measure,
    Phase,
    Prediction,
    Ramp,
    Task,
)
from pdsa.services import stones
from projects.models import ChangeIdea, Driver, Project, SpreadEvent
from qiportal.accounts.audit import audit_record
from qiportal.core.dates import now
from qiportal.core.undo import kept_since
from qiportal.core.uploads import store
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import heartbeat

log = logging.getLogger(__name__)
BY = "system:purge_deleted"
BATCH = 100
Clear = Callable[[list[Any]], None]


@dataclass(frozen=True)
class Kind:
    """How rows of a kind go. `needed` are rows that keep one of them, by the field
    that names it; `clear` takes apart what would stand in the way; `resource` names
    their tombstones."""

    model: type[models.Model]
    project: str = "project"
    needed: tuple[tuple[type[models.Model], str], ...] = ()
    clear: Clear | None = None
    resource: str = ""


def _clear_cycles(rows: list[Cycle]) -> None:
    """Tasks and comments of a test live on with the project; its files do not."""
    for model in (Task, Comment):
        model.objects.filter(cycle__in=rows).update(cycle=None, updated_at=now())
    Phase.objects.filter(cycle__in=rows).update(cycle=None, updated_at=now())
    _drop_later(Attachment.objects.filter(cycle__in=rows))
    Prediction.objects.filter(cycle__in=rows).update(supersedes=None)


def _drop_later(files: Iterable[Attachment]) -> None:
    """Takes files off the disk once their rows are gone for certain."""
    for place in [row.stored_as for row in files]:
        transaction.on_commit(partial(store.drop, place))


KINDS = (
    Kind(Comment, needed=((Comment, "parent"),)),
    Kind(Task),
    Kind(BenefitClaim),
    Kind(Attachment, clear=_drop_later),
    Kind(DataPoint, "measure__project", resource="data_point"),
    Kind(
        Cycle,
        "ramp__project",
        needed=((Cycle, "previous"),),
        clear=_clear_cycles,
        resource="cycle",
    ),
    Kind(Measure, clear=stones.of_measures, resource="measure"),
    Kind(
        ChangeIdea,
        needed=(
            (Ramp, "change_idea"),
            (Cycle.other_change_ideas.through, "changeidea"),
            (SpreadEvent, "change_idea"),
        ),
    ),
    Kind(Driver, needed=((Driver, "parent"),)),
)


def purge_deleted(job: JobRun | None = None) -> dict[str, int]:
    """Deletes for good what can no longer be brought back; how many of each kind.

    Safe to run twice and to cut off. The nightly job of that name.
    """
    counts = {"projects": _purge_projects(job)}
    for kind in KINDS:
        counts[kind.model._meta.model_name or ""] = _purge(kind, job)
    return counts


def _due(kind: Kind) -> QuerySet:
    """Rows past their time that no other row needs, newest first."""
    rows = kind.model._base_manager.filter(deleted_at__lte=kept_since())
    for model, field in kind.needed:
        users = model._base_manager.filter(**{field: OuterRef("pk")})
        rows = rows.filter(~Exists(users))
    return rows.order_by("-pk")


def _purge(kind: Kind, job: JobRun | None) -> int:
    """Batch by batch, until none is left: what is freed by one batch is in the next."""
    count = 0
    while keys := list(_due(kind).values_list("pk", flat=True)[:BATCH]):
        heartbeat(job)
        gone = _purge_batch(kind, keys)
        count += gone
        if not gone:  # all of them were brought back in this very moment
            break
    return count


@transaction.atomic
def _purge_batch(kind: Kind, keys: list[int]) -> int:
    """One batch, looked at again under a lock: a row may have come back meanwhile."""
    locked = kind.model._base_manager.select_for_update(of=("self",))
    rows = locked.filter(pk__in=keys, deleted_at__lte=kept_since())
    found = list(rows.select_related(f"{kind.project}__unit"))
    if kind.resource:
        stones.settle(kind.resource, found, kind.project)
    for row in found:
        _told(row, _project_of(row, kind.project).unit.path)
    if kind.clear:
        kind.clear(found)
    kind.model._base_manager.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)


def _project_of(row: Any, path: str) -> Project:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _told(row: Any, unit_path: str, **old: Any) -> None:
    """The event says that a row is gone, and nothing of what was in it."""
    name = f"{row._meta.model_name}.purged"
    audit_record(type=name, target=row, by=BY, unit_path=unit_path, old=old)


def _purge_projects(job: JobRun | None) -> int:
    """Projects one at a time; one that the board or the idea bank still names stays."""
    rows = Project.objects.filter(deleted_at__lte=kept_since()).order_by("pk")
    count = 0
    for key in list(rows.values_list("pk", flat=True)):
        heartbeat(job)
        try:
            count += _purge_project(key)
        except ProtectedError as error:
            kept = {row._meta.label for row in error.protected_objects}
            log.info("deleted project %s stays: named by %s", key, sorted(kept))
    return count


@transaction.atomic
def _purge_project(key: int) -> int:
    """A project with all that hangs on it, from the leaves inwards."""
    locked = Project.objects.select_for_update(of=("self",)).select_related("unit")
    project = locked.filter(pk=key, deleted_at__lte=kept_since()).first()
    if project is None:
        return 0
    stones.of_project(project)
    _drop_later(Attachment.objects.filter(project=project))
    _told(project, project.unit.path, reference=project.reference)
    Prediction.objects.filter(cycle__ramp__project=project).update(supersedes=None)
    Cycle.objects.filter(ramp__project=project).update(previous=None)
    of_project = {"project": project}
    for model in (Ramp, Measure, ChangeIdea):
        model.objects.filter(**of_project).delete()
    Driver.objects.filter(**of_project).exclude(parent=None).delete()
    Driver.objects.filter(**of_project).delete()
    project.delete()
    return 1
