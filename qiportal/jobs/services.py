"""Asking for background work, and seeing that none is forgotten."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from qiportal.core.dates import now
from qiportal.jobs.dispatch import dispatch
from qiportal.jobs.leases import MAX_ATTEMPTS, LeaseLost, claimable, renew
from qiportal.jobs.models import JobRun
from qiportal.jobs.runner import JobProblem, run_job
from qiportal.jobs.schedules import key_of, latest_moment

__all__ = [
    "JobProblem",
    "LeaseLost",
    "due_jobs",
    "heartbeat",
    "job_ask",
    "reap_job",
    "run_job",
    "tick",
]

ENSURE_PAUSE = timedelta(hours=1)
KEEP = timedelta(days=90)
KEEP_REAP = timedelta(days=1)
State = JobRun.State


@transaction.atomic
def job_ask(
    *,
    kind: str,
    key: str,
    scheduled_for: datetime | None = None,
    requested_by: str = "system",
) -> JobRun:
    """The job of that kind and key, made and started if it is new.

    Asking again is harmless: the same row comes back and is started only while it
    still waits. Raises ValueError for a kind that settings.JOBS does not name.
    """
    if kind not in settings.JOBS:
        raise ValueError(f"There are no jobs of the kind {kind}.")
    job, _ = JobRun.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "scheduled_for": scheduled_for or now(),
            "requested_by": requested_by,
        },
    )
    if job.state == State.WAITING and job.scheduled_for <= now():
        dispatch(job)
    return job


def heartbeat(job: JobRun | None) -> None:
    """Keeps a long job's lease alive; raises LeaseLost when another worker has it.

    None (the same service run by hand) is accepted and does nothing.
    """
    if job is not None:
        renew(job)


def due_jobs() -> QuerySet[JobRun]:
    """Jobs somebody may take now, oldest first."""
    return claimable(JobRun.objects.filter(attempts__lt=MAX_ATTEMPTS))


def tick() -> int:
    """One beat of the clock: makes rows that are due, starts all that wait.

    Only the latest moment of each schedule counts, so a night missed while the host
    was off is caught up once, and two clocks make one row. Returns how many started.
    """
    for kind, entry in settings.JOBS.items():
        if "schedule" in entry:
            _ensure_latest(kind, entry)
    give_up_worn_out()
    waiting = list(due_jobs())
    for job in waiting:
        dispatch(job)
    return len(waiting)


def _ensure_latest(kind: str, job: dict) -> None:
    moment = latest_moment(job["schedule"], now())
    if moment is None:
        return
    row, _ = JobRun.objects.get_or_create(
        kind=kind,
        key=key_of(job["schedule"], moment),
        defaults={"scheduled_for": moment},
    )
    if job.get("ensure") and row.state == State.DEAD:
        _revive(row)


def _revive(row: JobRun) -> None:
    """A night given up is tried afresh an hour later."""
    JobRun.objects.filter(
        pk=row.pk, state=State.DEAD, finished_at__lt=now() - ENSURE_PAUSE
    ).update(state=State.WAITING, attempts=0, lease_until=None, finished_at=None)


def give_up_worn_out() -> int:
    """Jobs whose worker died at the last attempt, too, are dead; returns how many."""
    worn = JobRun.objects.filter(
        state=State.RUNNING, attempts__gte=MAX_ATTEMPTS, lease_until__lt=now()
    )
    return worn.update(
        state=State.DEAD,
        lease_until=None,
        finished_at=now(),
        error="The worker ended each time before the job was done.",
    )


def reap_job(job: JobRun) -> dict:
    """Gives up worn-out jobs and deletes old finished rows. The handler of `reap`."""
    finished = JobRun.objects.filter(state__in=[State.DONE, State.DEAD])
    old = finished.filter(finished_at__lt=now() - KEEP)
    old_reaps = finished.filter(kind="reap", finished_at__lt=now() - KEEP_REAP)
    return {
        "given_up": give_up_worn_out(),
        "deleted": old.delete()[0] + old_reaps.delete()[0],
    }
