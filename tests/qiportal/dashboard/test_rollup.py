"""A run is computed outside, checked, published at once, and thinned out later."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import add_months, now
from qiportal.dashboard import compute
from qiportal.dashboard.checks import RollupRefused
from qiportal.dashboard.engine import snapshots_write
from qiportal.dashboard.indicators import indicator_find
from qiportal.dashboard.models import (
    BoardPack,
    IndicatorSnapshot,
    PublishedRun,
    RollupRun,
)
from qiportal.dashboard.selectors import published_run
from qiportal.dashboard.services import (
    RollupBusy,
    rollup,
    rollup_job,
    run_open,
    run_publish,
    runs,
    runs_thin,
)
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import JobProblem, run_job
from tests.factories import (
    ApplicationFactory,
    CourseFactory,
    DataPointFactory,
    MeasureFactory,
    SessionFactory,
    UserFactory,
)
from training.models import Attendance

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-11-23T02:04:00Z", tick=False)


def course_run(ward, *, applications, attended, absent, places=24):
    """One session of 14 October with its applications and register."""
    starts = datetime(2026, 10, 14, 9, tzinfo=LONDON)
    session = SessionFactory(
        course=CourseFactory(owner=UserFactory(home_unit=ward)),
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        places=places,
        status="held",
    )
    outcomes = ["attended"] * attended + ["did_not_attend"] * absent
    for number in range(applications):
        row = ApplicationFactory(
            applicant=UserFactory(home_unit=ward),
            session=session,
            status="booked" if number < len(outcomes) else "waitlisted",
            month=OCTOBER,
            applied_at=datetime(2026, 10, 2, 9, tzinfo=LONDON),
        )
        if number < len(outcomes):
            Attendance.objects.create(
                application=row,
                outcome=outcomes[number],
                recorded_by=row.applicant,
                recorded_at=starts,
            )


def figure(run, code, unit, month=OCTOBER, subgroup=""):
    return IndicatorSnapshot.objects.get(
        run=run, indicator=code, unit=unit, period_start=month, subgroup=subgroup
    )


def test_the_worked_course_comes_out_as_in_the_handbook(trust, ward):
    course_run(ward, applications=61, attended=18, absent=4)
    run = rollup()
    attendance = figure(run, "training.attendance", trust)
    assert (attendance.numerator, attendance.denominator) == (18, 22)
    demand = figure(run, "training.demand", trust)
    assert round(demand.numerator / demand.denominator, 2) == Decimal("2.54")
    used = figure(run, "training.utilisation", trust)
    assert used.numerator / used.denominator == Decimal("0.75")
    assert figure(run, "training.attendance", ward).n == 22
    assert figure(run, "training.attendance", ward.parent).numerator == 18


def test_a_run_is_published_by_one_flip_and_audited(trust, ward):
    course_run(ward, applications=3, attended=2, absent=1)
    run = rollup()
    pointer = PublishedRun.objects.get()
    assert pointer.run == run == published_run()
    assert (run.state, run.as_of) == ("published", date(2026, 11, 23))
    assert pointer.published_at == now()
    assert run.rows == run.snapshots.count() > 0
    assert {"tree", "write", "training.attendance"} <= set(run.timings)
    event = AuditEvent.objects.get(type="rollup.published")
    assert (event.actor, event.new["run"]) == ("system:rollup", run.pk)


def test_the_same_night_twice_gives_the_same_figures_under_two_runs(trust, ward):
    course_run(ward, applications=5, attended=4, absent=1)
    first, second = rollup(), rollup()
    assert (first.attempt, second.attempt) == (1, 2)
    assert published_run() == second
    columns = ("indicator", "unit", "subgroup", "period_start", "numerator", "n")
    rows = [list(run.snapshots.values_list(*columns)) for run in (first, second)]
    assert sorted(map(str, rows[0])) == sorted(map(str, rows[1]))


def test_a_past_day_is_computed_but_never_published(trust, ward):
    current = rollup()
    old = rollup(as_of=date(2026, 10, 31))
    assert old.state == "ready"
    assert published_run() == current


def test_an_empty_trust_gives_an_empty_published_run(trust):
    run = rollup()
    assert (run.state, run.rows) == ("published", 0)


def test_no_trust_at_all_gives_an_empty_published_run():
    assert rollup().state == "published"


def test_a_failed_check_leaves_the_published_run_as_it_was(trust, ward, monkeypatch):
    good = rollup()

    def refuse(facts, leaves, forest):
        raise RollupRefused("training.attendance: wrong on purpose")

    monkeypatch.setattr(compute, "check_sums", refuse)
    course_run(ward, applications=3, attended=2, absent=1)
    with pytest.raises(RollupRefused):
        rollup()
    failed = RollupRun.objects.get(state="failed")
    assert failed.error.startswith("RollupRefused in test_rollup.py")
    assert (failed.rows, failed.snapshots.count()) == (0, 0)
    assert published_run() == good


def test_what_a_killed_process_left_is_deleted_and_redone(trust, ward):
    dead = run_open(as_of=date(2026, 11, 23))
    snapshots_write(dead.pk, [("a.b", trust.pk, "", OCTOBER, 1.0, None, None, 1.0, "")])
    RollupRun.objects.update(heartbeat=now() - timedelta(minutes=4))
    run = rollup()
    assert not RollupRun.objects.filter(pk=dead.pk).exists()
    assert set(IndicatorSnapshot.objects.values_list("run", flat=True)) <= {run.pk}


def test_a_run_that_still_beats_is_not_disturbed(settings):
    settings.SQLITE = True
    run_open(as_of=date(2026, 11, 23))
    with pytest.raises(RollupBusy):
        run_open(as_of=date(2026, 11, 23))


def night(**fields):
    fields = {"key": "2026-11-23", "scheduled_for": now(), **fields}
    return JobRun.objects.create(kind="rollup", **fields)


def test_the_night_job_publishes_once_however_often_it_is_asked(trust):
    job = night()
    assert run_job(job.pk).stats["state"] == "published"
    again = night(key="2026-11-22", scheduled_for=now() - timedelta(days=1))
    assert run_job(again.pk).stats["already_published"] is True
    assert RollupRun.objects.count() == 1


def test_the_job_waits_while_another_process_computes(settings):
    settings.SQLITE = True
    run_open(as_of=date(2026, 11, 23))
    with pytest.raises(JobProblem, match="Another run is being computed"):
        rollup_job(night())


def published_on(day, attempt=1):
    run = RollupRun.objects.create(
        as_of=day, attempt=attempt, started_at=now(), heartbeat=now(), code_version="1"
    )
    run_publish(run=run)
    return run


def test_the_last_fourteen_runs_month_ends_and_packs_are_kept(qi_team):
    runs = [published_on(date(2026, 8, 20) + timedelta(days=n)) for n in range(60)]
    BoardPack.objects.create(
        run=runs[0], title="August", payload={}, sha256="0" * 64, made_by=qi_team
    )
    assert runs_thin() > 0
    kept = list(RollupRun.objects.order_by("as_of").values_list("as_of", flat=True))
    assert kept[:3] == [date(2026, 8, 20), date(2026, 8, 31), date(2026, 9, 30)]
    assert kept[3:] == [date(2026, 10, 5) + timedelta(days=n) for n in range(14)]


def test_an_earlier_attempt_of_a_month_end_goes(trust):
    first = published_on(date(2026, 8, 31))
    published_on(date(2026, 8, 31), attempt=2)
    for n in range(20):
        published_on(date(2026, 9, 1) + timedelta(days=n))
    runs_thin()
    assert not RollupRun.objects.filter(pk=first.pk).exists()
    assert RollupRun.objects.filter(as_of=date(2026, 8, 31)).count() == 1


def test_an_indicator_that_cannot_be_read_is_skipped_named_and_shown(
    trust, ward, monkeypatch, client, frontline
):
    def poisoned(window):
        raise ValueError("a row that makes no sense")

    broken = replace(indicator_find("training.attendance"), leaf_rows=poisoned)
    sound = indicator_find("training.demand")
    monkeypatch.setattr(runs, "indicators", lambda: (broken, sound))
    course_run(ward, applications=3, attended=2, absent=1)
    run = rollup()
    assert run.state == "published"
    assert list(run.stats["skipped"]) == ["training.attendance"]
    assert run.stats["skipped"]["training.attendance"].startswith("ValueError in")
    assert figure(run, "training.demand", trust).numerator == 3
    client.force_login(frontline)
    page = client.get("/board/").content.decode()
    assert "Could not be calculated last night: Training attendance." in page


def test_icons_of_past_months_come_from_the_run_that_closed_each(
    trust, ward, project, time_machine
):
    measure = MeasureFactory(project=project, chart_type="xmr")
    for n in range(14):
        DataPointFactory(
            measure=measure, period_start=add_months(OCTOBER, -n), numerator=5 + n % 2
        )
    time_machine.move_to("2026-10-31T02:00:00Z", tick=False)
    rollup()
    time_machine.move_to("2026-11-23T02:00:00Z", tick=False)
    DataPointFactory(measure=measure, period_start=date(2026, 11, 1), numerator=90)
    rollup()
    run = rollup()  # again: a copy is never copied twice
    found = run.snapshots.filter(indicator="measures.icons", unit=trust)
    assert sorted(found.values_list("period_start", "subgroup", "numerator")) == [
        (OCTOBER, "common_cause", 1),
        (date(2026, 11, 1), "concern_high", 1),
    ]
