"""Claiming, running, failing, giving up."""

import logging
from datetime import timedelta

import pytest

from qiportal.core.dates import now
from qiportal.jobs.leases import PAUSES, LeaseLost, claim, finish, renew
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import (
    due_jobs,
    give_up_worn_out,
    heartbeat,
    reap_job,
    run_job,
)
from tests.qiportal.jobs.handlers import JOBS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.JOBS = JOBS


def job(kind="good", **fields):
    fields = {"key": "a", "scheduled_for": now(), **fields}
    return JobRun.objects.create(kind=kind, **fields)


def minutes(number):
    return timedelta(minutes=number)


def test_a_job_runs_and_keeps_what_it_found():
    row = run_job(job().pk)
    row.refresh_from_db()
    assert (row.state, row.stats, row.attempts) == ("done", {"rows": 3}, 1)
    assert row.lease_until is None
    assert row.finished_at is not None


def test_a_handler_may_return_nothing():
    assert run_job(job("silent").pk).stats == {}


def test_a_done_job_is_not_run_again():
    row = job()
    run_job(row.pk)
    assert run_job(row.pk) is None


def test_only_one_of_two_callers_gets_a_job():
    row = job()
    assert claim(row.pk).attempts == 1
    assert claim(row.pk) is None


def test_a_job_of_tomorrow_is_not_run_today():
    assert run_job(job(scheduled_for=now() + minutes(5)).pk) is None


def test_a_lease_lasts_three_minutes_and_is_renewed_by_the_heartbeat(time_machine):
    time_machine.move_to("2026-11-23T02:00:00Z", tick=False)
    row = claim(job().pk)
    assert row.lease_until == now() + minutes(3)
    time_machine.shift(120)
    heartbeat(row)
    row.refresh_from_db()
    assert row.lease_until == now() + minutes(3)


def test_after_the_lease_another_worker_takes_over_and_the_first_cannot_write(
    time_machine,
):
    time_machine.move_to("2026-11-23T02:00:00Z", tick=False)
    first = claim(job().pk)
    time_machine.shift(181)
    second = claim(first.pk)
    assert second.attempts == 2
    with pytest.raises(LeaseLost):
        renew(first)
    with pytest.raises(LeaseLost):
        finish(first, {})
    finish(second, {"rows": 1})
    assert JobRun.objects.get().stats == {"rows": 1}


def test_a_worker_that_lost_its_lease_leaves_the_row_alone():
    row = job("robbed")
    assert run_job(row.pk) is None
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("running", 2, "")


def test_a_failure_is_tried_again_after_growing_pauses_then_given_up(time_machine):
    time_machine.move_to("2026-11-23T02:00:00Z", tick=False)
    row = job("broken")
    for pause in (1, 2, 4, 8):
        failed = run_job(row.pk)
        assert failed.state == "failed"
        assert failed.lease_until == now() + minutes(pause)
        assert run_job(row.pk) is None
        time_machine.shift(pause * 60 + 1)
    assert run_job(row.pk).state == "dead"
    assert list(due_jobs()) == []
    assert len(PAUSES) == 4


def test_an_error_names_class_and_place_but_no_text(caplog):
    with caplog.at_level(logging.ERROR):
        failed = run_job(job("broken").pk)
    assert failed.error.startswith("ValueError in handlers.py:")
    assert "Smith" not in failed.error + caplog.text
    assert "handlers.py" in caplog.text


def test_a_handler_may_say_in_plain_words_what_is_wrong():
    failed = run_job(job("refusing").pk)
    assert failed.error == "The file is gone. Upload it again."
    assert failed.state == "failed"


@pytest.mark.parametrize("kind", ["homeless", "unheard-of"])
def test_a_kind_nobody_can_do_is_given_up_at_once(kind):
    row = run_job(job(kind).pk)
    assert row.state == "dead"
    assert row.error == f"Nothing can do jobs of the kind {kind}."


def test_a_worker_that_dies_five_times_takes_its_job_with_it(time_machine):
    time_machine.move_to("2026-11-23T02:00:00Z", tick=False)
    row = job()
    for _ in range(5):
        assert claim(row.pk)
        time_machine.shift(181)
    assert claim(row.pk) is None
    assert give_up_worn_out() == 1
    row.refresh_from_db()
    assert row.state == "dead"
    assert row.error == "The worker ended each time before the job was done."


def test_a_heartbeat_without_a_job_is_allowed():
    assert heartbeat(None) is None


def test_reaping_deletes_old_finished_rows_only(time_machine):
    time_machine.move_to("2026-11-23T02:00:00Z", tick=False)
    old, week = now() - timedelta(days=91), now() - timedelta(days=7)
    job(key="old", state="done", finished_at=old)
    job(key="old and waiting", state="waiting", scheduled_for=old)
    job(key="week", state="dead", finished_at=week)
    job("reap", key="reaped last week", state="done", finished_at=week)
    job("reap", key="reaped now", state="done", finished_at=now())
    assert reap_job(job("reap", key="this")) == {"given_up": 0, "deleted": 2}
    kept = {"old and waiting", "week", "reaped now", "this"}
    assert set(JobRun.objects.values_list("key", flat=True)) == kept
