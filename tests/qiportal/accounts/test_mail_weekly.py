"""The weekly round, the outbox on the clock, and mail that pages send."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse

from qiportal.accounts.mail import (
    KINDS,
    Digest,
    Line,
    Section,
    mail_kind_set,
    reachable,
    weekly_news,
    weekly_round,
)
from qiportal.accounts.mail.aside import AsideBackend, executor, send_quietly
from qiportal.accounts.mail.post import box_claim
from qiportal.core.dates import today
from qiportal.demo.factories import UserFactory
from qiportal.jobs.models import JobRun
from qiportal.jobs.schedules import field_values
from qiportal.jobs.services import JobProblem, tick
from tests.qiportal.accounts.test_mail import notice
from tests.smtp import dead_port, use_port

pytestmark = pytest.mark.django_db


MONDAY = today() - timedelta(days=today().weekday())


def one_line_digest(user, off):
    return Digest([Section("News", [Line("Something", "/")])], weekly_news(user, off))


def send_weekly(compose=one_line_digest, week=MONDAY):
    return weekly_round(week=week, people=reachable(), compose=compose, job=None)


def test_one_weekly_mail_a_person_and_week(server, frontline):
    row = notice(frontline, "mention")
    assert send_weekly()["sent"] == 1
    assert send_weekly()["sent"] == 0
    assert server.received[0]["Subject"] == "Your week on QI Portal"
    row.refresh_from_db()
    assert row.sent_at is not None
    assert send_weekly(week=MONDAY + timedelta(days=7))["sent"] == 1


def test_empty_week_is_no_mail(server, frontline):
    assert send_weekly(lambda user, off: Digest([], []))["nothing"] == 1
    assert send_weekly()["sent"] == 0
    assert server.received == []


def test_who_stopped_the_weekly_mail_gets_none(server, frontline):
    mail_kind_set(user=frontline, kind=KINDS["weekly"], wanted=False, by=frontline)
    assert send_weekly()["sent"] == 0


def test_weekly_round_goes_on_where_it_stopped(server):
    people = UserFactory.create_batch(3)
    server.hang_up_after = 1
    with pytest.raises(JobProblem):
        send_weekly()
    server.hang_up_after = None
    assert send_weekly()["sent"] == 2
    assert server.addresses() == sorted(person.email for person in people)


def test_weekly_round_leaves_a_person_being_written_to(server, frontline):
    box_claim(frontline)
    assert send_weekly()["sent"] == 0


# --- the clock, and mail that pages send ----------------------------------------------


def test_outbox_never_runs_while_the_clocks_change():
    schedule = django_settings.JOBS["mail_outbox"]["schedule"]
    assert 1 not in field_values(schedule["hour"], 24)


@time_machine.travel("2026-11-23T10:05:00Z", tick=False)
def test_clock_starts_the_outbox(server, frontline, django_capture_on_commit_callbacks):
    notice(frontline)
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    assert JobRun.objects.get(kind="mail_outbox").stats["sent"] == 1
    assert server.addresses() == [frontline.email]


def test_page_does_not_wait_for_a_dead_mail_server(frontline, client, settings):
    use_port(settings, dead_port())
    settings.JOBS_START = "thread"
    answer = client.post(reverse("account_reset_password"), {"email": frontline.email})
    assert answer.status_code == 302
    assert answer.url == reverse("account_reset_password_done")


def test_mail_of_a_page_arrives_through_the_thread(server, frontline, client, settings):
    settings.JOBS_START = "thread"
    client.post(reverse("account_reset_password"), {"email": frontline.email})
    executor().submit(int).result(timeout=10)  # what was queued before it is done
    assert server.addresses() == [frontline.email]
    assert "/accounts/password/reset/key/" in server.received[0].get_content()


def test_aside_is_inline_where_jobs_are():
    message = EmailMessage("s", "b", to=["a@example.nhs.uk"])
    assert AsideBackend().send_messages([message]) == 1
    assert len(mail.outbox) == 1


def test_failure_beside_the_request_is_quiet(settings):
    use_port(settings, dead_port())
    message = EmailMessage("s", "b", to=["a@example.nhs.uk"])
    assert send_quietly([message]) == 0
