"""Rows by SQL: straight from the live tables, or from the published run.

A page is a keyset over (changed_at, key): rows that changed at the same moment are told
apart by their key, so none is lost between two pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

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


@dataclass(frozen=True)
class OrmRows:
    """A table read by one query.

    `rows` gives what the viewer may see; `changed` is the expression of `updated_at`
    (None: a snapshot, whose rows all carry the moment their run was published);
    `unit_path` leads to a row's unit path; `key` to the whole number that tells rows
    apart. `fresh` adds to the ETag what computed columns depend on. A stream is sorted
    by `streamed`, so that rows worked out together lie together.
    """

    rows: Callable[[Viewer], QuerySet]
    changed: Any = None
    unit_path: str = ""
    gone: Gone | None = None
    fresh: Callable[[], Any] | None = None
    key: str = "pk"
    streamed: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return SNAPSHOT if self.changed is None else ROW

    @property
    def has_unit(self) -> bool:
        return bool(self.unit_path)

    @property
    def has_gone(self) -> bool:
        return self.gone is not None

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
        after: tuple[datetime, Any] | None,
        limit: int,
    ) -> list[Found]:
        if self._nothing_to_read(viewer, filters):
            return []
        rows = self._narrowed(table, viewer, filters)
        found = self._read(table, viewer, self._behind(rows, after), limit)
        if filters.since is None or self.gone is None:
            return found
        gone = self.gone.page(self.seen(viewer), table, viewer, filters, after, limit)
        return sorted([*found, *gone], key=lambda entry: entry[:2])[:limit]

    def stream(self, table: Table, viewer: Viewer, filters: Filters) -> Iterator[Row]:
        if self._nothing_to_read(viewer, filters):
            return
        rows = self._narrowed(table, viewer, filters)
        values = self._values(table, rows.order_by(*(self.streamed or (self.key,))))
        tuples = values.iterator(chunk_size=CHUNK)
        while chunk := list(islice(tuples, CHUNK)):
            yield from (entry.row for entry in self._found(table, viewer, chunk))
        if filters.since is not None and self.gone is not None:
            seen = self.seen(viewer)
            for entry in self.gone.page(seen, table, viewer, filters, None, None):
                yield entry.row

    def stamp(self, table: Table, viewer: Viewer, filters: Filters) -> Stamp:
        """One query for the rows; with deletions, one for the newest of those."""
        if self._nothing_to_read(viewer, filters):
            return Stamp(0, ())
        rows = self._narrowed(table, viewer, filters)
        if self.changed is None:
            return Stamp(rows.count(), ())
        marks = rows.aggregate(count=Count("pk"), newest=Max("changed_at"))
        count, more = marks["count"], []
        if self.gone is not None:
            more.append(Tombstone.objects.aggregate(at=Max("deleted_at"))["at"])
            if filters.since is not None:
                seen = self.seen(viewer)
                gone = self.gone.page(seen, table, viewer, filters, None, None)
                count += len(gone)
        if self.fresh:
            more.append(self.fresh())
        day = local_day(viewer.moment)
        return Stamp(count, (count, marks["newest"], day, *more))

    def _nothing_to_read(self, viewer: Viewer, filters: Filters) -> bool:
        """A snapshot table without a run, or without one newer than asked for."""
        if self.changed is not None:
            return False
        if viewer.run_id is None or viewer.run_at is None:
            return True
        return filters.since is not None and viewer.run_at <= filters.since

    def _narrowed(self, table: Table, viewer: Viewer, filters: Filters) -> QuerySet:
        rows = self.seen(viewer).annotate(**self._annotations(table))
        if filters.unit_path is not None:
            rows = rows.filter(**{f"{self.unit_path}__startswith": filters.unit_path})
        if self.changed is not None and filters.since is not None:
            rows = rows.filter(changed_at__gte=filters.since)
        for column, value in filters.keys:
            rows = rows.filter(picked(column, value, viewer))
        return rows.filter(*between(table.date_column, filters))

    def _annotations(self, table: Table) -> dict[str, Any]:
        found = {
            f"api_{name}": value
            for name, value in _sources(table).items()
            if not isinstance(value, str)
        }
        return found if self.changed is None else {**found, "changed_at": self.changed}

    def _behind(self, rows: QuerySet, after: tuple[datetime, Any] | None) -> QuerySet:
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
