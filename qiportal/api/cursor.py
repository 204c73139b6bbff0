"""The place in a walk, signed: a client can pass it on but not change it.

It holds the table, a fingerprint of filters and unit limit, the published run or the
moment the walk began, and the (updated_at, key) of the last row. It does not expire.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing

from qiportal.api.problems import ApiProblem
from qiportal.api.tables.base import Filters, Table, Viewer

VERSION = 1
SALT = "qiportal.api.cursor"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Walk:
    """Where a walk stands: what it reads, since when, and behind which row."""

    run_id: int | None
    as_of: datetime
    after: tuple[datetime, Any]


def fingerprint(filters: Filters, viewer: Viewer) -> str:
    """Filters and unit limit in a few letters; a walk keeps both to its end."""
    keys = sorted((column.name, str(value)) for column, value in filters.keys)
    told = [filters.since, filters.start, filters.end, filters.unit_path, viewer.limit]
    text = json.dumps([str(value) for value in told] + [keys])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def cursor_sign(table: Table, mark: str, walk: Walk) -> str:
    at, key = walk.after
    told = [VERSION, table.path, mark, walk.run_id, micros(walk.as_of), micros(at), key]
    return signing.dumps(told, salt=SALT, compress=True)


def cursor_read(table: Table, mark: str, cursor: str) -> Walk:
    """The walk a cursor continues. Raises ApiProblem bad-cursor."""
    try:
        told = signing.loads(cursor, salt=SALT)
    except signing.BadSignature as error:
        raise ApiProblem("bad-cursor", "The cursor was changed or cut off.") from error
    if not isinstance(told, list) or told[:2] != [VERSION, table.path]:
        raise ApiProblem("bad-cursor", "The cursor belongs to another table.")
    known, run_id, as_of, at, key = told[2:]
    if known != mark:
        raise ApiProblem(
            "bad-cursor",
            "The filters differ from those the walk began with. Keep them, or begin "
            "again without a cursor.",
        )
    return Walk(run_id, moment_of(as_of), (moment_of(at), key))


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def moment_of(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND
