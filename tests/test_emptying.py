"""What a committed test leaves is gone for the next one, also what is append-only."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import AuditEvent
from tests.emptying import empty, holding_rows


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_but_what_migrating_made(project, lead):
    audit_record(type="project.joined", target=project, by=lead, new={"relation": "x"})
    assert len(holding_rows(connection)) > 5
    assert AuditEvent.objects.exists()
    empty(connection)
    assert holding_rows(connection) == []
    assert not AuditEvent.objects.exists()
    assert Permission.objects.exists()
