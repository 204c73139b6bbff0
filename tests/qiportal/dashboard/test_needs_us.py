"""What waits for the board: who sees it, and taking it on."""

from datetime import date

import pytest

from projects.models import Barrier
from qiportal.accounts.models import AuditEvent, Notification
from qiportal.core.dates import now
from qiportal.dashboard.models import BoardAction
from tests.days import days_ago
from tests.factories import ProjectFactory
from tests.qiportal.dashboard.published import count, publish
from tests.qiportal.dashboard.test_board import text_of

pytestmark = pytest.mark.django_db

NEEDS = "/board/needs-us/"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


def barrier(project, *, days=10, level="executive", **fields):
    return Barrier.objects.create(
        project=project,
        type="time",
        text="Two hours of backfill a week",
        level=level,
        raised_at=days_ago(days),
        created_by=project.created_by,
        **fields,
    )


ANSWER = {
    "type": "unblock",
    "text": "Agree the backfill with the ward manager",
    "due_on": "2026-12-04",
}


def test_the_longest_wait_stands_first_with_owner_and_age(
    client, board_member, qi_team, project
):
    barrier(project, days=1)
    barrier(project, days=34, owner=qi_team)
    barrier(project, level="division")
    barrier(project, resolved_at=now(), outcome="Given")
    client.force_login(board_member)
    page = client.get(NEEDS)
    rows = [(row["age"], row["owner"]) for row in page.context["rows"]]
    assert rows == [("waiting 34 days", "Ben Okafor"), ("waiting 1 day", "")]
    assert "Nobody has taken this yet." in text_of(page)


def test_nothing_waiting_says_so(client, board_member):
    client.force_login(board_member)
    assert "Nothing waits for the executive" in text_of(client.get(NEEDS))


def test_the_board_tile_leads_there_for_those_who_act(
    client, board_member, frontline, trust
):
    publish(count("projects.barriers_open", trust, 2, date(2026, 11, 1)))
    for user, shown in ((board_member, True), (frontline, False)):
        client.force_login(user)
        assert (NEEDS in text_of(client.get("/board/"))) is shown


def test_staff_and_sysadmins_may_not_look_or_take(client, frontline, sysadmin, project):
    row = barrier(project)
    for user in (frontline, sysadmin):
        client.force_login(user)
        assert client.get(NEEDS).status_code == 403
        assert client.post(f"{NEEDS}{row.pk}/take/", ANSWER).status_code == 403
    assert BoardAction.objects.count() == 0


def test_taking_it_names_the_owner_tells_the_leads_and_is_audited(
    client, board_member, project, lead
):
    row = barrier(project)
    client.force_login(board_member)
    reply = client.post(f"{NEEDS}{row.pk}/take/", ANSWER, follow=True)
    assert reply.redirect_chain == [(NEEDS, 302)]
    assert "You took this on." in text_of(reply)
    assert "Carol Lindqvist is on it." in text_of(reply)
    action = BoardAction.objects.get()
    assert (action.barrier, action.owner) == (row, board_member)
    assert action.due_on == date(2026, 12, 4)
    assert Notification.objects.filter(user=lead, kind="barrier_taken").exists()
    types = AuditEvent.objects.filter(actor=board_member.email)
    assert {"barrier.taken", "board.action_taken"} <= set(
        types.values_list("type", flat=True)
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "", "Say what you will do."),
        ("due_on", "2026-11-22", "Give a day that is not past."),
        ("text", "NHS 999 000 0018 waits", "an NHS number"),
    ],
)
def test_a_wrong_answer_is_explained(field, value, words, client, qi_team, project):
    row = barrier(project)
    client.force_login(qi_team)
    page = client.post(f"{NEEDS}{row.pk}/take/", ANSWER | {field: value})
    assert words in text_of(page)
    assert BoardAction.objects.count() == 0


def test_what_was_resolved_or_is_out_of_sight_is_not_found(
    client, board_member, project, stranger
):
    gone = barrier(project, resolved_at=now(), outcome="Given")
    unseen = barrier(ProjectFactory(visibility="draft"))
    client.force_login(board_member)
    for row in (gone, unseen):
        assert client.get(f"{NEEDS}{row.pk}/take/").status_code == 404


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_asks_the_same_for_any_length(
    rows, client, board_member, django_assert_num_queries
):
    for _ in range(rows):
        barrier(ProjectFactory())
    client.force_login(board_member)
    client.get(NEEDS)
    with django_assert_num_queries(6):
        client.get(NEEDS)


def test_the_board_is_sent_anew_after_somebody_took_something(
    client, board_member, project, trust
):
    publish(count("projects.barriers_open", trust, 2, date(2026, 11, 1)))
    row = barrier(project)
    client.force_login(board_member)
    client.get("/board/")
    tag = client.get("/board/")["ETag"]
    client.post(f"{NEEDS}{row.pk}/take/", ANSWER)
    reply = client.get("/board/", headers={"If-None-Match": tag})
    assert reply.status_code == 200
    assert "You took this on." in text_of(reply)  # the message is not lost to a 304
