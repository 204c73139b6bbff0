"""What a table is: its columns, where its rows come from, and who may see which."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from qiportal.accounts.models import User
from qiportal.api.columns import Column, flag, iso_utc, moment, text

Row = dict[str, Any]
ROW, SNAPSHOT = "row-level", "snapshot"


@dataclass
class Viewer:
    """Who asks, and for which published run. `limit`: path of the unit they may see.

    `cache` lives as long as the request; computed columns keep work in it.
    """

    user: User
    limit: str
    moment: datetime
    run_id: int | None = None
    run_at: datetime | None = None
    cache: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filters:
    """What a request narrows a table to. `end` is not included; keys are parsed."""

    since: datetime | None = None
    start: date | None = None
    end: date | None = None
    unit_path: str | None = None
    keys: tuple[tuple[Column, Any], ...] = ()


class Found(NamedTuple):
    """A row with its place in the walk. Of two at one moment the lower `id` is first.

    Rows that are in no table any more have ids below zero.
    """

    at: datetime
    id: int | str
    row: Row


class Stamp(NamedTuple):
    """How many rows there are, and what changes when any of them does."""

    count: int
    marks: tuple[Any, ...]


class Source(Protocol):
    """Where a table's rows come from."""

    @property
    def kind(self) -> str:
        """ROW or SNAPSHOT."""

    @property
    def has_unit(self) -> bool:
        """Whether rows belong to units."""

    @property
    def has_gone(self) -> bool:
        """Whether rows can go."""

    def page(
        self,
        table: "Table",
        viewer: Viewer,
        filters: Filters,
        after: tuple[datetime, Any] | None,
        limit: int,
    ) -> list[Found]:
        """At most `limit` rows behind a place, in the order of the walk."""

    def stream(self, table: "Table", viewer: Viewer, filters: Filters) -> Iterator[Row]:
        """Every row, in one read."""

    def stamp(self, table: "Table", viewer: Viewer, filters: Filters) -> Stamp:
        """The number of rows and their freshness, cheaper than reading them."""


Compute = Callable[[list[Row], Viewer], None]

UPKEEP = (
    text("row_key", "The row's own key as text: replace the row that has it."),
    moment("updated_at", "When the row, or what it is worked out from, last changed."),
    flag("is_deleted", "True for a row that is gone; its other columns are empty."),
    moment("deleted_at", "When the row went.", null=True),
)


@dataclass(frozen=True)
class Table:
    """One declaration: rows, JSON, CSV, OpenAPI and dictionary all follow from it.

    `own` columns come first, then the four that every table has. `compute` fills in
    the COMPUTED columns of raw rows; `reads` names raw values it needs besides.
    `address` gives the `url` column of a live resource.
    """

    name: str
    meaning: str
    own: tuple[Column, ...]
    source: Source
    compute: Compute | None = None
    reads: Mapping[str, Any] = field(default_factory=dict)
    scope: str = "bi:read"
    path: str = ""
    page_size: int = 1000
    page_most: int = 5000
    address: Callable[[Row], str] | None = None

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return (*self.own, *UPKEEP)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def keys(self) -> tuple[Column, ...]:
        return tuple(column for column in self.own if column.key)

    @cached_property
    def key_filters(self) -> dict[str, Column]:
        """The columns that `?<name>=` may pick."""
        return {column.name: column for column in self.own if column.filters}

    @cached_property
    def date_column(self) -> Column | None:
        """The first day of a row: what `from` and `to` look at."""
        days = (column for column in self.own if column.type in ("date", "day", "ts"))
        return next(days, None)

    @cached_property
    def separator(self) -> str:
        return "-" if all(column.shown_type == "int" for column in self.keys) else "|"

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.keys)

    def row_key(self, row: Row) -> str:
        if len(self.key_names) == 1:
            return str(row[self.key_names[0]])
        return self.separator.join(str(row[name]) for name in self.key_names)

    @cached_property
    def conversions(self) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """(column, how a known value becomes JSON), where it is not JSON yet."""
        found = ((c.name, c.to_known()) for c in self.own)
        return tuple((name, convert) for name, convert in found if convert)

    def finished(self, raw: Iterable[Row], viewer: Viewer, at: datetime) -> list[Row]:
        """Raw rows as the API serves them; each brings `_at` unless all share `at`."""
        rows = list(raw)
        if self.compute:
            self.compute(rows, viewer)
        return [self._served(row, row.get("_at", at)) for row in rows]

    def _served(self, raw: Row, at: datetime) -> Row:
        for name, convert in self.conversions:
            value = raw.get(name)
            if value is not None:
                raw[name] = convert(value)
        if self.address:
            raw["url"] = self.address(raw)
        raw["row_key"] = self.row_key(raw)
        raw["updated_at"] = iso_utc(at)
        raw["is_deleted"], raw["deleted_at"] = False, None
        return {name: raw.get(name) for name in self.names}

    def tombstone(self, keys: Mapping[str, Any], at: datetime) -> Row:
        """A row that is gone: its keys and when, all else null."""
        row: Row = dict.fromkeys(self.names)
        for column in self.keys:
            convert, value = column.to_known(), keys[column.name]
            row[column.name] = convert(value) if convert else value
        row["row_key"] = self.row_key(row)
        row["updated_at"] = row["deleted_at"] = iso_utc(at)
        row["is_deleted"] = True
        return row
