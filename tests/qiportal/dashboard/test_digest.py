"""The weekly mail: what is in it, for whom, and what it leaves out."""

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pdsa.models import Task
from projects.models import Project
from qiportal.accounts.mail import KINDS, mail_kind_set
from qiportal.accounts.models import MailBox, Notification, User
from qiportal.core.dates import local_day, now, today
from qiportal.dashboard.digest import compose, people, weekly_digest
from qiportal.dashboard.nudges import overdue_nudges
from qiportal.demo.factories import MemberFactory, ProjectFactory
from qiportal.jobs.models import JobRun
from qiportal.jobs.schedules import moments_of
from qiportal.jobs.services import run_job
from tests.qiportal.dashboard.test_nudges import begun, measured, quiet_for

pytestmark = pytest.mark.django_db
NOTHING_OFF = frozenset()


def sections_of(user, off=NOTHING_OFF) -> dict[str, list[str]]:
    digest = compose(user, frozenset(off))
    return {s.heading: [line.title for line in s.lines] for s in digest.sections}


def task(project, who, days, **more) -> Task:
    return Task.objects.create(
        project=project,
        what="Print the signs",
        who=who,
        due_on=today() + timedelta(days=days),
        created_by=project.created_by,
        **more,
    )


def busy(project):
    """One thing of each kind that is due."""
    cycle = begun(project, planned_end_on=today())
    measure = measured(project, date(2020, 1, 1))
    return cycle, measure


def test_all_that_is_due_with_links(project, lead):
    cycle, measure = busy(project)
    task(project, lead, 3)
    Notification.objects.create(
        user=lead, kind="member_joined", key="1", reference="/x/", title="Amina joined"
    )
    weekly_digest()
    text = mail.outbox[0].body
    assert f"Hello {lead.full_name}," in text
    for words in (
        f"Tests to study\n--------------\nBell within reach, test {cycle.number} ",
        f"/pdsa/{project.reference}/cycles/{cycle.pk}/",
        f"Numbers due\n-----------\n{measure.name} ",
        f"/pdsa/{project.reference}/measures/{measure.pk}/points/add/",
        f"Your tasks\n----------\n{project.title}: by ",
        "News\n----\nAmina joined",
        "/account/mail/stop/",
    ):
        assert words in text
    assert "Print the signs" not in text
    assert mail.outbox[0].to == [lead.email]
    assert Notification.objects.get().sent_at is not None


def test_quiet_project_has_three_answers_and_is_asked_once_a_step(project, lead):
    quiet_for(project, 45)
    busy(project)
    overdue_nudges()
    monday = today() - timedelta(days=today().weekday())
    digest = compose(lead, NOTHING_OFF)
    (section,) = digest.sections
    assert section.heading == "Still going?"
    (line,) = section.lines
    assert dict(line.links) == {
        "Still going": f"/still-going/{project.reference}/",
        "Let it rest": f"/projects/{project.reference}/status/",
        "Hand it over": f"/projects/{project.reference}/handover/",
    }
    weekly_digest()
    assert len(mail.outbox) == 1
    assert f"Let it rest: {settings.PUBLIC_URL}/projects/" in mail.outbox[0].body
    with time_machine.travel(now() + timedelta(days=7), tick=False):
        assert overdue_nudges()["told"] == 0
        assert weekly_digest()["sent"] == 0
    assert MailBox.objects.get().weekly_for == monday + timedelta(days=7)


def test_project_put_to_rest_since_is_not_asked(project, lead):
    quiet_for(project, 45)
    overdue_nudges()
    Project.objects.update(status="resting")
    assert sections_of(lead) == {}


@pytest.mark.parametrize(
    "change", [{"status": "resting"}, {"is_public_data": True}, {"quiet": 43}]
)
def test_reminders_stop_where_the_project_rests_or_is_quiet(change, project, lead):
    busy(project)
    if days := change.pop("quiet", None):
        quiet_for(project, days)
    if change:
        Project.objects.update(**change)
    assert sections_of(lead) == {}


