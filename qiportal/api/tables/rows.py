"""Rows by SQL: straight from the live tables, or from the published run.

A page is a keyset over (changed_at, key): rows that changed at the same moment are told
apart by their key, so none is lost between two pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from qiportal.accounts.models import Tombstone
from qiportal.api.columns import COMPUTED
from qiportal.api.tables.base import (
    ROW,
    SNAPSHOT,
    Filters,
    Found,
    Row,
    Stamp,
    Table,
    Viewer,
)
from qiportal.api.tables.filters import between, picked
from qiportal.api.tables.gone import Gone
from qiportal.core.dates import local_day

CHUNK = 2000
Place = tuple[datetime, Any] | None


@dataclass(frozen=True)
class Part:
    """Some of a table's rows: which, and the expression of their `updated_at`."""

    changed: Any
    which: Q = Q()


@dataclass(frozen=True)
class OrmRows:
    """A table read by queries of one form.

    `rows` gives what the viewer may see; `changed` is the expression of `updated_at`
    (None: a snapshot, whose rows all carry the moment their run was published);
    `unit_path` leads to a row's unit path; `key` to the whole number that tells rows
    apart. `fresh` adds to the ETag what computed columns depend on. A stream is sorted
    by `streamed`, so that rows worked out together lie together.

    `shown` is for large tables: the path to the moment their project came into sight,
    which counts as a row's change when it is later. Rows are then read in two parts,
    each in the order of an index, instead of sorting all by the later of two moments.
    """

    rows: Callable[[Viewer], QuerySet]
    changed: Any = None
    unit_path: str = ""
    gone: Gone | None = None
    fresh: Callable[[], Any] | None = None
    key: str = "pk"
    streamed: tuple[str, ...] = ()
    shown: str = ""

    @property
    def kind(self) -> str:
        return SNAPSHOT if self.changed is None else ROW

    @property
    def has_unit(self) -> bool:
        return bool(self.unit_path)

    @property
    def has_gone(self) -> bool:
        return self.gone is not None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Together every row, none twice."""
        if not self.shown:
            return (Part(self.changed),)
        later = Q(**{f"{self.shown}__gt": self.changed})
        not_later = Q(**{self.shown: None}) | Q(**{f"{self.shown}__lte": self.changed})
        return Part(self.changed, not_later), Part(F(self.shown), later)

    def seen(self, viewer: Viewer) -> QuerySet:
        """Every row the viewer may see, whatever the request narrows it to."""
        rows = self.rows(viewer)
        if viewer.limit and self.unit_path:
            rows = rows.filter(**{f"{self.unit_path}__startswith": viewer.limit})
        return rows

    def page(
        self,
        table: Table,
        viewer: Viewer,
        filters: Filters,
        after: Place,
        limit: int,
    ) -> list[Found]:
        found: list[Found] = []
        for rows in self._narrowed(table, viewer, filters):
            found += self._read(table, viewer, self._behind(rows, after), limit)
        found += self._gone(table, viewer, filters, after, limit)
        return sorted(found, key=lambda entry: entry[:2])[:limit]

    def stream(self, table: Table, viewer: Viewer, filters: Filters) -> Iterator[Row]:
        for rows in self._narrowed(table, viewer, filters):
            values = self._values(table, rows.order_by(*(self.streamed or (self.key,))))
            tuples = values.iterator(chunk_size=CHUNK)
            while chunk := list(islice(tuples, CHUNK)):
                yield from (entry.row for entry in self._found(table, viewer, chunk))
        for entry in self._gone(table, viewer, filters, None, None):
            yield entry.row

    def stamp(self, table: Table, viewer: Viewer, filters: Filters) -> Stamp:
        """One query for each part; with deletions, one for the newest of those."""
        parts = self._narrowed(table, viewer, filters)
        if self.changed is None:
            return Stamp(sum(rows.count() for rows in parts), ())
        found = [r.aggregate(n=Count("pk"), at=Max("changed_at")) for r in parts]
        count = sum(part["n"] for part in found)
        count += len(self._gone(table, viewer, filters, None, None))
        more = [self.fresh()] if self.fresh else []
        if self.gone is not None:
            more.append(Tombstone.objects.aggregate(at=Max("deleted_at"))["at"])
        newest = [part["at"] for part in found]
        return Stamp(count, (count, *newest, local_day(viewer.moment), *more))

    def _gone(
        self,
        table: Table,
        viewer: Viewer,
        filters: Filters,
        after: Place,
        limit: int | None,
    ) -> list[Found]:
        """Rows that went since; none unless the request asks for changes."""
        if filters.since is None or self.gone is None:
            return []
        return self.gone.page(self.seen(viewer), table, viewer, filters, after, limit)

    def _nothing_to_read(self, viewer: Viewer, filters: Filters) -> bool:
        """A snapshot table without a run, or without one newer than asked for."""
        if self.changed is not None:
            return False
        if viewer.run_id is None or viewer.run_at is None:
            return True
        return filters.since is not None and viewer.run_at <= filters.since

    def _narrowed(
        self, table: Table, viewer: Viewer, filters: Filters
    ) -> list[QuerySet]:
        """The rows asked for, by part; no part where there is nothing to read."""
        if self._nothing_to_read(viewer, filters):
            return []
        rows = self.seen(viewer).annotate(**_expressions(table))
        if filters.unit_path is not None:
            rows = rows.filter(**{f"{self.unit_path}__startswith": filters.unit_path})
        for column, value in filters.keys:
            rows = rows.filter(picked(column, value, viewer))
        rows = rows.filter(*between(table.date_column, filters))
        if self.changed is None:
            return [rows]
        parts = [
            rows.filter(part.which).annotate(changed_at=part.changed)
            for part in self.parts
        ]
        if filters.since is None:
            return parts
        return [part.filter(changed_at__gte=filters.since) for part in parts]

    def _behind(self, rows: QuerySet, after: Place) -> QuerySet:
        if after is None:
            return rows
        at, key = after
        if self.changed is None:
            return rows.filter(**{f"{self.key}__gt": key})
        later = Q(changed_at__gt=at) | Q(changed_at=at, **{f"{self.key}__gt": key})
        return rows.filter(later, changed_at__gte=at)

    def _read(
        self, table: Table, viewer: Viewer, rows: QuerySet, limit: int
    ) -> list[Found]:
        order = (self.key,) if self.changed is None else ("changed_at", self.key)
        tuples = list(self._values(table, rows.order_by(*order)[:limit]))
        return self._found(table, viewer, tuples)

    def _values(self, table: Table, rows: QuerySet) -> QuerySet:
        """Each path once, whatever the number of columns made from it."""
        stamps = () if self.changed is None else ("changed_at",)
        return rows.values_list(self.key, *dict.fromkeys(_paths(table)), *stamps)

    def _found(self, table: Table, viewer: Viewer, tuples: list) -> list[Found]:
        """Rows as served, with their places in the walk."""
        read = _paths(table)
        place = {path: i for i, path in enumerate(dict.fromkeys(read), start=1)}
        names = list(zip(_sources(table), (place[path] for path in read), strict=True))
        is_live = self.changed is not None
        raw = []
        for values in tuples:
            row = {name: values[i] for name, i in names}
            row["_at"] = values[-1] if is_live else viewer.run_at
            raw.append(row)
        served = table.finished(raw, viewer, viewer.moment)
        return [
            Found(row["_at"], values[0], done)
            for values, row, done in zip(tuples, raw, served, strict=True)
        ]


def _expressions(table: Table) -> dict[str, Any]:
    return {
        f"api_{name}": value
        for name, value in _sources(table).items()
        if not isinstance(value, str)
    }


def _paths(table: Table) -> list[str]:
    """What is read for each source: its path, or the name of its expression."""
    return [
        value if isinstance(value, str) else f"api_{name}"
        for name, value in _sources(table).items()
    ]


def _sources(table: Table) -> dict[str, Any]:
    """What a query reads, by name: paths as text, everything else as expressions."""
    sources = {c.name: c.source for c in table.own if c.source is not COMPUTED}
    sources = {n: n if source is None else source for n, source in sources.items()}
    sources = {**sources, **table.reads}
    return {name: s() if callable(s) else s for name, s in sources.items()}
