"""Telling somebody that a job waits. The row is the truth; a lost message is no loss.

With a broker the job's id is published; without one a single thread of this process
runs it. Publishing that failed is not tried again for a minute, so that a stopped
broker slows nobody down: the next tick finds the row.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache as kept
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction
from kombu.exceptions import OperationalError

from qiportal.celery import app
from qiportal.jobs.models import JobRun
from qiportal.jobs.runner import run_job, trace

log = logging.getLogger(__name__)

BROKER_DOWN = "jobs:broker-down"
SILENCE_S = 60


def dispatch(job: JobRun) -> None:
    """Has the job looked at once the current transaction is committed."""
    start = {"celery": publish, "thread": submit, "inline": run_job}
    transaction.on_commit(partial(start[settings.JOBS_START], job.pk))


def publish(job_id: int) -> bool:
    """Sends "look at job N"; False when the broker cannot be reached."""
    if cache.get(BROKER_DOWN):
        return False
    try:
        queue = settings.CELERY_TASK_DEFAULT_QUEUE
        app.send_task("jobs.run", args=[job_id], queue=queue, retry=False)
    except (OperationalError, OSError) as error:
        cache.set(BROKER_DOWN, True, SILENCE_S)
        log.warning("job %s not published: %s", job_id, type(error).__name__)
        return False
    return True


@kept
def executor() -> ThreadPoolExecutor:
    """The one thread of this process that runs jobs."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs")


def submit(job_id: int) -> Future:
    """Queues the job for this process's thread."""
    return executor().submit(_run_alone, job_id)


def _run_alone(job_id: int) -> None:
    try:
        run_job(job_id)
    except Exception as error:  # noqa: BLE001 - the thread must go on
        log.error("job %s could not be run: %s", job_id, trace(error))
    finally:
        connections.close_all()
