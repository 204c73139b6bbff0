"""Computing a run, publishing it, and keeping the runs that matter."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from pdsa.services.rebuild import measure_states_rebuild
from qiportal.accounts.audit import audit_record
from qiportal.core.dates import now, today
from qiportal.dashboard.compute import Workshop
from qiportal.dashboard.engine import rollup_lock, snapshots_write
from qiportal.dashboard.indicators import indicators
from qiportal.dashboard.leaves.base import window_until
from qiportal.dashboard.models import BoardPack, PublishedRun, RollupRun
from qiportal.dashboard.selectors import month_end_rows, published
from qiportal.dashboard.tree import Forest
from qiportal.jobs.models import JobRun
from qiportal.jobs.runner import describe, trace
from qiportal.jobs.services import JobProblem, heartbeat
from qiportal.organisation.models import Unit, UnitPlacement

log = logging.getLogger(__name__)

BATCH = 5000
LEASE = timedelta(minutes=3)
KEEP_RUNS = 14
ACTOR = "system:rollup"
State = RollupRun.State


class RollupBusy(Exception):
    """Another process is computing a run now."""


def rollup_job(job: JobRun) -> dict:
    """The night's handler: one published run for the job's date, however often asked.

    Raises JobProblem while another process computes: the job is then tried again.
    """
    night = date.fromisoformat(job.key[:10])  # asked for by hand: the time follows
    current = published()
    if (
        current
        and current.run.as_of >= night
        and current.published_at >= job.created_at
    ):
        return {"run": current.run_id, "already_published": True}
    try:
        run = rollup(job=job)
    except RollupBusy as busy:
        raise JobProblem("Another run is being computed.") from busy
    return {"run": run.pk, "rows": run.rows, "state": run.state}


def rollup(*, as_of: date | None = None, job: JobRun | None = None) -> RollupRun:
    """Computes all indicators as of a day (today) and publishes them.

    Figures are written under the run's id, where nobody reads them, and appear at once
    when the pointer flips. A run of a day before the published one stays "ready".
    Raises RollupBusy; RollupRefused or UnsafeFigures when a check fails (the run is
    then "failed" and the published one stays).
    """
    with rollup_lock() as won:
        if not won:
            raise RollupBusy
        run = run_open(as_of=as_of or today())
        try:
            run_compute(run=run, job=job)
        except Exception as error:
            run_fail(run=run, error=describe(error))
            raise
        run_publish(run=run)
        runs_thin()
    return run


@transaction.atomic
def run_open(*, as_of: date) -> RollupRun:
    """A new attempt for the day. What a killed process left behind is deleted.

    Raises RollupBusy while another attempt still shows signs of life; where the engine
    has a lock of its own, whoever holds it knows that no other one lives.
    """
    unfinished = RollupRun.objects.filter(state=State.COMPUTING)
    if settings.SQLITE and unfinished.filter(heartbeat__gt=now() - LEASE).exists():
        raise RollupBusy
    unfinished.delete()
    attempts = RollupRun.objects.filter(as_of=as_of).aggregate(last=Max("attempt"))
    return RollupRun.objects.create(
        as_of=as_of,
        attempt=(attempts["last"] or 0) + 1,
        started_at=now(),
        heartbeat=now(),
        code_version=settings.VERSION,
    )


def run_compute(*, run: RollupRun, job: JobRun | None = None) -> None:
    """Writes every figure under the run, batch by batch, and notes times and counts."""
    timings: dict[str, float] = {}
    if run.as_of >= today():
        with timed(timings, "series"):
            run.stats = {"series": measure_states_rebuild()}
        run_beat(run=run, job=job)
    with timed(timings, "tree"):
        workshop = _workshop(run.as_of)
    skipped: dict[str, str] = {}
    rows = _rows(workshop, timings, skipped)
    while batch := list(islice(rows, BATCH)):
        with timed(timings, "write"):
            snapshots_write(run.pk, batch)
        run.rows += len(batch)
        run_beat(run=run, job=job)
    run.stats = {**run.stats, "skipped": skipped}
    run.timings = {step: round(seconds, 3) for step, seconds in timings.items()}
    run.save(update_fields=["rows", "timings", "stats"])


def _workshop(as_of: date) -> Workshop:
    places = UnitPlacement.objects.values_list("unit_id", "valid_from", "path")
    codes = dict(Unit.objects.values_list("pk", "code"))
    return Workshop(window_until(as_of), Forest(places), codes)


def _rows(
    workshop: Workshop, timings: dict[str, float], skipped: dict[str, str]
) -> Iterator[tuple]:
    """All figures. An indicator whose rows cannot be read is skipped and named.

    A failed check is no such case: it says that figures are wrong, and ends the run.
    """
    nothing_to_count = not len(workshop.forest.units)
    for indicator in () if nothing_to_count else indicators():
        try:
            with timed(timings, indicator.code):
                found = list(workshop.figures(indicator))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            log.error("%s skipped: %s", indicator.code, trace(error))
            skipped[indicator.code] = describe(error)
            continue
        for facts in found:
            yield from facts.rows()
        if indicator.frozen:
            yield from month_end_rows(indicator.code, workshop.window.months[:-1])


@contextmanager
def timed(timings: dict[str, float], step: str) -> Iterator[None]:
    """Adds the seconds a block takes to `timings[step]`."""
    began = time.perf_counter()
    yield
    timings[step] = timings.get(step, 0.0) + time.perf_counter() - began


def run_beat(*, run: RollupRun, job: JobRun | None = None) -> None:
    """A sign of life of the run, and of the job behind it if there is one."""
    run.heartbeat = now()
    RollupRun.objects.filter(pk=run.pk).update(heartbeat=run.heartbeat)
    heartbeat(job)


def run_fail(*, run: RollupRun, error: str) -> None:
    """Keeps the failed attempt's row for the ledger, without its figures."""
    run.snapshots.all().delete()
    run.state, run.error, run.rows = State.FAILED, error, 0
    run.save(update_fields=["state", "error", "rows"])


@transaction.atomic
def run_publish(*, run: RollupRun) -> bool:
    """Flips the pointer to the run; False, and "ready", for a day that is past."""
    pointer = PublishedRun.objects.select_for_update().select_related("run").first()
    if pointer and pointer.run.as_of > run.as_of:
        run.state = State.READY
        run.save(update_fields=["state"])
        return False
    run.state = State.PUBLISHED
    run.save(update_fields=["state"])
    PublishedRun.objects.update_or_create(
        id=1, defaults={"run": run, "published_at": now()}
    )
    audit_record(
        type="rollup.published",
        target=run,
        by=ACTOR,
        old={"run": pointer.run_id if pointer else None},
        new={"run": run.pk, "as_of": run.as_of, "rows": run.rows},
    )
    return True


def runs_thin() -> int:
    """Deletes runs nobody needs: all but the newest 14, month ends and board packs."""
    runs = RollupRun.objects.exclude(state=State.COMPUTING)
    done = list(
        runs.filter(state=State.PUBLISHED).order_by("-id").values_list("pk", "as_of")
    )
    month_ends: dict[tuple[int, int], int] = {}
    for pk, day in done:
        month_ends.setdefault((day.year, day.month), pk)
    keep = {pk for pk, _ in done[:KEEP_RUNS]} | set(month_ends.values())
    keep |= set(BoardPack.objects.values_list("run_id", flat=True))
    newest = runs.order_by("-id").values_list("pk", flat=True)[:KEEP_RUNS]
    keep |= set(newest)
    return runs.exclude(pk__in=keep).delete()[0]
