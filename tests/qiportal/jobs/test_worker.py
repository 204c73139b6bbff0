"""A real worker, a real broker: messages are hints, rows are the truth."""

import pytest

from qiportal.jobs import dispatch
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import job_ask
from tests.qiportal.conftest import wait_for

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def done(job):
    job.refresh_from_db()
    return job.state == JobRun.State.DONE


def test_the_worker_runs_what_is_asked_for(worker):
    job = job_ask(kind="reap", key="asked")
    wait_for(lambda: done(job))
    assert job.stats == {"given_up": 0, "deleted": 0}


def test_ten_messages_are_one_run(worker):
    job = job_ask(kind="reap", key="ten")
    for _ in range(10):
        assert dispatch.publish(job.pk)
    last = job_ask(kind="reap", key="after")
    wait_for(lambda: done(last))
    assert done(job)
    assert job.attempts == 1


def test_a_message_that_was_lost_is_found_by_the_next_tick(worker):
    job = JobRun.objects.create(
        kind="reap", key="lost", scheduled_for="2026-01-01T00:00:00Z"
    )
    assert dispatch.publish(0)
    wait_for(lambda: done(job))
