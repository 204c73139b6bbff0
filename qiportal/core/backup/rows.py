"""One table as NDJSON lines and back, the same bytes on either engine."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.utils.duration import duration_iso_string

LEFT_OUT = ("django_session",)
MADE_BY_MIGRATE = ("django_content_type", "auth_permission")
PARAMETERS = 30_000  # below SQLite's limit of 32,766 for one statement


def tables() -> list[type[models.Model]]:
    """Every model with a table of its own, many-to-many tables included, by name.

    Sessions are left out: a restore signs everybody out.
    """
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [found[name] for name in sorted(found) if name not in LEFT_OUT]


def columns(model: type[models.Model]) -> list[models.Field]:
    """The stored columns; generated ones are computed again by the database."""
    return [
        field
        for field in model._meta.concrete_fields
        if not getattr(field, "generated", False)
    ]


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """The rows in key order, one JSON array a line, streamed."""
    names = [field.attname for field in columns(model)]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        yield encoded(row)


def encoded(row: Iterable[Any]) -> bytes:
    text = json.dumps(
        [plain(value) for value in row],
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode("utf-8") + b"\n"


def plain(value: Any) -> Any:
    """A value as JSON, in the form that its field's to_python() reads back."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case Decimal():
            return format(value, "f")
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode("ascii")
        case _:
            return value


def insert(model: type[models.Model], rows: Iterable[bytes]) -> int:
    """Insert NDJSON lines as they are: keys and times kept. Returns the row count."""
    fields = columns(model)
    size = max(1, PARAMETERS // len(fields))
    batch: list[list[Any]] = []
    count = 0
    for line in rows:
        batch.append(stored(fields, json.loads(line)))
        count += 1
        if len(batch) == size:
            insert_batch(model, fields, batch)
            batch = []
    insert_batch(model, fields, batch)
    return count


def stored(fields: list[models.Field], values: list[Any]) -> list[Any]:
    """JSON values as the parameters that this engine's driver takes."""
    return [parameter(f, value) for f, value in zip(fields, values, strict=True)]


def parameter(field: models.Field, value: Any) -> Any:
    """One value for the driver; a required JSON column's null is JSON's, not SQL's."""
    if value is not None:
        return field.get_db_prep_save(field.to_python(value), connection)
    if isinstance(field, models.JSONField) and not field.null:
        return connection.ops.adapt_json_value(None, field.encoder)
    return None


def insert_batch(
    model: type[models.Model], fields: list[models.Field], batch: list[list[Any]]
) -> None:
    if not batch:
        return
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    marks = "(" + ", ".join(["%s"] * len(fields)) + ")"
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608
        + ", ".join([marks] * len(batch))
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in batch for value in row])


def reset_sequences(models_: list[type[models.Model]]) -> None:
    """Let the next key follow the highest restored one."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models_):
            cursor.execute(sql)
