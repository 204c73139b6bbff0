"""Handlers that only tests name in settings.JOBS."""

from datetime import timedelta

from qiportal.core.dates import now
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import JobProblem, heartbeat

JOBS = {
    "good": {"handler": "tests.qiportal.jobs.handlers.good"},
    "silent": {"handler": "tests.qiportal.jobs.handlers.silent"},
    "broken": {"handler": "tests.qiportal.jobs.handlers.broken"},
    "refusing": {"handler": "tests.qiportal.jobs.handlers.refusing"},
    "robbed": {"handler": "tests.qiportal.jobs.handlers.robbed"},
    "homeless": {"handler": "tests.qiportal.jobs.handlers.nowhere"},
}


def good(job):
    heartbeat(job)
    return {"rows": 3}


def silent(job):
    return None


def broken(job):
    raise ValueError("Mrs Smith, 999 000 0018")


def refusing(job):
    raise JobProblem("The file is gone. Upload it again.")


def robbed(job):
    """While this one slept, its lease ran out and another worker began."""
    JobRun.objects.filter(pk=job.pk).update(
        attempts=job.attempts + 1, lease_until=now() + timedelta(minutes=3)
    )
    heartbeat(job)
