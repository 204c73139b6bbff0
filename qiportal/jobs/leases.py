"""Who may work on a job: every step is one UPDATE that only one caller wins.

`lease_until` says until when nobody else may take the job: while it runs that is its
lease, after a failure its pause. `attempts` fences: a worker that lost its lease finds
another number there and can no longer write to the row.
"""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from qiportal.core.dates import now
from qiportal.jobs.models import JobRun

LEASE = timedelta(minutes=3)
MAX_ATTEMPTS = 5
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]

State = JobRun.State


class LeaseLost(Exception):
    """Another worker took this job; what this one found must not be written."""


def claimable(rows: QuerySet[JobRun] | None = None) -> QuerySet[JobRun]:
    """Jobs somebody may take now: due, paused long enough, or left by a dead worker."""
    moment = now()
    taken = Q(state__in=[State.RUNNING, State.FAILED], lease_until__lt=moment)
    waiting = Q(state=State.WAITING, scheduled_for__lte=moment)
    rows = JobRun.objects.all() if rows is None else rows
    return rows.filter(waiting | taken).order_by("scheduled_for", "id")


def claim(job_id: int) -> JobRun | None:
    """Takes the job for this caller, or None when another has it or it is not due."""
    won = claimable(JobRun.objects.filter(pk=job_id, attempts__lt=MAX_ATTEMPTS)).update(
        state=State.RUNNING, lease_until=now() + LEASE, attempts=F("attempts") + 1
    )
    return JobRun.objects.get(pk=job_id) if won else None


def renew(job: JobRun) -> None:
    """Extends the lease. Raises LeaseLost when the job is no longer this caller's."""
    _write(job, lease_until=now() + LEASE)


def finish(job: JobRun, stats: dict) -> None:
    """Records success. Raises LeaseLost."""
    _write(job, state=State.DONE, lease_until=None, stats=stats, error="")


def fail(job: JobRun, error: str) -> None:
    """Records a failure: tried again after a pause, given up after the last attempt."""
    if job.attempts >= MAX_ATTEMPTS:
        _write(job, state=State.DEAD, lease_until=None, error=error)
    else:
        pause = PAUSES[job.attempts - 1]
        _write(job, state=State.FAILED, lease_until=now() + pause, error=error)


def bury(job: JobRun, error: str) -> None:
    """Gives a job up for good. Raises LeaseLost."""
    _write(job, state=State.DEAD, lease_until=None, error=error)


def _write(job: JobRun, **values: Any) -> None:
    if values.get("state") in (State.DONE, State.DEAD):
        values["finished_at"] = now()
    mine = JobRun.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)
    if not mine.update(**values):
        raise LeaseLost(f"job {job.pk} now belongs to another worker")
    for name, value in values.items():
        setattr(job, name, value)
