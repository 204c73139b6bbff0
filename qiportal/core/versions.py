"""The optimistic lock: nobody overwrites a change they have not seen."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import models
from django.db.models import F

from qiportal.core.dates import now

Row = TypeVar("Row", bound=models.Model)


class Conflict(Exception):
    """Somebody saved the row first. `current` is the row as it now stands, or None."""

    def __init__(self, current: models.Model | None):
        super().__init__("Somebody else changed this while you were working on it.")
        self.current = current


def versioned_save(
    instance: Row, *, expected: int, fields: Sequence[str] | None = None
) -> Row:
    """Writes a changed row if its version is still `expected`; the version rises by 1.

    One statement compares and writes, so two writers cannot both win. `fields` limits
    what is written (default: every column). Call `full_clean()` first. Raises Conflict
    with the current row when somebody else was faster.
    """
    rows = instance._meta.model._base_manager  # request.user is a lazy wrapper
    changed_at = now()
    written = rows.filter(pk=instance.pk, version=expected).update(
        **{**_values(instance, fields), "updated_at": changed_at},
        version=F("version") + 1,
    )
    if not written:
        raise Conflict(rows.filter(pk=instance.pk).first())
    instance.version, instance.updated_at = expected + 1, changed_at
    return instance


def _values(instance: models.Model, fields: Sequence[str] | None) -> dict:
    own = {"version", "updated_at", "created_at"}
    return {
        field.attname: getattr(instance, field.attname)
        for field in instance._meta.concrete_fields
        if not field.primary_key
        and field.name not in own
        and (fields is None or field.name in fields)
    }
