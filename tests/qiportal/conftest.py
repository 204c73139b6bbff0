"""One real Celery worker per pytest process, on its own queue and the test database."""

import os
import signal
import subprocess
import sys
import time

import pytest

from qiportal.jobs.models import JobRun
from tests.qiportal.processes import environment


def wait_for(condition, seconds=180):
    """Polls until `condition()` is true; fails the test when it never is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")


class Worker:
    """A Celery worker in its own process group, so that it can be killed whole."""

    def __init__(self, folder):
        self.queue = f"test-{os.getpid()}"
        self.slow = folder / "slow"
        self.process = None

    def start(self):
        env = environment(CELERY_QUEUE=self.queue, QI_SLOW=str(self.slow))
        celery = [sys.executable, "-m", "celery", "--app=tests.qiportal.processes:app"]
        options = ["--concurrency=1", "--without-gossip", "--without-mingle", "-lERROR"]
        self.process = subprocess.Popen(
            [*celery, "worker", "--queues", self.queue, *options],
            env=env,
            start_new_session=True,
        )

    def kill(self):
        """kill -9 of the worker and its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ensure(self):
        if self.process is None or self.process.poll() is not None:
            self.start()


@pytest.fixture(scope="session")
def _worker(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        worker = Worker(tmp_path_factory.mktemp("worker"))
        yield worker
    if worker.process and worker.process.poll() is None:
        worker.kill()


@pytest.fixture
def worker(_worker, transactional_db, settings):
    """A living worker; jobs asked for in the test reach it through the broker."""
    if not settings.CELERY_BROKER_URL:
        pytest.skip("no CELERY_BROKER_URL: there is no broker to test with")
    settings.JOBS_START = "celery"
    settings.CELERY_TASK_DEFAULT_QUEUE = _worker.queue
    _worker.slow.unlink(missing_ok=True)
    _worker.ensure()
    yield _worker
    wait_for(is_idle)


def is_idle():
    """No job is under way that could write into the next test's database."""
    return not JobRun.objects.filter(state__in=["waiting", "running"]).exists()
