"""Two answers for machines: words only, without signing in."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.qiportal.dashboard.published import publish

pytestmark = pytest.mark.django_db

READY = "/readyz"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


def answer(client, path):
    reply = client.get(path)
    assert reply["Content-Type"] == "text/plain"
    assert "no-store" in reply["Cache-Control"]
    return reply.status_code, reply.content.decode()


def test_the_process_answers(client):
    assert answer(client, "/healthz") == (200, "ok\n")
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_a_new_portal_is_ready_with_a_note(client):
    assert answer(client, READY) == (
        200,
        "ready; no figures have been calculated yet\n",
    )


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, (200, "ready\n")),
        (27, (200, "ready; the figures are late\n")),
        (51, (503, "not ready: the figures are older than 50 hours\n")),
    ],
)
def test_the_age_of_the_figures_decides(hours, said, client, time_machine):
    publish()
    time_machine.shift(hours * 3600)
    assert answer(client, READY) == said


def test_a_migration_that_is_missing_is_named_by_number(client):
    newest = MigrationRecorder.Migration.objects.filter(app="dashboard")
    newest.order_by("-name")[0].delete()
    status, words = answer(client, READY)
    assert (status, words) == (503, "not ready: 1 migrations are not applied\n")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_said(client, monkeypatch):
    real = connection.settings_dict["NAME"]
    connection.close()
    broken = {"NAME": "/nowhere/at/all" if "/" in str(real) else "no_such_database"}
    monkeypatch.setitem(connection.settings_dict, "NAME", broken["NAME"])
    try:
        assert answer(client, READY) == (
            503,
            "not ready: the database does not answer\n",
        )
    finally:
        monkeypatch.undo()
        connection.close()
