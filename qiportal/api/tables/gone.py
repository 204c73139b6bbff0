"""Rows that are gone or out of sight: what a reader of changes must forget.

Two places tell of them. Rows still in the database (deleted in the last 30 days, or of
a project that left the reader's sight) are found by a query; for rows no longer there,
the tombstone that the deleting service wrote is all that is left.

A row is only ever reported gone to somebody who may have seen it: of a project out of
sight only what was there before it went, and nothing of a project never in sight.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from projects.models import Project
from qiportal.accounts.models import Tombstone
from qiportal.api.tables.base import Filters, Found, Table, Viewer
from qiportal.api.tables.filters import picked, read_name

PROJECT = "project"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple[datetime, Any] | None


@dataclass(frozen=True)
class Gone:
    """How rows of a table go.

    `project` is the path to a row's project; `stamps` the paths of moments that say a
    row itself is gone; `born` that of its beginning. `resource` names the tombstones
    of rows taken out of the database, `keys` reads their `row_key`.
    """

    project: str = ""
    stamps: tuple[str, ...] = ()
    born: str = "created_at"
    resource: str = ""
    keys: Callable[[str], Mapping[str, Any] | None] | None = None

    def page(
        self,
        seen: QuerySet,
        table: Table,
        viewer: Viewer,
        filters: Filters,
        after: Place,
        limit: int | None,
    ) -> list[Found]:
        """At most `limit` gone rows behind a place, in the order of the walk."""
        found = []
        if self.project:
            found += self._hidden(seen, table, viewer, filters, after, limit)
        if self.resource:
            found += self._taken_out(seen, table, viewer, filters, after)
        return sorted(found, key=lambda entry: entry[:2])[:limit]

    def _hidden(
        self,
        seen: QuerySet,
        table: Table,
        viewer: Viewer,
        filters: Filters,
        after: Place,
        limit: int | None,
    ) -> list[Found]:
        rows = seen.model._base_manager.exclude(pk__in=seen.order_by().values("pk"))
        rows = rows.annotate(left_at=_left_at(viewer, self.project))
        rows = rows.annotate(gone_at=self._gone_at(viewer))
        rows = rows.filter(gone_at__gte=filters.since)
        for column, value in filters.keys:
            if isinstance(column.source, str | None):
                rows = rows.filter(picked(column, value, viewer))
        if after is not None:
            at, key = after
            rows = rows.filter(Q(gone_at__gt=at) | Q(gone_at=at, pk__gt=key))
        names = [column.name for column in table.keys]
        paths = [read_name(column) for column in table.keys]
        found = rows.order_by("gone_at", "pk").values_list("gone_at", "pk", *paths)
        return [
            Found(at, pk, table.tombstone(dict(zip(names, keys, strict=True)), at))
            for at, pk, *keys in found[:limit]
        ]

    def _gone_at(self, viewer: Viewer) -> Case:
        """When a row went for this viewer; null if they cannot have seen it."""
        stamps = [Coalesce(F(path), Value(BEGINNING)) for path in self.stamps]
        own = [Value(BEGINNING), Value(BEGINNING), *stamps]
        shown = Project.objects.visible_to(viewer.user).filter(
            pk=OuterRef(self.project), unit__path__startswith=viewer.limit
        )
        return Case(
            When(Exists(shown), then=Greatest(*own)),
            When(left_at__gte=F(self.born), then=F("left_at")),
            default=Value(None),
            output_field=DateTimeField(),
        )

    def _taken_out(
        self,
        seen: QuerySet,
        table: Table,
        viewer: Viewer,
        filters: Filters,
        after: Place,
    ) -> list[Found]:
        stones = Tombstone.objects.filter(
            resource=self.resource,
            deleted_at__gte=filters.since,
            unit_path__startswith=viewer.limit,
        )
        if after is not None:
            at, key = after
            later = Q(deleted_at=at, pk__lt=-key) if key < 0 else Q()
            stones = stones.filter(Q(deleted_at__gt=at) | later, deleted_at__gte=at)
        rows = list(stones.values_list("deleted_at", "pk", "row_key"))
        still_there = self._still_there(seen, {key for _, _, key in rows})
        found = []
        for at, pk, row_key in rows:
            keys = None if row_key in still_there else self._read(row_key, viewer)
            if keys is not None and _matches(table, keys, filters):
                found.append(Found(at, -pk, table.tombstone(keys, at)))
        return found

    def _read(self, row_key: str, viewer: Viewer) -> Mapping[str, Any] | None:
        return self.keys(row_key) if self.keys else None

    def _still_there(self, seen: QuerySet, row_keys: set[str]) -> set[str]:
        """Keys of rows that are still in the database, or in sight for a project."""
        numbers = [int(key) for key in row_keys if key.isdigit()]
        rows = seen if self.resource == PROJECT else seen.model._base_manager.all()
        keys = rows.filter(pk__in=numbers).values_list("pk", flat=True)
        return {str(key) for key in keys}


def _left_at(viewer: Viewer, project: str) -> Subquery:
    """When a row's project left the viewer's sight, by its tombstone."""
    stones = Tombstone.objects.filter(
        resource=PROJECT,
        row_key=Cast(OuterRef(project), CharField()),
        unit_path__startswith=viewer.limit,
    )
    return Subquery(stones.values("deleted_at")[:1])


def _matches(table: Table, keys: Mapping[str, Any], filters: Filters) -> bool:
    wanted = {column.name: value for column, value in filters.keys}
    return all(keys.get(name, value) == value for name, value in wanted.items())
