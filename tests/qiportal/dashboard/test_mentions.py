"""Who is named in a discussion reads of it once, in the weekly mail: link and title."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pdsa.services import comment_add, comment_delete, comment_restore
from projects.models import Project
from qiportal.accounts.mail import KINDS, mail_kind_set, mail_outbox, off_kinds
from qiportal.accounts.models import Notification
from qiportal.core.dates import now
from qiportal.dashboard.digest import weekly_digest
from qiportal.demo.factories import MemberFactory
from tests.smtp import smtp_server, use_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    """A mail server that the portal sends to."""
    with smtp_server() as running:
        use_port(settings, running.port)
        yield running


@pytest.fixture
def amina(project, frontline):
    MemberFactory(project=project, user=frontline)
    return frontline


def name(person, lead, project, body="Could you look at bay 2?"):
    return comment_add(project=project, body=body, mentions=[person], by=lead)


def next_week():
    return time_machine.travel(now() + timedelta(days=7), tick=False)


def test_a_mention_is_mailed_once_with_link_and_title_only(
    project, lead, amina, server, settings
):
    comment = name(amina, lead, project)
    assert mail_outbox()["sent"] == 0  # a digest, not at once
    assert weekly_digest()["sent"] == 1
    assert server.addresses() == [amina.email]
    text = server.received[0].get_content().replace("\r\n", "\n")
    heading = "You are named in a discussion\n-----------------------------\n"
    url = f"{settings.PUBLIC_URL}/pdsa/{project.reference}/discussion/"
    assert f"{heading}{project.title}\n  {url}#comment-{comment.pk}\n" in text
    assert "bay 2" not in text
    assert lead.full_name not in text
    with next_week():
        assert weekly_digest()["sent"] == 0
    assert len(server.received) == 1


def test_a_lively_discussion_is_one_line(project, lead, amina, server):
    for _ in range(3):
        name(amina, lead, project)
    weekly_digest()
    text = server.received[0].get_content().replace("\r\n", "\n")
    assert text.count(project.title) == 1
    assert f"{project.title} (3 times)" in text
    assert not Notification.objects.filter(sent_at=None, kind="mention").exists()


def test_the_link_in_the_mail_opens_the_comment(project, lead, amina, server, client):
    comment = name(amina, lead, project)
    weekly_digest()
    client.force_login(amina)
    row = Notification.objects.get(kind="mention")
    path, _, anchor = row.reference.partition("#")
    assert f'id="{anchor}"' in client.get(path).content.decode()
    assert anchor == f"comment-{comment.pk}"


def test_a_comment_that_was_taken_back_is_not_told(project, lead, amina, server):
    comment = name(amina, lead, project)
    comment_delete(comment=comment, by=lead)
    assert weekly_digest()["sent"] == 0
    assert Notification.objects.get(kind="mention").sent_at is None
    comment_restore(comment=comment, by=lead)
    with next_week():
        assert weekly_digest()["sent"] == 1
        comment_delete(comment=comment, by=lead)
        comment_restore(comment=comment, by=lead)
    with time_machine.travel(now() + timedelta(days=13), tick=False):
        assert weekly_digest()["sent"] == 0  # it has been told


def test_a_project_one_no_longer_sees_is_not_named(project, lead, amina, server):
    name(amina, lead, project)
    amina.memberships.update(left_on=now().date())
    Project.objects.update(visibility="draft")
    assert weekly_digest()["sent"] == 0
    assert server.received == []


@pytest.mark.parametrize("kind", ["mention", "weekly"])
def test_who_stopped_mentions_hears_of_none(kind, project, lead, amina, server):
    name(amina, lead, project)
    mail_kind_set(user=amina, kind=KINDS[kind], wanted=False, by=amina)
    assert weekly_digest()["sent"] == 0


def test_the_mails_own_button_stops_it(project, lead, amina, server, settings):
    name(amina, lead, project)
    weekly_digest()
    url = server.received[0]["List-Unsubscribe"].strip(" <>")
    path = url.removeprefix(settings.PUBLIC_URL)
    sent = {"List-Unsubscribe": "One-Click"}
    assert Client(enforce_csrf_checks=True).post(path, sent).status_code == 200
    assert off_kinds(amina) == {"weekly"}
    with next_week():
        name(amina, lead, project, "And bay 3?")
        assert weekly_digest()["sent"] == 0
    assert len(server.received) == 1


def test_the_news_on_my_work_say_what_they_are(project, lead, amina, client):
    comment = name(amina, lead, project)
    client.force_login(amina)
    text = client.get(reverse("my_work")).content.decode()
    assert f"You are named in the discussion of {project.title}" in text
    assert f"#comment-{comment.pk}" in text
