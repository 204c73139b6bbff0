"""Asking for work, the clock's beat, and how a job is started."""

from datetime import timedelta

import pytest
from celery import Celery
from django.core.cache import cache
from kombu.exceptions import OperationalError

from qiportal.core.dates import now
from qiportal.jobs import dispatch as sending
from qiportal.jobs.models import JobRun
from qiportal.jobs.scheduler import Scheduler
from qiportal.jobs.services import job_ask, tick
from qiportal.jobs.tasks import jobs_run
from tests.qiportal.jobs.handlers import JOBS

NIGHT = {
    "handler": "tests.qiportal.jobs.handlers.good",
    "schedule": {"hour": 2, "minute": 0},
}


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.JOBS = JOBS
    cache.clear()


@pytest.fixture
def nightly(settings):
    settings.JOBS = {"night": NIGHT}


def states():
    return list(JobRun.objects.order_by("id").values_list("key", "state"))


@pytest.mark.django_db
def test_asking_twice_is_one_job(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = job_ask(kind="good", key="batch 7", requested_by="ben@example.nhs.uk")
    with django_capture_on_commit_callbacks(execute=True) as later:
        again = job_ask(kind="good", key="batch 7")
    assert again.pk == first.pk
    assert (again.state, again.attempts) == ("done", 1)
    assert again.requested_by == "ben@example.nhs.uk"
    assert later == []


@pytest.mark.django_db
def test_nothing_starts_before_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job_ask(kind="good", key="a")
        assert states() == [("a", "waiting")]
    assert len(callbacks) == 1


@pytest.mark.django_db
def test_a_job_for_later_waits(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job_ask(kind="good", key="a", scheduled_for=now() + timedelta(hours=1))
    assert states() == [("a", "waiting")]


@pytest.mark.django_db
def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no jobs of the kind fly"):
        job_ask(kind="fly", key="a")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("evening", "nights"),
    [
        ("2026-03-28T23:00:00Z", ["2026-03-28", "2026-03-29"]),
        ("2026-10-24T23:00:00Z", ["2026-10-24", "2026-10-25"]),
        ("2026-11-22T23:00:00Z", ["2026-11-22", "2026-11-23"]),
    ],
)
def test_the_night_job_runs_once_a_night_whatever_the_clocks_do(
    evening, nights, nightly, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to(evening, tick=False)
    for _ in range(12 * 6):
        with django_capture_on_commit_callbacks(execute=True):
            tick()
        time_machine.shift(300)
    assert states() == [(night, "done") for night in nights]
    assert set(JobRun.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db
def test_a_clock_set_back_makes_no_second_night(
    nightly, time_machine, django_capture_on_commit_callbacks
):
    for moment in ("2026-11-23T02:05:00Z", "2026-11-23T00:30:00Z", "2026-11-23T02:01Z"):
        time_machine.move_to(moment, tick=False)
        with django_capture_on_commit_callbacks(execute=True):
            tick()
    assert ("2026-11-23", "done") in states()
    assert [key for key, _ in states()].count("2026-11-23") == 1


@pytest.mark.django_db
def test_a_host_that_was_off_for_days_catches_up_the_last_night_only(
    nightly, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to("2026-11-23T14:00:00Z", tick=False)
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    assert states() == [("2026-11-23", "done")]


@pytest.mark.django_db
@pytest.mark.parametrize(("ensured", "after"), [(True, "done"), (False, "dead")])
def test_a_night_given_up_is_asked_for_again_an_hour_later_if_it_must_be(
    ensured, after, settings, time_machine, django_capture_on_commit_callbacks
):
    settings.JOBS = {"night": {**NIGHT, "ensure": ensured}}
    time_machine.move_to("2026-11-23T03:00:00Z", tick=False)
    JobRun.objects.create(
        kind="night",
        key="2026-11-23",
        scheduled_for=now(),
        state="dead",
        attempts=5,
        finished_at=now(),
    )
    time_machine.shift(1800)
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    assert states() == [("2026-11-23", "dead")]
    time_machine.shift(1801)
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    assert states() == [("2026-11-23", after)]


@pytest.mark.django_db
def test_the_clock_picks_up_what_a_dead_worker_left(
    settings, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    JobRun.objects.create(
        kind="good",
        key="left",
        scheduled_for=now(),
        state="running",
        attempts=1,
        lease_until=now() + timedelta(minutes=3),
    )
    for seconds, started in ((0, 0), (181, 1), (0, 0)):
        time_machine.shift(seconds)
        with django_capture_on_commit_callbacks(execute=True):
            assert tick() == started
    assert states() == [("left", "done")]


@pytest.mark.django_db
def test_the_task_runs_one_job_or_whatever_is_due(
    nightly, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    row = JobRun.objects.create(kind="night", key="x", scheduled_for=now())
    jobs_run(row.pk)
    assert states() == [("x", "done")]
    with django_capture_on_commit_callbacks(execute=True):
        jobs_run(0)
    assert states() == [("x", "done"), ("2026-11-23", "done")]


class Broker:
    """Stands in for the network: counts messages, or refuses them."""

    def __init__(self, refuses=False):
        self.refuses, self.sent = refuses, []

    def send_task(self, name, args, queue, retry):
        if self.refuses:
            raise OperationalError("connection refused")
        self.sent.append((name, args, queue, retry))


def test_a_message_holds_the_jobs_number_and_is_never_retried(monkeypatch):
    broker = Broker()
    monkeypatch.setattr(sending, "app", broker)
    assert sending.publish(7) is True
    assert broker.sent == [("jobs.run", [7], "qiportal", False)]


def test_after_a_failed_message_none_is_tried_for_a_minute(monkeypatch):
    down, up = Broker(refuses=True), Broker()
    monkeypatch.setattr(sending, "app", down)
    assert sending.publish(7) is False
    monkeypatch.setattr(sending, "app", up)
    assert sending.publish(7) is False
    assert up.sent == []
    cache.delete(sending.BROKER_DOWN)
    assert sending.publish(7) is True


@pytest.mark.django_db(transaction=True)
def test_a_stopped_broker_fails_no_request_and_leaves_the_row(settings, monkeypatch):
    settings.JOBS_START = "celery"
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # it would win
    stopped = Celery("stopped", broker="redis://127.0.0.1:1/0", set_as_current=False)
    stopped.conf.broker_transport_options = settings.BROKER_LIMITS
    monkeypatch.setattr(sending, "app", stopped)
    row = job_ask(kind="good", key="a")
    assert cache.get(sending.BROKER_DOWN) is True
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_one_thread_of_this_process_runs_the_job(settings):
    settings.JOBS_START = "thread"
    row = job_ask(kind="good", key="a")
    sending.submit(0).result(timeout=20)  # queued behind the job: now it is done
    row.refresh_from_db()
    assert (row.state, row.stats) == ("done", {"rows": 3})


def test_the_scheduler_thread_ticks_at_once_and_stops_when_told(monkeypatch):
    beats = []
    monkeypatch.setattr("qiportal.jobs.scheduler.tick", lambda: beats.append(1))
    clock = Scheduler(interval=60)
    assert clock.daemon
    clock.stop()
    assert beats == []
    clock = Scheduler(interval=0)
    clock.start()
    while not beats:
        pass
    clock.stop()
    assert not clock.is_alive()


def test_a_clock_that_cannot_tick_goes_on(monkeypatch, caplog):
    def locked():
        raise OSError("disk full at /srv/private")

    monkeypatch.setattr("qiportal.jobs.scheduler.tick", locked)
    Scheduler().tick_safely()
    assert "the clock could not tick: OSError" in caplog.text
    assert "private" not in caplog.text