def test_member_hears_of_own_tests_and_numbers_only(project, lead, frontline):
    MemberFactory(project=project, user=frontline)
    busy(project)
    assert sections_of(frontline) == {}
    begun(project, planned_end_on=today(), created_by=frontline)
    measured(project, date(2020, 1, 1), created_by=frontline)
    found = sections_of(frontline)
    assert [len(lines) for lines in found.values()] == [1, 1]
    assert [len(lines) for lines in sections_of(lead).values()] == [2, 2]


def test_who_left_hears_nothing(project, lead):
    busy(project)
    lead.memberships.update(left_on=today())
    assert sections_of(lead) == {}


@pytest.mark.parametrize(
    ("days", "words"), [(-2, "late, was due"), (0, "by"), (7, "by"), (8, None)]
)
def test_tasks_of_the_coming_week(days, words, project, lead):
    task(project, lead, days)
    found = sections_of(lead).get("Your tasks", [])
    assert found == ([f"{project.title}: {words} {_plain(days)}"] if words else [])


def _plain(days: int) -> str:
    day = today() + timedelta(days=days)
    return f"{day.day} {day:%B %Y}"


def test_done_deleted_and_foreign_tasks_are_not_mentioned(project, lead, frontline):
    task(project, lead, 1, done_at=now(), done_by=lead)
    task(project, lead, 1, deleted_at=now(), deleted_by=lead)
    task(project, frontline, 1)
    assert sections_of(lead) == {}


def test_task_in_a_project_one_no_longer_sees_is_not_mentioned(project, stranger):
    task(project, stranger, 1)
    assert list(sections_of(stranger)) == ["Your tasks"]
    Project.objects.update(visibility="draft")
    assert sections_of(stranger) == {}


def test_switched_off_kinds_are_left_out(project, lead):
    busy(project)
    Notification.objects.create(
        user=lead, kind="member_joined", key="1", reference="/x/", title="Amina joined"
    )
    assert list(sections_of(lead, {"reminder"})) == ["News"]
    assert list(sections_of(lead, {"team"})) == ["Tests to study", "Numbers due"]
    assert sections_of(lead, {"reminder", "team"}) == {}


def test_stopped_weekly_mail_is_not_sent(project, lead):
    busy(project)
    mail_kind_set(user=lead, kind=KINDS["weekly"], wanted=False, by=lead)
    assert weekly_digest()["sent"] == 0
    assert mail.outbox == []


def test_long_lists_are_cut(project, lead):
    for _ in range(13):
        begun(project, planned_end_on=today())
    lines = sections_of(lead)["Tests to study"]
    assert len(lines) == 11
    assert lines[-1] == "and 3 more on My work"


def test_who_gets_one(project, lead, frontline, stranger, qi_team, ward):
    task(project, frontline, 1)
    Notification.objects.create(
        user=qi_team, kind="mention", key="1", reference="/x/", title="A project"
    )
    assert set(people()) == {lead, frontline, qi_team}
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert set(people()) == {frontline, qi_team}


def test_one_mail_a_week_through_the_job(project, lead):
    busy(project)
    moment = now()
    for key in ("one", "two"):
        job = JobRun.objects.create(kind="weekly_digest", key=key, scheduled_for=moment)
        assert run_job(job.pk).state == JobRun.State.DONE
    assert len(mail.outbox) == 1
    week = local_day(moment) - timedelta(days=local_day(moment).weekday())
    assert MailBox.objects.get().weekly_for == week


def test_schedule_is_monday_mornings():
    schedule = settings.JOBS["weekly_digest"]["schedule"]
    assert [m.hour for m in moments_of(schedule, date(2026, 11, 23))] == [
        *(7, 8, 9, 10, 11, 12)
    ]
    assert moments_of(schedule, date(2026, 11, 24)) == []


def test_queries_do_not_grow_with_projects(lead):
    compose(lead, NOTHING_OFF)  # reads the roles, which the object then keeps
    counts = []
    for number in (2, 18):
        for _ in range(number):
            project = ProjectFactory()
            MemberFactory(project=project, user=lead, relation="lead")
            busy(project)
            task(project, lead, 1)
        with CaptureQueriesContext(connection) as seen:
            compose(lead, NOTHING_OFF)
        counts.append(len(seen))
    assert counts[0] == counts[1]
