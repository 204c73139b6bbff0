import io

import pytest
from django.core.management import CommandError, call_command

from qiportal.accounts.models import AuditEvent, User
from tests.factories import UserFactory

PASSWORD = "four plain words here"


def run(monkeypatch, password=PASSWORD, email="Ada@Example.nhs.uk"):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("first_sysadmin", email, name="Ada King", stdout=io.StringIO())


def test_first_sysadmin_can_sign_in_and_is_audited(db, monkeypatch, client):
    run(monkeypatch)
    user = User.objects.get(email="ada@example.nhs.uk")
    assert user.current_roles() == {"sysadmin"}
    assert user.check_password(PASSWORD)
    event = AuditEvent.objects.get()
    assert (event.type, event.actor) == ("user.first_sysadmin", "system:first_sysadmin")


def test_second_one_is_refused(sysadmin, monkeypatch):
    with pytest.raises(CommandError, match="There is a system administrator"):
        run(monkeypatch)
    assert not User.objects.filter(email="ada@example.nhs.uk").exists()


def test_administrator_who_left_does_not_count(sysadmin, monkeypatch):
    User.objects.filter(pk=sysadmin.pk).update(is_active=False)
    run(monkeypatch)
    assert User.objects.get(email="ada@example.nhs.uk").is_sysadmin


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_weak_password_is_refused(db, monkeypatch, password):
    with pytest.raises(CommandError, match="password"):
        run(monkeypatch, password)
    assert User.objects.count() == 0


def test_taken_address_is_refused(db, monkeypatch):
    UserFactory(email="ada@example.nhs.uk")
    with pytest.raises(CommandError, match="e-mail address"):
        run(monkeypatch)
