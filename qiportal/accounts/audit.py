"""The one way to write an audit event."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from qiportal.accounts.models import AuditEvent, User
from qiportal.accounts.permissions import effective_role
from qiportal.core.dates import now
from qiportal.core.middleware import request_id

HASHED = (
    "type",
    "actor",
    "effective_role",
    "target_model",
    "target_id",
    "unit_path",
    "old",
    "new",
    "request_id",
    "at",
)


def row_hash(event: AuditEvent) -> str:
    """SHA-256 over every field of an event, in a fixed order."""
    values = [getattr(event, name) for name in HASHED]
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def audit_record(
    *,
    type: str,
    target: models.Model,
    by: User | str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    unit_path: str = "",
) -> AuditEvent:
    """Writes one event inside the caller's transaction.

    `by` is the acting user, or "system:<job>" for work nobody started by hand.
    Raises ValueError for an empty actor: nothing is ever done by nobody.
    """
    actor = by if isinstance(by, str) else by.email
    if not actor:
        raise ValueError("An audit event needs an actor.")
    event = AuditEvent(
        type=type,
        actor=actor,
        effective_role="system" if isinstance(by, str) else effective_role(by),
        target_model=target._meta.label,
        target_id=str(target.pk),
        unit_path=unit_path or _unit_path(target),
        old=_plain(old),
        new=_plain(new),
        request_id=request_id.get(),
        at=now(),
    )
    event.row_hash = row_hash(event)
    event.save(force_insert=True)
    return event


def audit_read(*, what: str, by: User, detail: dict[str, Any] | None = None) -> None:
    """Notes that somebody read rows about people: comments, a roster, the audit log."""
    audit_record(type=f"{what}.read", target=by, by=by, new=detail)


def export_record(*, what: str, by: User, rows: int) -> None:
    """Notes that somebody took rows away as a CSV or XLSX file."""
    audit_record(type=f"{what}.exported", target=by, by=by, new={"rows": rows})


def _plain(values: dict[str, Any] | None) -> dict[str, Any]:
    """The values as JSON will give them back, so that the hash can be recomputed."""
    return json.loads(json.dumps(values or {}, cls=DjangoJSONEncoder))


def _unit_path(target: models.Model) -> str:
    """The path of the unit the target belongs to, where it has one at hand."""
    unit = getattr(target, "unit", None)
    return getattr(unit, "path", "") or ""
