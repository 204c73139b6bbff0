"""The outbox against a real SMTP conversation, preferences and the stop link."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qiportal.accounts.mail import (
    KINDS,
    mail_kind_set,
    mail_outbox,
    off_kinds,
    weekly_news,
)
from qiportal.accounts.mail.letters import absolute, letter, one_line
from qiportal.accounts.mail.post import box_claim, box_release
from qiportal.accounts.models import (
    MailBox,
    Notification,
    User,
)
from qiportal.core.dates import now
from qiportal.demo.factories import UserFactory
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import JobProblem, job_ask, run_job
from tests.smtp import dead_port, smtp_server, use_port

pytestmark = pytest.mark.django_db


def notice(user, kind="task", title="Print the signs", key="1", **more) -> Notification:
    return Notification.objects.create(
        user=user,
        kind=kind,
        key=key,
        reference=more.pop("reference", "/projects/QI-2026-0042/"),
        title=title,
        **more,
    )


# --- what is sent ---------------------------------------------------------------------


def test_waiting_notification_becomes_one_mail(server, frontline, settings):
    settings.PUBLIC_URL = "https://qi.example.nhs.uk"
    row = notice(frontline)
    assert mail_outbox() == {"sent": 1, "refused": 0, "nothing": 0}
    assert server.addresses() == [frontline.email]
    message = server.received[0]
    assert message["Subject"] == "A task for you: Print the signs – QI Portal"
    assert "https://qi.example.nhs.uk/projects/QI-2026-0042/" in message.get_content()
    assert message.get_content_type() == "text/plain"
    row.refresh_from_db()
    assert row.sent_at is not None
    assert mail_outbox()["sent"] == 0
    assert len(server.received) == 1


def test_one_connection_serves_everybody(server):
    people = UserFactory.create_batch(5)
    for person in people:
        notice(person)
    assert mail_outbox()["sent"] == 5
    assert server.conversations == 1
    assert server.addresses() == sorted(person.email for person in people)


def test_several_things_of_a_kind_share_a_mail(server, frontline):
    notice(frontline, title="Print the signs", key="1")
    notice(frontline, title="Ask the porters", key="2")
    notice(frontline, "training.booked", "You have a place: QI foundation", key="3")
    assert mail_outbox()["sent"] == 2
    first, second = server.received
    assert first["Subject"] == "Tasks for me: 2 news – QI Portal"
    assert "Print the signs" in first.get_content()
    assert "Ask the porters" in first.get_content()
    assert "QI foundation" in second["Subject"]


def test_mail_can_be_stopped_by_its_own_headers(server, frontline, settings):
    notice(frontline)
    mail_outbox()
    message = server.received[0]
    url = message["List-Unsubscribe"].strip(" <>")
    assert url.startswith(f"{settings.PUBLIC_URL}/account/mail/stop/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert url in message.get_content().replace("=\n", "")
    answer = Client().post(
        url.removeprefix(settings.PUBLIC_URL), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert off_kinds(frontline) == {"task"}


def test_what_is_not_mailed_at_once_waits_for_the_weekly_mail(server, frontline):
    for kind in ("mention", "member_joined", "nudge.quiet", "something.new"):
        notice(frontline, kind, key=kind)
    assert mail_outbox()["sent"] == 0
    news = weekly_news(frontline, frozenset())
    assert {row.kind for row in news} == {"mention", "member_joined", "something.new"}


@pytest.mark.parametrize(
    ("off", "kept"),
    [
        ({"mention"}, {"member_joined", "something.new"}),
        ({"team"}, {"mention"}),
        ({"mention", "team"}, set()),
    ],
)
def test_weekly_news_leave_out_what_is_switched_off(off, kept, frontline):
    for kind in ("mention", "member_joined", "something.new", "task"):
        notice(frontline, kind, key=kind)
    assert {row.kind for row in weekly_news(frontline, frozenset(off))} == kept


@pytest.mark.parametrize(
    "change",
    [
        {"read_at": True},
        {"sent_at": True},
        {"title": ""},
        {"user": "left"},
        {"user": "service"},
        {"user": "invalid"},
        {"old": True},
    ],
)
def test_what_is_not_mailed(change, server, frontline, lead):
    row = notice(frontline)
    for name in ("read_at", "sent_at"):
        if change.get(name):
            setattr(row, name, now())
    row.title = change.get("title", row.title)
    row.save()
    if change.get("user") == "left":
        User.objects.filter(pk=frontline.pk).update(is_active=False)
    if change.get("user") == "service":
        User.objects.filter(pk=frontline.pk).update(kind="service", responsible=lead)
    if change.get("user") == "invalid":
        User.objects.filter(pk=frontline.pk).update(email="x@portal.invalid")
    if change.get("old"):
        created = now() - timedelta(days=15)
        Notification.objects.update(created_at=created)
    assert mail_outbox()["sent"] == 0
    assert server.received == []


def test_who_switched_a_kind_off_gets_none_of_it(server, frontline, lead):
    mail_kind_set(user=frontline, kind=KINDS["task"], wanted=False, by=frontline)
    notice(frontline, key="1")
    notice(frontline, "handover_offered", "Lena asks you to lead", key="2")
    notice(lead, key="1")
    assert mail_outbox()["sent"] == 2
    subjects = sorted(message["Subject"] for message in server.received)
    assert subjects == [
        "A task for you: Print the signs – QI Portal",
        "Lena asks you to lead – QI Portal",
    ]


def test_a_demo_sends_nothing(server, frontline, settings):
    settings.DEMO = True
    notice(frontline)
    assert mail_outbox()["sent"] == 0
    assert server.received == []


def test_title_cannot_forge_headers_or_lines(server, frontline):
    notice(frontline, title="Signs\r\nBcc: all@example.org\n\nNext\u2028line\u202e!")
    assert mail_outbox()["sent"] == 1
    message = server.received[0]
    assert message["Bcc"] is None
    assert server.recipients == [frontline.email]
    assert (
        "A task for you: Signs Bcc: all@example.org Next line !"
        in message.get_content()
    )


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "x"]
)
def test_links_stay_on_the_portal(path):
    assert absolute(path) == f"{django_settings.PUBLIC_URL}/"


def test_one_line_of_much():
    assert one_line(" a\tb\x00\n c\u200b ") == "a b c"


def test_same_mail_has_the_same_name(frontline):
    def name(key):
        made = letter(
            user=frontline, subject="s", sections=[], kind=KINDS["task"], key=key
        )
        return made.extra_headers["Message-ID"]

    assert name("1 2") == name("1 2")
    assert name("1 2") != name("1 3")


# --- when the server is down, or refuses ----------------------------------------------


def test_dead_port_leaves_rows_waiting_and_nothing_escapes(frontline, settings):
    use_port(settings, dead_port())
    row = notice(frontline)
    job = JobRun.objects.create(kind="mail_outbox", key="x", scheduled_for=now())
    ran = run_job(job.pk)
    assert ran.state == JobRun.State.FAILED
    assert ran.error == (
        "The mail server does not answer. What waits is tried again by itself."
    )
    row.refresh_from_db()
    assert row.sent_at is None
    assert MailBox.objects.get().not_before <= now()


def test_job_tries_again_by_itself_when_the_server_is_back(
    frontline, settings, django_capture_on_commit_callbacks
):
    use_port(settings, dead_port())
    notice(frontline)
    with django_capture_on_commit_callbacks(execute=True):
        job = job_ask(kind="mail_outbox", key="x")
    job.refresh_from_db()
    assert job.state == JobRun.State.FAILED
    with smtp_server() as server:
        use_port(settings, server.port)
        run_job(job.pk)
        assert server.received == []
        with time_machine.travel(now() + timedelta(seconds=61), tick=True):
            run_job(job.pk)
        assert server.addresses() == [frontline.email]
    job.refresh_from_db()
    assert job.state == JobRun.State.DONE
    assert job.stats["sent"] == 1


def test_server_that_greets_with_refusal_is_down(server, frontline):
    server.greeting = "554 no"
    notice(frontline)
    with pytest.raises(JobProblem, match="does not answer"):
        mail_outbox()
    assert Notification.objects.get().sent_at is None


def test_server_that_hangs_up_on_the_way_loses_and_doubles_nothing(server):
    people = UserFactory.create_batch(4)
    for person in people:
        notice(person)
    server.hang_up_after = 2
    with pytest.raises(JobProblem):
        mail_outbox()
    assert Notification.objects.exclude(sent_at=None).count() == 2
    server.hang_up_after = None
    assert mail_outbox()["sent"] == 2
    assert server.addresses() == sorted(person.email for person in people)


@pytest.mark.parametrize("stage", ["", "data "])
def test_one_refused_address_stops_nobody_else(stage, server):
    first, second = UserFactory.create_batch(2)
    for person in (first, second):
        notice(person)
    server.refuse[f"{stage}{first.email}"] = "550 unknown"
    assert mail_outbox() == {"sent": 1, "refused": 1, "nothing": 0}
    assert server.addresses() == [second.email]
    assert Notification.objects.get(user=first).sent_at is None


def test_refused_address_waits_longer_each_time(server, frontline):
    notice(frontline)
    server.refuse[frontline.email] = "450 later"
    moment = now()
    pauses = []
    for _ in range(5):
        with time_machine.travel(moment, tick=False):
            assert mail_outbox()["refused"] == 1
            assert mail_outbox()["refused"] == 0
        moment_again = MailBox.objects.get().not_before
        pauses.append((moment_again - moment).total_seconds() / 60)
        moment = moment_again + timedelta(seconds=1)
    assert pauses == [10, 60, 360, 1440, 1440]
    server.refuse.clear()
    with time_machine.travel(moment, tick=False):
        assert mail_outbox()["sent"] == 1
    assert MailBox.objects.get().failures == 0


def test_busy_server_is_down_for_all(server, frontline):
    notice(frontline)
    server.refuse[frontline.email] = "421 busy"
    with pytest.raises(JobProblem):
        mail_outbox()
    assert MailBox.objects.get().failures == 0


def test_two_workers_write_once(server, frontline):
    notice(frontline)
    box = box_claim(frontline)
    assert box_claim(frontline) is None
    assert mail_outbox()["sent"] == 0
    box_release(box)
    assert mail_outbox()["sent"] == 1


def test_lease_of_a_killed_worker_ends(server, frontline):
    notice(frontline)
    box_claim(frontline)
    with time_machine.travel(now() + timedelta(minutes=3, seconds=1), tick=False):
        assert mail_outbox()["sent"] == 1


def test_queries_do_not_grow_with_news_of_a_person(server, frontline, lead):
    counts = []
    for person, number in ((frontline, 2), (lead, 20)):
        for key in range(number):
            notice(person, key=str(key))
        with CaptureQueriesContext(connection) as seen:
            mail_outbox()
        counts.append(len(seen))
    assert counts[0] == counts[1]
