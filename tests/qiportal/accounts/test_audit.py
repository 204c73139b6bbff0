"""The audit log: append-only, sealed day by day, and it names who bent it (T27)."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.db.utils import Error

from qiportal.accounts.audit import audit_record, row_hash
from qiportal.accounts.models import AuditEvent, AuditSeal
from qiportal.accounts.models.audit import AuditIsAppendOnly
from qiportal.accounts.sealing import audit_problems, audit_seal, audit_seal_job
from qiportal.jobs.models import JobRun

pytestmark = pytest.mark.django_db


def record(by, day, hour=12, **new):
    with time_machine.travel(datetime(2026, 11, day, hour, tzinfo=UTC), tick=False):
        return audit_record(type="user.edited", target=by, by=by, new=new)


def raw(sql, *values):
    """As somebody would who has the database and not the application."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            table = "ALTER TABLE accounts_auditevent {} TRIGGER USER"
            cursor.execute(table.format("DISABLE"))
        cursor.execute(sql, values)
        if connection.vendor == "postgresql":
            cursor.execute(table.format("ENABLE"))


def seal(day=23):
    with time_machine.travel(datetime(2026, 11, day, 3, tzinfo=UTC), tick=False):
        return audit_seal()


def test_an_event_says_who_as_what_which_and_when(lead, qi_team):
    event = record(qi_team, 20, name="Ada", odd=datetime(2026, 1, 1, tzinfo=UTC))
    event.refresh_from_db()
    assert (event.actor, event.effective_role) == (qi_team.email, "qi_team")
    assert (event.target_model, event.target_id) == ("accounts.User", str(qi_team.pk))
    assert event.at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert event.new == {"name": "Ada", "odd": "2026-01-01T00:00:00Z"}
    assert event.row_hash == row_hash(event)
    assert record(lead, 20).effective_role == "staff"
    system = audit_record(type="x.done", target=lead, by="system:rollup")
    assert (system.actor, system.effective_role) == ("system:rollup", "system")


def test_nothing_is_done_by_nobody(lead):
    with pytest.raises(ValueError, match="needs an actor"):
        audit_record(type="x.done", target=lead, by="")


@pytest.mark.parametrize(
    "bend",
    [
        lambda event: AuditEvent.objects.update(actor="x"),
        lambda event: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["actor"]),
        lambda event: event.delete(),
    ],
)
def test_the_application_refuses_to_change_or_delete(lead, bend):
    event = record(lead, 20)
    with pytest.raises(AuditIsAppendOnly):
        bend(event)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's trigger")
@pytest.mark.parametrize(
    "sql",
    ["UPDATE accounts_auditevent SET actor = 'x'", "DELETE FROM accounts_auditevent"],
)
def test_the_database_refuses_too(lead, sql):
    record(lead, 20)
    with connection.cursor() as cursor, pytest.raises(Error, match="cannot be changed"):
        cursor.execute(sql)


def test_each_day_up_to_yesterday_is_sealed_once(lead):
    record(lead, 20)
    record(lead, 20)
    record(lead, 22)
    record(lead, 23, hour=2)
    made = seal(23)
    assert [(s.day, s.count) for s in made] == [
        (date(2026, 11, 20), 2),
        (date(2026, 11, 21), 0),
        (date(2026, 11, 22), 1),
    ]
    assert made[0].previous_digest == ""
    assert made[1].previous_digest == made[0].digest
    assert seal(23) == []
    assert [s.day.day for s in seal(24)] == [23]
    assert list(audit_problems()) == []


def test_days_are_londons(lead):
    with time_machine.travel(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), tick=False):
        audit_record(type="x.done", target=lead, by=lead)
    with time_machine.travel(datetime(2026, 7, 3, 3, tzinfo=UTC), tick=False):
        assert [(s.day.day, s.count) for s in audit_seal()] == [(2, 1)]


def test_without_events_there_is_nothing_to_seal(db):
    assert audit_seal() == []
    assert list(audit_problems()) == []


def test_the_job_tells_how_many_days(lead):
    record(lead, 20)
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC), tick=False):
        assert audit_seal_job(JobRun(kind="audit_seal", key="x")) == {"days": 3}


@pytest.mark.parametrize(
    "column",
    ["type", "actor", "target_id", "unit_path", "effective_role", "request_id"],
)
def test_a_changed_event_is_named(lead, column):
    events = [record(lead, 20) for _ in range(3)]
    seal()
    raw(
        f"UPDATE accounts_auditevent SET {column} = 'bent' WHERE id = %s",  # noqa: S608
        events[1].pk,
    )
    problems = list(audit_problems())
    assert problems == [f"Event {events[1].pk} of 2026-11-20 12:00 was changed."]


def test_a_changed_value_is_named(lead):
    event = record(lead, 20, score=3)
    raw("UPDATE accounts_auditevent SET new = '{\"score\": 4}' WHERE id = %s", event.pk)
    assert len(list(audit_problems())) == 1


def test_a_changed_event_with_a_new_hash_breaks_its_seal(lead):
    event = record(lead, 20)
    seal()
    event.actor = "somebody.else@example.nhs.uk"
    raw(
        "UPDATE accounts_auditevent SET actor = %s, row_hash = %s WHERE id = %s",
        event.actor,
        row_hash(event),
        event.pk,
    )
    assert list(audit_problems()) == [
        "The events of 2026-11-20 do not match their seal."
    ]


def test_a_deleted_event_is_missed(lead):
    record(lead, 20)
    gone = record(lead, 20)
    seal()
    raw("DELETE FROM accounts_auditevent WHERE id = %s", gone.pk)
    assert list(audit_problems()) == ["2026-11-20 had 2 events when sealed, now 1."]


def test_a_smuggled_event_is_noticed(lead):
    record(lead, 20)
    seal()
    record(lead, 21)
    assert list(audit_problems()) == ["2026-11-21 had 0 events when sealed, now 1."]


def test_a_seal_made_anew_breaks_the_next(lead):
    event = record(lead, 20)
    first = seal()[0]
    raw("DELETE FROM accounts_auditevent WHERE id = %s", event.pk)
    AuditSeal.objects.filter(pk=first.pk).update(count=0, digest="0" * 64)
    assert "The seal of 2026-11-21 does not follow from the one before." in list(
        audit_problems()
    )


def test_a_missing_seal_is_named(lead):
    record(lead, 20)
    seal()
    AuditSeal.objects.filter(day=date(2026, 11, 21)).delete()
    assert "The seal of 2026-11-21 is missing." in list(audit_problems())


def test_the_command(lead, capsys):
    event = record(lead, 20)
    seal()
    call_command("verify_audit")
    assert "1 events, 3 seals, 0 problems." in capsys.readouterr().out
    raw("UPDATE accounts_auditevent SET actor = 'x' WHERE id = %s", event.pk)
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert f"Event {event.pk} of" in capsys.readouterr().out
