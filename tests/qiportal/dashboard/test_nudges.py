"""Nudges: at 21, 42 and 90 quiet days, for studies and numbers that are due."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pdsa.models import Cycle, MeasureState
from projects.models import Project, ProjectMember
from qiportal.accounts.models import AuditEvent, Notification
from qiportal.core.dates import LONDON, local_day, now, today
from qiportal.dashboard.nudges import overdue_nudges, still_going
from qiportal.dashboard.selectors.due import (
    following,
    quiet_step,
    study_due_on,
    value_due_on,
)
from qiportal.demo.factories import (
    CycleFactory,
    MeasureFactory,
    MemberFactory,
    ProjectFactory,
    RampFactory,
)
from qiportal.jobs.models import JobRun
from qiportal.jobs.schedules import field_values, moments_of
from qiportal.jobs.services import run_job
from tests.days import days_ago

pytestmark = pytest.mark.django_db


def quiet_for(project, days) -> None:
    Project.objects.filter(pk=project.pk).update(last_activity_at=days_ago(days))


def kinds_of(user) -> list[str]:
    rows = Notification.objects.filter(user=user, read_at=None).order_by("pk")
    return [row.kind for row in rows]


def measured(project, last_at=None, frequency="monthly", **more):
    measure = MeasureFactory(project=project, frequency=frequency, **more)
    MeasureState.objects.create(measure=measure, last_at=last_at)
    return measure


def begun(project, **fields) -> Cycle:
    moment = now() - timedelta(days=30)
    fields.setdefault("do_started_at", moment)
    return CycleFactory(
        ramp=RampFactory(project=project), plan_started_at=moment, **fields
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (20, None),
        (21, "three weeks"),
        (41, "three weeks"),
        (42, "six weeks"),
        (89, "six weeks"),
        (90, "three months"),
        (400, "three months"),
    ],
)
def test_quiet_project_asks_its_lead(days, words, project, lead):
    quiet_for(project, days)
    overdue_nudges()
    rows = Notification.objects.filter(user=lead)
    assert [row.title for row in rows] == (
        [f"Still going? Nothing new for {words}: {project.title}"] if words else []
    )


def test_each_step_is_told_once_and_replaces_the_one_before(project, lead):
    quiet_for(project, 21)
    told = []
    for days in range(75):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            told.append(overdue_nudges()["told"])
    assert [day for day, count in enumerate(told) if count] == [0, 21, 69]
    assert Notification.objects.count() == 3
    assert Notification.objects.get(read_at=None).title.startswith(
        "Still going? Nothing new for three months"
    )


def test_new_activity_starts_the_count_again(project, lead):
    quiet_for(project, 30)
    overdue_nudges()
    still_going(project=project, by=lead)
    assert kinds_of(lead) == []
    assert overdue_nudges() == {"due": 0, "told": 0, "settled": 0}
    with time_machine.travel(now() + timedelta(days=21), tick=False):
        assert overdue_nudges()["told"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"status": "resting"},
        {"is_public_data": True},
        {"deleted": True},
        {
            "status": "completed",
            "learning": "It worked.",
            "closed_on": date(2026, 1, 1),
            "closed_by": True,
        },
    ],
)
def test_nudges_stop_at_resting_and_take_back_the_old(change, project, lead):
    quiet_for(project, 60)
    begun(project, planned_end_on=today())
    measured(project, last_at=date(2020, 1, 1))
    assert overdue_nudges()["told"] == 3
    if change.pop("deleted", False):
        change |= {"deleted_at": now(), "deleted_by": lead}
    if change.get("closed_by"):
        change["closed_by"] = lead
    Project.objects.update(**change)
    assert overdue_nudges() == {"due": 0, "told": 0, "settled": 3}
    assert kinds_of(lead) == []


def test_an_idea_is_nudged_too(project, lead):
    Project.objects.update(status="idea")
    quiet_for(project, 21)
    assert overdue_nudges()["told"] == 1


def test_without_a_lead_all_who_write_are_asked(project, lead, frontline, stranger):
    ProjectMember.objects.filter(user=lead).update(left_on=today())
    MemberFactory(project=project, user=frontline)
    MemberFactory(project=project, user=stranger, relation="coach")
    quiet_for(project, 21)
    overdue_nudges()
    assert list(Notification.objects.values_list("user", flat=True)) == [frontline.pk]


def test_leavers_are_not_nudged(project, lead):
    lead.is_active = False
    lead.save()
    quiet_for(project, 21)
    assert overdue_nudges() == {"due": 1, "told": 0, "settled": 0}


def test_who_began_a_test_is_told_beside_the_lead(project, lead, frontline, stranger):
    MemberFactory(project=project, user=frontline)
    MemberFactory(project=project, user=stranger)
    cycle = begun(project, planned_end_on=today(), created_by=frontline)
    overdue_nudges()
    rows = Notification.objects.filter(kind="nudge.study").order_by("user_id")
    assert [row.user for row in rows] == sorted(
        [lead, frontline], key=lambda user: user.pk
    )
    assert rows[0].title == f"Study is due: Bell within reach, test {cycle.number}"
    assert rows[0].reference == (f"/pdsa/{project.reference}/cycles/{cycle.pk}/")


def test_who_left_the_project_is_not_told_of_the_test(project, lead, frontline):
    begun(project, planned_end_on=today(), created_by=frontline)
    overdue_nudges()
    assert not Notification.objects.filter(user=frontline).exists()


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"planned_end_on": 0}, True),
        ({"planned_end_on": 1}, False),
        ({"planned_end_on": 0, "do_started_at": None}, False),
        ({}, False),
        ({"do_finished_at": -7}, True),
        ({"do_finished_at": -6}, False),
        ({"do_finished_at": -20, "planned_end_on": 3}, False),
        ({"do_finished_at": -20, "study_started_at": -2}, True),
        (
            {"do_finished_at": -20, "study_started_at": -2, "study_finished_at": -1},
            False,
        ),
        ({"planned_end_on": 0, "deleted_at": -1}, False),
    ],
)
def test_when_a_study_is_due(fields, due, project, lead):
    days = {
        name: value if value is None else now() + timedelta(days=value)
        for name, value in fields.items()
    }
    if "planned_end_on" in days:
        days["planned_end_on"] = local_day(days["planned_end_on"])
    if "deleted_at" in days:
        days["deleted_by"] = lead
    begun(project, **days)
    assert overdue_nudges()["due"] == int(due)


def test_study_nudge_goes_when_the_study_is_written(project, lead):
    cycle = begun(project, do_finished_at=now() - timedelta(days=8))
    overdue_nudges()
    moment = now()
    Cycle.objects.filter(pk=cycle.pk).update(
        study_started_at=moment, study_finished_at=moment
    )
    assert overdue_nudges()["settled"] == 1


@pytest.mark.parametrize(
    ("frequency", "last", "due"),
    [
        ("daily", date(2026, 11, 2), date(2026, 11, 7)),
        ("weekly", date(2026, 11, 2), date(2026, 11, 19)),
        ("fortnightly", date(2026, 11, 2), date(2026, 12, 5)),
        ("monthly", date(2026, 9, 1), date(2026, 11, 8)),
        ("monthly", date(2026, 11, 1), date(2027, 1, 8)),
        ("quarterly", date(2026, 4, 1), date(2026, 10, 15)),
    ],
)
def test_when_a_number_is_due(frequency, last, due, project):
    assert value_due_on(measured(project, last, frequency)) == due


def test_first_number_has_one_period_from_the_start(project):
    measure = MeasureFactory(project=project, frequency="weekly")
    measure.created_at = datetime(2026, 11, 2, 12, tzinfo=LONDON)
    assert value_due_on(measure) == date(2026, 11, 12)


@time_machine.travel("2026-11-23T09:00:00Z", tick=False)
def test_number_is_asked_for_once_until_it_comes(project, lead):
    measure = measured(project, date(2026, 9, 1))
    measured(project, date(2026, 10, 1))
    measured(project, date(2020, 1, 1), frequency="event")
    assert overdue_nudges()["told"] == 1
    assert overdue_nudges()["told"] == 0
    row = Notification.objects.get()
    assert row.title == f"A number is due: {measure.name}"
    assert row.reference == (
        f"/pdsa/{project.reference}/measures/{measure.pk}/points/add/"
    )
    MeasureState.objects.filter(measure=measure).update(last_at=date(2026, 10, 1))
    assert overdue_nudges()["settled"] == 1
    assert kinds_of(lead) == []


def test_deleted_measure_is_not_due(project, lead):
    measured(project, date(2020, 1, 1), deleted_at=now(), deleted_by=lead)
    assert overdue_nudges()["due"] == 0


def test_steps_count_london_days():
    with time_machine.travel("2026-11-23T00:30:00Z", tick=False):
        late_evening = datetime(2026, 11, 2, 23, 50, tzinfo=LONDON)
        assert quiet_step(late_evening) == 21
        assert quiet_step(late_evening + timedelta(minutes=20)) is None


def test_following_periods():
    assert following(date(2026, 12, 1), "monthly") == date(2027, 1, 1)
    assert following(date(2026, 11, 1), "quarterly") == date(2027, 2, 1)
    assert following(date(2026, 12, 31), "daily") == date(2027, 1, 1)


def test_study_without_any_date_is_never_due(project):
    assert study_due_on(begun(project)) is None


def test_queries_do_not_grow_with_projects():
    counts = []
    for number in (2, 18):
        for _ in range(number):
            project = ProjectFactory()
            MemberFactory(project=project, relation="lead")
            quiet_for(project, 30)
            begun(project, planned_end_on=today())
            measured(project, date(2020, 1, 1))
        with CaptureQueriesContext(connection) as seen:
            overdue_nudges()
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert Notification.objects.count() == 60


def test_job_is_on_the_clock_and_runs(project, lead):
    schedule = settings.JOBS["overdue_nudges"]["schedule"]
    assert 1 not in field_values(schedule["hour"], 24)
    assert len(moments_of(schedule, today())) == 1
    quiet_for(project, 21)
    job = JobRun.objects.create(kind="overdue_nudges", key="x", scheduled_for=now())
    assert run_job(job.pk).stats == {"due": 1, "told": 1, "settled": 0}


# --- the answer -----------------------------------------------------------------------


def answer_url(project) -> str:
    return reverse("still_going", args=[project.reference])


def test_yes_is_a_sign_of_life(project, lead, signed_in):
    quiet_for(project, 50)
    overdue_nudges()
    client = signed_in(lead)
    page = client.get(answer_url(project)).content.decode()
    assert reverse("project_status", args=[project.reference]) in page
    assert reverse("handover", args=[project.reference]) in page
    assert Project.objects.get().last_activity_at < now() - timedelta(days=49)
    assert client.post(answer_url(project)).url == project.get_absolute_url()
    assert Project.objects.get().last_activity_at > now() - timedelta(minutes=1)
    assert kinds_of(lead) == []
    event = AuditEvent.objects.get(type="project.still_going")
    assert (event.actor, event.unit_path) == (lead.email, project.unit.path)


def test_member_may_say_yes_but_is_not_offered_what_leads_do(
    project, frontline, signed_in
):
    MemberFactory(project=project, user=frontline)
    page = signed_in(frontline).get(answer_url(project)).content.decode()
    assert "Yes, still going" in page
    assert reverse("handover", args=[project.reference]) not in page


def test_others_may_not_answer(project, stranger, qi_team, signed_in):
    for person in (stranger, qi_team):
        client = signed_in(person)
        assert client.get(answer_url(project)).status_code == 403
        assert client.post(answer_url(project)).status_code == 403
    Project.objects.update(visibility="draft")
    assert signed_in(stranger).post(answer_url(project)).status_code == 404
    assert not AuditEvent.objects.filter(type="project.still_going").exists()


def test_answering_needs_a_sign_in(project, client):
    assert client.post(answer_url(project)).status_code == 302
