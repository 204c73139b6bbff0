"""What is past its time goes, what is not stays."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.db import connection

from qiportal.accounts.drafts import draft_save
from qiportal.accounts.models import Draft, RoleAssignment, TokenDay
from qiportal.accounts.tidying import (
    desk_tidy,
    desk_tidy_job,
    sysadmins_with_other_roles,
)
from qiportal.accounts.tokens import token_issue
from qiportal.jobs.models import JobRun
from tests.factories import RoleAssignmentFactory

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.mark.parametrize(("days", "left"), [(30, 1), (31, 0)])
def test_drafts_are_kept_30_days(frontline, days, left):
    with time_machine.travel(NOW - timedelta(days=days), tick=False):
        draft_save(user=frontline, form_key="x", fields={"a": ["b"]})
    with time_machine.travel(NOW, tick=False):
        desk_tidy()
    assert Draft.objects.count() == left


@pytest.mark.parametrize(("days", "left"), [(396, 1), (397, 0)])
def test_sign_ins_are_kept_13_months(db, days, left):
    with time_machine.travel(NOW - timedelta(days=days), tick=False):
        AccessLog.objects.create(username="x", path_info="/", http_accept="")
    with time_machine.travel(NOW, tick=False):
        desk_tidy()
    assert AccessLog.objects.count() == left


def test_a_running_lock_is_not_lifted(db):
    AccessAttempt.objects.create(
        username="x", failures_since_start=5, ip_address="10.0.0.1"
    )
    assert desk_tidy()["attempts"] == 0


def test_ended_sessions_and_old_counts_go(client, frontline):
    client.force_login(frontline)
    token = token_issue(
        responsible=frontline, name="x", scopes=["bi:read"], days=1, by=frontline
    ).token
    for age in (399, 401):
        day = (NOW - timedelta(days=age)).date()
        TokenDay.objects.create(token=token, day=day, requests=1)
    with time_machine.travel(NOW, tick=False):
        counts = desk_tidy()
    assert counts["token_days"] == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31), tick=False):
        assert desk_tidy()["sessions"] == 1


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="PostgreSQL refuses it before"
)
def test_a_sysadmin_with_another_role_is_told(sysadmin, caplog):
    assert sysadmins_with_other_roles() == []
    RoleAssignment.objects.bulk_create(
        [RoleAssignmentFactory.build(user=sysadmin, role="board")]
    )
    stats = desk_tidy_job(JobRun(kind="desk_tidy", key="x"))
    assert stats["roles_to_mend"] == 1
    assert "hold sysadmin beside another role" in caplog.text
