"""One column of a table: the ground of rows, JSON, CSV, OpenAPI and dictionary."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from qiportal.core.dates import LONDON

STATES = ("met", "not_yet", "not_applicable")
NULL_REASONS = (
    *("small_number", "no_data", "not_asked", "not_comparable", "too_few_points"),
    "all_alike",
)
EXACT = 2**53


@dataclass(frozen=True)
class Column:
    """One column as clients see it.

    `type` is int, num, text, bool, date, ts, state or day (an int like 20261123 that
    points at dim_date). `source` is what to read: a path, an expression, or a function
    that gives one; COMPUTED columns are filled in by the table's `compute`. `convert`
    replaces the type's own conversion. `at`: the source of a day is a moment. `where`
    turns `?<name>=` into a condition where the source cannot be compared.
    """

    name: str
    type: str
    meaning: str
    source: Any = None
    null: bool = False
    key: bool = False
    references: str = ""
    choices: tuple[str, ...] = ()
    unit: str = ""
    since: str = "1.0"
    convert: Callable[[Any], Any] | None = None
    at: bool = False
    where: Callable[[Any, Any], Any] | None = None

    @property
    def shown_type(self) -> str:
        """The type in the dictionary: int, num, text, bool, date or ts."""
        return {"day": "int", "state": "text"}.get(self.type, self.type)

    @property
    def filters(self) -> bool:
        """Whether `?<name>=` picks rows: key columns and links to other tables."""
        return self.key or bool(self.references)

    def to_known(self) -> Callable[[Any], Any] | None:
        """How a value that is there becomes JSON; None where it is JSON already.

        An empty text stands for nothing in a column that may be null.
        """
        if self.convert:
            return self.convert
        if self.null and self.type in ("text", "state"):
            return text_or_none
        if self.type == "day" and not self.at:
            return plain_day_key
        return CONVERT[self.type]

    def schema(self) -> dict[str, Any]:
        """The column as JSON Schema (OpenAPI 3.1)."""
        kind = dict(SCHEMAS[self.type])
        values: list[Any] = list(STATES if self.type == "state" else self.choices)
        if self.null:
            kind["type"] = [kind["type"], "null"]
        if values:
            kind["enum"] = [*values, None] if self.null else values
        return {**kind, "description": self.meaning}


class _Computed:
    """Marks a column that is worked out from the row, not read."""

    def __repr__(self) -> str:
        return "COMPUTED"


COMPUTED = _Computed()


def text_or_none(value: Any) -> str | None:
    return str(value) or None


def number(value: Any) -> int | float | None:
    """A JSON number; whole numbers without a point, what is not finite as null."""
    found = value if type(value) is float else float(value)
    if not math.isfinite(found):
        return None
    return int(found) if found.is_integer() and abs(found) < EXACT else found


def iso_utc(moment: datetime) -> str:
    """2026-11-23T02:04:00Z, with microseconds where there are any."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat()[:-6] + "Z"


def local_date(value: date | datetime) -> date:
    """A day as it is; a moment's day in London."""
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def iso_day(value: date | datetime) -> str:
    return local_date(value).isoformat()


def plain_day_key(day: date) -> int:
    """20261123 for 23 November 2026: the key of dim_date."""
    return day.year * 10000 + day.month * 100 + day.day


def day_key(value: date | datetime) -> int:
    """The same, of a moment's day in London."""
    return plain_day_key(local_date(value))


CONVERT: dict[str, Callable[[Any], Any] | None] = {
    "int": None,
    "num": number,
    "text": None,
    "bool": None,
    "date": iso_day,
    "ts": iso_utc,
    "day": day_key,
    "state": None,
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "int": {"type": "integer"},
    "num": {"type": "number"},
    "text": {"type": "string"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "ts": {"type": "string", "format": "date-time"},
    "day": {"type": "integer"},
    "state": {"type": "string"},
}


def key(name: str, meaning: str, source: Any = None, **more: Any) -> Column:
    """A key of the table's own rows."""
    return Column(name, more.pop("type", "int"), meaning, source, key=True, **more)


def link(name: str, meaning: str, source: Any, to: str, **more: Any) -> Column:
    """A number that joins to a dimension: `to` names its table and column."""
    return Column(name, "int", meaning, source, references=to, **more)


def day(name: str, meaning: str, source: Any, **more: Any) -> Column:
    """A day that joins to dim_date."""
    return Column(name, "day", meaning, source, references="dim_date.date_key", **more)


def text(name: str, meaning: str, source: Any = None, **more: Any) -> Column:
    return Column(name, "text", meaning, source, **more)


def whole(name: str, meaning: str, source: Any = None, **more: Any) -> Column:
    return Column(name, "int", meaning, source, **more)


def num(name: str, meaning: str, source: Any = None, **more: Any) -> Column:
    return Column(name, "num", meaning, source, **more)


def flag(name: str, meaning: str, source: Any = None, **more: Any) -> Column:
    return Column(name, "bool", meaning, source, **more)


def date_(name: str, meaning: str, source: Any = None, **more: Any) -> Column:
    return Column(name, "date", meaning, source, **more)


def moment(name: str, meaning: str, source: Any = None, **more: Any) -> Column:
    return Column(name, "ts", meaning, source, **more)


def state(name: str, meaning: str) -> Column:
    return Column(name, "state", meaning, COMPUTED)
