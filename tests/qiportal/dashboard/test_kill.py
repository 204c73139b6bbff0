"""kill -9 in the middle of a rollup: readers never see a part, recovery is complete."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections

from qiportal.core.dates import now, today
from qiportal.dashboard.models import IndicatorSnapshot, PublishedRun, RollupRun
from qiportal.dashboard.services import rollup
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import job_ask, run_job, tick
from tests.factories import CycleFactory, ProjectFactory, RampFactory
from tests.qiportal.conftest import wait_for
from tests.qiportal.processes import environment

pytestmark = pytest.mark.django_db(transaction=True)


class Reader(threading.Thread):
    """Ten times a second: the published run, whole or not at all."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen, self.broken, self.ending = set(), [], threading.Event()

    def run(self):
        while not self.ending.wait(0.1):
            self.look()
        connections.close_all()

    def look(self):
        run = PublishedRun.objects.select_related("run").get().run
        rows = IndicatorSnapshot.objects.filter(run=run).count()
        self.seen.add(run.pk)
        if run.state != "published" or rows != run.rows:
            self.broken.append((run.pk, run.state, rows, run.rows))


@pytest.fixture
def reader():
    thread = Reader()
    yield thread
    thread.ending.set()
    thread.join()


@pytest.fixture
def busy_trust(ward, other_ward, lead):
    for unit in (ward, other_ward):
        for _ in range(3):
            ramp = RampFactory(project=ProjectFactory(unit=unit, created_by=lead))
            begun = now() - timedelta(days=1)
            CycleFactory(
                ramp=ramp, number=1, plan_started_at=begun, do_started_at=begun
            )


def part_of_a_run():
    """The unfinished run, once some of its figures are there."""
    return RollupRun.objects.filter(state="computing", snapshots__isnull=False).exists()


@contextmanager
def one_job(job, slow):
    """A process that runs one job, slowly; never outlives the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.qiportal.processes", str(job.pk)],
        env=environment(QI_SLOW=str(slow)),
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def leases_run_out():
    """What three minutes of waiting would bring."""
    past = now() - timedelta(minutes=4)
    JobRun.objects.filter(state="running").update(lease_until=past)
    RollupRun.objects.filter(state="computing").update(heartbeat=past)


def figures(run):
    columns = ("indicator", "unit", "subgroup", "period_start", "numerator", "n")
    return sorted(map(str, run.snapshots.values_list(*columns)))


def assert_recovered(job, first, reader):
    reader.look()
    reader.ending.set()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    published = RollupRun.objects.filter(state="published").exclude(pk=first.pk).get()
    assert PublishedRun.objects.get().run == published
    assert not RollupRun.objects.filter(state="computing").exists()
    assert figures(published) == figures(first)
    assert reader.broken == []
    assert reader.seen == {first.pk, published.pk}


def test_a_killed_process_leaves_the_old_run_and_the_next_one_is_whole(
    busy_trust, reader, tmp_path
):
    first = rollup()
    slow = tmp_path / "slow"
    slow.touch()
    job = JobRun.objects.create(
        kind="rollup", key=today().isoformat(), scheduled_for=now()
    )
    reader.start()
    with one_job(job, slow) as process:
        wait_for(part_of_a_run)
        time.sleep(0.5)
        process.kill()
    assert PublishedRun.objects.get().run == first
    assert run_job(job.pk) is None  # its lease still holds
    leases_run_out()
    wait_for(lambda: run_job(job.pk))
    assert_recovered(job, first, reader)


@pytest.mark.worker
def test_a_killed_worker_is_replaced_and_the_night_is_whole(worker, busy_trust, reader):
    first = rollup()
    worker.slow.touch()
    reader.start()
    job = job_ask(kind="rollup", key=today().isoformat())
    wait_for(part_of_a_run)
    worker.kill()
    worker.slow.unlink()
    assert PublishedRun.objects.get().run == first
    leases_run_out()
    worker.start()
    tick()
    wait_for(lambda: JobRun.objects.get(pk=job.pk).state == "done")
    assert_recovered(job, first, reader)


def test_this_test_file_runs_on_a_file_or_a_server():
    """In-memory databases cannot be shared with another process."""
    assert ":memory:" not in str(connection.settings_dict["NAME"])
