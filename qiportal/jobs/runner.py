"""Running one job: claim it, call its handler, record what came of it."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from qiportal.jobs.leases import LeaseLost, bury, claim, fail, finish
from qiportal.jobs.models import JobRun

log = logging.getLogger(__name__)


class JobProblem(Exception):
    """A handler's failure in words fit to show: no personal text."""


def handler_of(kind: str) -> Callable[[JobRun], dict | None]:
    """The service behind a kind. Raises JobProblem for an unknown one."""
    try:
        return import_string(settings.JOBS[kind]["handler"])
    except (KeyError, ImportError) as error:
        raise JobProblem(f"Nothing can do jobs of the kind {kind}.") from error


def run_job(job_id: int) -> JobRun | None:
    """Runs a job if it is due and nobody else has it; returns the row as it ends.

    None means it was not this caller's to run. Never raises for a failing handler:
    the row says what went wrong and when it is tried again.
    """
    job = claim(job_id)
    if job is None:
        return None
    try:
        _run(job)
    except LeaseLost:
        log.warning("job %s: lease lost, result dropped", job.pk)
        return None
    return job


def _run(job: JobRun) -> None:
    try:
        handler = handler_of(job.kind)
    except JobProblem as problem:
        bury(job, str(problem))
        return
    try:
        stats = handler(job)
    except LeaseLost:
        raise
    except JobProblem as problem:
        fail(job, str(problem))
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is recorded
        log.error("job %s (%s) failed: %s", job.pk, job.kind, trace(error))
        fail(job, describe(error))
    else:
        finish(job, stats or {})


def describe(error: BaseException) -> str:
    """Class and place of a failure. Its message is left out: it may quote a row."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    place = f" in {Path(last.filename).name}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{place}"


def trace(error: BaseException) -> str:
    """The way to a failure for the log: files and lines, no message, no values."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n  ".join([type(error).__name__, *steps])
