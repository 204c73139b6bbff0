"""What every service of the log shares."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import Tombstone, User
from qiportal.core.dates import now
from qiportal.core.undo import kept_days, kept_since
from qiportal.core.versions import versioned_save

Row = TypeVar("Row", bound=models.Model)


def cleaned(row: Row) -> Row:
    """The row, if its fields are right; else ValidationError in plain words.

    Relations are not looked up again: services are given the objects themselves.
    """
    relations = [f.name for f in row._meta.concrete_fields if f.is_relation]
    row.clean_fields(exclude=relations)
    row.clean()
    return row


@contextmanager
def constraints_told(row: Row) -> Iterator[None]:
    """The database decides; what it refuses becomes a message people can read.

    Asking for each constraint before every write would cost three statements each.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        row.validate_constraints(exclude=["submission_id"])
        raise


def created(row: Row) -> Row:
    """Checks and inserts. Raises ValidationError."""
    with constraints_told(cleaned(row)):
        row.save(force_insert=True)
    return row


def earlier(model: type[Row], submission_id: uuid.UUID | None) -> Row | None:
    """What the same form made when it was sent before."""
    if submission_id is None:
        return None
    return model._base_manager.filter(submission_id=submission_id).first()


def locked(row: Row, *related: str) -> Row:
    """The row as it stands, held until the end of the transaction; `related` with it.

    SQLite is serial already: its transactions begin with the write lock.
    """
    rows = type(row)._base_manager.select_for_update(of=("self",))
    if related:
        rows = rows.select_related(*related)
    return rows.get(pk=row.pk)


def changed(
    row: Any,
    *,
    version: int,
    type: str,
    by: User,
    values: dict[str, Any],
    unit: str,
    beside: Mapping[str, tuple[Any, Any]] | None = None,
) -> Any:
    """Sets values, checks, saves if the version still holds, and audits old and new.

    `beside` holds (before, after) of what the same form changed beside the row, such
    as the rows it names: it raises the version too, or the next editor would
    overwrite it unseen. Raises Conflict when somebody saved first, ValidationError
    for impossible values. Nothing is written when nothing differs.
    """
    old = {name: getattr(row, name) for name in values}
    differing = [name for name in values if old[name] != values[name]]
    for name in differing:
        setattr(row, name, values[name])
    moved = {name: pair for name, pair in (beside or {}).items() if pair[0] != pair[1]}
    if not (differing or moved) and row.version == version:
        return row
    with constraints_told(cleaned(row)):
        versioned_save(row, expected=version, fields=list(values))
    audit_record(
        type=type,
        target=row,
        by=by,
        old={name: audited(old[name]) for name in differing}
        | {name: before for name, (before, _) in moved.items()},
        new={name: audited(values[name]) for name in differing}
        | {name: after for name, (_, after) in moved.items()},
        unit_path=unit,
    )
    return row


def audited(value: Any) -> Any:
    """A value as the audit keeps it: rows by their key."""
    return value.pk if isinstance(value, models.Model) else value


def deleted(row: Any, *, resource: str, type: str, by: User, unit: str) -> Any:
    """Marks a row as deleted, leaves a tombstone for the API, audits.

    It can be brought back for a while. Deleting twice is the same as once.
    """
    row = locked(row)
    if row.deleted_at:
        return row
    row.deleted_at, row.deleted_by = now(), by
    versioned_save(row, expected=row.version, fields=["deleted_at", "deleted_by"])
    Tombstone.objects.update_or_create(
        resource=resource, row_key=str(row.pk), defaults={"unit_path": unit}
    )
    audit_record(type=type, target=row, by=by, unit_path=unit)
    return row


def restored(row: Any, *, resource: str, type: str, by: User, unit: str) -> Any:
    """Brings a deleted row back, in time and if nothing took its place.

    Raises ValidationError otherwise.
    """
    row = locked(row)
    if row.deleted_at is None:
        return row
    if row.deleted_at <= kept_since():
        raise ValidationError(f"This was deleted more than {kept_days()} days ago.")
    row.deleted_at = row.deleted_by = None
    with constraints_told(row):
        versioned_save(row, expected=row.version, fields=["deleted_at", "deleted_by"])
    Tombstone.objects.filter(resource=resource, row_key=str(row.pk)).delete()
    audit_record(type=type, target=row, by=by, unit_path=unit)
    return row
