"""Tokens: 256 bits, hashed at rest, limited, expiring, revocable (SECURITY T17)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.core.serializers import serialize

from qiportal.accounts.models import ApiToken, AuditEvent, TokenDay, User
from qiportal.accounts.selectors import tokens_for
from qiportal.accounts.tokens import (
    TooManyBadTokens,
    token_authenticate,
    token_issue,
    token_revoke,
    token_rotate,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
IP = "10.1.2.3"


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def dev(ward):
    return UserFactory(email="dev@example.nhs.uk", home_unit=ward)


def issue(dev, sysadmin, **changes):
    wanted = {
        "responsible": dev,
        "name": "Power BI",
        "scopes": ["bi:read"],
        "days": 30,
        "by": sysadmin,
    }
    return token_issue(**{**wanted, **changes})


def test_a_token_has_an_id_and_256_random_bits(dev, sysadmin):
    issued = issue(dev, sysadmin)
    start, id_, secret = issued.secret.split("_", 2)
    assert (start, id_) == ("qip", issued.token.prefix)
    assert len(secret) == 43  # 32 bytes in base 64
    assert issue(dev, sysadmin).secret != issued.secret


def test_a_dump_of_every_table_holds_no_usable_token(dev, sysadmin):
    issued = issue(dev, sysadmin)
    rows = [*ApiToken.objects.all(), *AuditEvent.objects.all(), *User.objects.all()]
    dump = serialize("json", rows)
    assert issued.token.prefix in dump
    assert issued.secret.split("_", 2)[2] not in dump


def test_the_account_is_a_service_account_of_its_person(dev, sysadmin):
    issued = issue(dev, sysadmin)
    account = issued.token.user
    assert account.kind == "service"
    assert account.responsible == dev
    assert not account.has_usable_password()
    assert issue(dev, sysadmin).token.user == account
    assert issue(dev, sysadmin, name="R scripts").token.user != account


def test_issuing_is_audited_without_the_secret(dev, sysadmin):
    issued = issue(dev, sysadmin, unit=dev.home_unit)
    event = AuditEvent.objects.get(type="token.issued")
    assert event.actor == sysadmin.email
    assert event.new["scopes"] == ["bi:read"]
    assert event.new["unit"] == dev.home_unit.code
    assert issued.secret not in json.dumps(event.new)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scopes": ["bi:write"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"name": "  "}, "name"),
    ],
)
def test_what_is_refused(changes, field, dev, sysadmin):
    with pytest.raises(ValidationError) as caught:
        issue(dev, sysadmin, **changes)
    assert list(caught.value.message_dict) == [field]
    assert not ApiToken.objects.exists()


def test_only_a_person_who_can_sign_in_is_responsible(dev, sysadmin):
    service = issue(dev, sysadmin).token.user
    leaver = UserFactory(is_active=False)
    for nobody in (service, leaver):
        with pytest.raises(ValidationError):
            issue(nobody, sysadmin)


def test_a_good_token_gives_its_row_and_is_counted(dev, sysadmin):
    issued = issue(dev, sysadmin)
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        for _ in range(3):
            assert token_authenticate(issued.secret, IP) == issued.token
    row = ApiToken.objects.get()
    assert row.last_used_at == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert list(TokenDay.objects.values_list("requests", flat=True)) == [3]


def test_requests_of_the_last_30_days(dev, sysadmin):
    token = issue(dev, sysadmin).token
    today = datetime.now(UTC).date()
    for age, requests in ((0, 5), (29, 7), (30, 100)):
        day = today - timedelta(days=age)
        TokenDay.objects.create(token=token, day=day, requests=requests)
    assert tokens_for(sysadmin).get().recent_requests == 12


@pytest.mark.parametrize(
    "bend",
    [
        lambda raw: raw[:-1],
        lambda raw: raw + "x",
        lambda raw: raw.replace("qip_", "qxx_"),
        lambda raw: raw.rsplit("_", 1)[0],
        lambda raw: "",
        lambda raw: "qip_" + "\u00e9" * 8 + "_secret",
        lambda raw: "qip_\x00_" + "a" * 43,
        lambda raw: raw * 1000,
    ],
)
def test_a_wrong_token_opens_nothing(bend, dev, sysadmin):
    raw = issue(dev, sysadmin).secret
    assert token_authenticate(bend(raw), IP) is None


def test_revoked_acts_at_once_and_twice_is_once(dev, sysadmin):
    issued = issue(dev, sysadmin)
    token_revoke(token=issued.token, by=dev)
    token_revoke(token=issued.token, by=dev)
    assert token_authenticate(issued.secret, IP) is None
    assert AuditEvent.objects.filter(type="token.revoked").count() == 1


def test_expiry_at_its_edge(dev, sysadmin):
    start = datetime(2026, 11, 1, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        issued = issue(dev, sysadmin, days=1)
    with time_machine.travel(start + timedelta(hours=23, minutes=59), tick=False):
        assert token_authenticate(issued.secret, IP)
    with time_machine.travel(start + timedelta(days=1), tick=False):
        assert token_authenticate(issued.secret, IP) is None


@pytest.mark.parametrize("who", ["service", "responsible"])
def test_a_deactivated_account_or_person_closes_the_token(who, dev, sysadmin):
    issued = issue(dev, sysadmin)
    leaver = issued.token.user if who == "service" else dev
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    assert token_authenticate(issued.secret, IP) is None


def test_rotation_keeps_rights_and_end_and_overlaps_24_hours(dev, sysadmin):
    start = datetime(2026, 11, 1, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        old = issue(dev, sysadmin, days=10, unit=dev.home_unit)
        new = token_rotate(token=old.token, by=dev)
    assert new.token.scopes == ["bi:read"]
    assert new.token.unit == dev.home_unit
    assert new.token.expires_at == start + timedelta(days=10)
    with time_machine.travel(start + timedelta(hours=23), tick=False):
        assert token_authenticate(old.secret, IP)
        assert token_authenticate(new.secret, IP)
    with time_machine.travel(start + timedelta(hours=24), tick=False):
        assert token_authenticate(old.secret, IP) is None
        assert token_authenticate(new.secret, IP)


def test_rotation_never_lengthens_a_token(dev, sysadmin):
    start = datetime(2026, 11, 1, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        old = issue(dev, sysadmin, days=1)
    with time_machine.travel(start + timedelta(hours=23), tick=False):
        token_rotate(token=old.token, by=dev)
    old.token.refresh_from_db()
    assert old.token.expires_at == start + timedelta(days=1)


@pytest.mark.parametrize("state", ["revoked", "expired", "rotated"])
def test_what_does_not_work_cannot_be_rotated(state, dev, sysadmin):
    token = issue(dev, sysadmin).token
    if state == "revoked":
        token_revoke(token=token, by=dev)
    elif state == "rotated":
        token_rotate(token=token, by=dev)
    else:
        ApiToken.objects.update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(ValidationError):
        token_rotate(token=token, by=dev)


def test_ten_bad_tokens_a_minute_then_the_door_is_shut(dev, sysadmin):
    good = issue(dev, sysadmin).secret
    for _ in range(10):
        assert token_authenticate("qip_nobody_nothing", IP) is None
    with pytest.raises(TooManyBadTokens):
        token_authenticate("qip_nobody_nothing", IP)
    assert token_authenticate("qip_nobody_nothing", "10.9.9.9") is None
    assert token_authenticate(good, IP), "a good token always passes"


def test_who_sees_a_token(dev, sysadmin, frontline, qi_team):
    token = issue(dev, sysadmin).token
    seen = [
        user
        for user in (dev, sysadmin, frontline, qi_team, token.user)
        if ApiToken.objects.visible_to(user).exists()
    ]
    assert seen == [dev, sysadmin]


def test_the_command_prints_the_token_alone(dev, capsys):
    call_command("bi_token", "Dev@Example.nhs.uk", "--scope", "bi:read", "--days", "7")
    printed = capsys.readouterr()
    token = token_authenticate(printed.out.strip(), IP)
    assert token.scopes == ["bi:read"]
    assert token.user.responsible == dev
    assert "shown only now" in printed.err


def test_the_command_takes_a_unit_and_several_scopes(dev, capsys):
    call_command(
        *("bi_token", dev.email, "--unit", dev.home_unit.code),
        *("--scope", "bi:read", "--scope", "measures:write", "--days", "1"),
    )
    token = ApiToken.objects.get()
    assert token.scopes == ["bi:read", "measures:write"]
    assert token.unit == dev.home_unit


@pytest.mark.parametrize(
    "args",
    [
        ["nobody@example.nhs.uk", "--days", "7"],
        ["dev@example.nhs.uk", "--days", "366"],
        ["dev@example.nhs.uk", "--scope", "everything"],
        ["dev@example.nhs.uk", "--unit", "NOWHERE"],
    ],
)
def test_the_command_refuses_with_words(args, dev):
    with pytest.raises(CommandError):
        call_command("bi_token", *args)
    assert not ApiToken.objects.exists()
