"""Tables over HTTP: JSON pages, CSV and NDJSON streams, one row by its reference."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from qiportal.api.columns import iso_utc
from qiportal.api.cursor import Walk, cursor_read, cursor_sign, fingerprint
from qiportal.api.formats import JSON, LINES, SUFFIXES, wanted_format
from qiportal.api.links import api_url
from qiportal.api.params import Asked, asked, single
from qiportal.api.problems import ApiProblem
from qiportal.api.schema import (
    Schema,
    list_operation,
    row_operation,
    stream_operation,
    table_components,
)
from qiportal.api.selectors import run_is_kept
from qiportal.api.tables.base import SNAPSHOT, Filters, Found, Table, Viewer
from qiportal.api.views.base import LATE_COMMITS, ApiView, json_response, viewer_of
from qiportal.api.views.whole import whole_response

SCHEMA_VERSION = "1"
Fix = Callable[[Viewer, Mapping[str, Any]], dict[str, Any]]


class TableView(ApiView):
    """A table: a JSON page, or with Accept: text/csv or application/x-ndjson all of it.

    `fix` turns the values in the path into a filter; it raises ApiProblem not-found.
    """

    table: Table = None  # type: ignore[assignment]
    fix: Fix | None = None
    in_path: tuple[Schema, ...] = ()

    def scope_of(self, request: Request) -> str:
        return self.table.scope

    @property
    def has_etag(self) -> bool:
        """BI tables may be kept if asked about first; live ones are not."""
        return self.table.scope == "bi:read"

    def cache_rule_of(self) -> str:
        return "private, no-cache" if self.has_etag else "no-store"

    def get(self, request: Request, **path: Any) -> HttpResponseBase:
        viewer = viewer_of(request)
        suffix = path.pop("suffix", "")
        media_type = SUFFIXES[suffix] if suffix else wanted_format(request)
        fixed = self.fix(viewer, path) if self.fix else {}
        ask = asked(
            self.table, request.GET, viewer, paged=media_type == JSON, fixed=fixed
        )
        if media_type == JSON:
            return self.page(request, viewer, ask, self.table.path.format(**path))
        return self.whole(request, viewer, ask, media_type)

    def components(self) -> dict[str, Schema]:
        return table_components(self.table)

    def operation(self, method: str) -> Schema:
        return list_operation(self.table, self.in_path)

    def page(
        self, request: Request, viewer: Viewer, ask: Asked, place: str
    ) -> HttpResponseBase:
        mark = fingerprint(ask.filters, viewer)
        walk = self.walk(viewer, mark, ask)
        tag = self.tag(viewer, ask, mark, JSON)
        if tag and told(request, tag):
            return unchanged(tag)
        after = walk.after if ask.cursor else None
        source = self.table.source
        found = source.page(self.table, viewer, ask.filters, after, ask.limit + 1)
        onward = None
        if len(found) > ask.limit:
            last = found[ask.limit - 1]
            onward = cursor_sign(
                self.table, mark, replace(walk, after=(last.at, last.id))
            )
        query = {**request.GET.dict(), "cursor": onward}
        following = api_url(place, **query) if onward else None
        response = json_response(page_body(walk, found[: ask.limit], onward, following))
        if tag:
            response["ETag"] = tag
        return response

    def walk(self, viewer: Viewer, mark: str, ask: Asked) -> Walk:
        """The walk a cursor continues, or a new one; the viewer keeps to its run."""
        if not ask.cursor:
            return Walk(self.run_id(viewer), self.as_of(viewer), (viewer.moment, 0))
        walk = cursor_read(self.table, mark, ask.cursor)
        if self.table.source.kind == SNAPSHOT:
            if not run_is_kept(walk.run_id):
                raise ApiProblem("cursor-expired")
            viewer.run_id, viewer.run_at = walk.run_id, walk.as_of
        return walk

    def run_id(self, viewer: Viewer) -> int | None:
        return viewer.run_id if self.table.source.kind == SNAPSHOT else None

    def as_of(self, viewer: Viewer) -> datetime:
        """When the run was published; for live rows now, less time for late commits."""
        if self.table.source.kind == SNAPSHOT and viewer.run_at:
            return viewer.run_at
        return viewer.moment - LATE_COMMITS

    def whole(
        self, request: Request, viewer: Viewer, ask: Asked, media_type: str
    ) -> HttpResponseBase:
        """Every row in one read, sent as it is read."""
        table, mark = self.table, fingerprint(ask.filters, viewer)
        stamp = table.source.stamp(table, viewer, ask.filters)
        tag = self.tag(viewer, ask, mark, media_type, stamp.marks)
        if tag and told(request, tag):
            return unchanged(tag)
        rows = table.source.stream(table, viewer, ask.filters)
        lines = LINES[media_type](table.names, rows)
        response = whole_response(request, lines, media_type)
        response["X-Row-Count"] = str(stamp.count)
        response["X-As-Of"] = iso_utc(self.as_of(viewer))
        if (run_id := self.run_id(viewer)) is not None:
            response["X-Run"] = str(run_id)
        if tag:
            response["ETag"] = tag
        return response

    def tag(
        self,
        viewer: Viewer,
        ask: Asked,
        mark: str,
        media_type: str,
        marks: tuple[Any, ...] | None = None,
    ) -> str:
        """The weak ETag; "" where none is given.

        A snapshot's needs no look at its rows. Pages behind a cursor of live rows have
        none: each walk has cursors of its own.
        """
        table = self.table
        if not self.has_etag:
            return ""
        if table.source.kind == SNAPSHOT:
            marks = (viewer.run_id,)
        elif ask.cursor:
            return ""
        elif marks is None:
            marks = table.source.stamp(table, viewer, ask.filters).marks
        versions = (SCHEMA_VERSION, settings.VERSION, table.path, table.scope)
        asked_for = (mark, ask.limit, ask.cursor, media_type)
        text = "|".join(map(str, (*versions, *asked_for, *marks)))
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


class StreamView(TableView):
    """A table's .csv and .ndjson files."""

    def operation(self, method: str) -> Schema:
        return stream_operation(self.table, self.in_path)


class RowView(TableView):
    """One row of a table, found by the values of columns in the path."""

    def get(self, request: Request, **path: Any) -> HttpResponseBase:
        wanted_format(request, (JSON,))
        single(request.GET, [])
        viewer, table = viewer_of(request), self.table
        columns = {column.name: column for column in table.columns}
        keys = tuple((columns[name], value) for name, value in path.items())
        found = table.source.page(table, viewer, Filters(keys=keys), None, 1)
        if not found:
            raise ApiProblem("not-found")
        return json_response(found[0].row)

    def components(self) -> dict[str, Schema]:
        return table_components(self.table, paged=False)

    def operation(self, method: str) -> Schema:
        return row_operation(self.table, self.in_path)


def page_body(
    walk: Walk, found: list[Found], cursor: str | None, following: str | None
) -> dict[str, Any]:
    """One page; `next` and `next_cursor` are null on the last."""
    return {
        "as_of": iso_utc(walk.as_of),
        "run": walk.run_id,
        "next": following,
        "next_cursor": cursor,
        "results": [entry.row for entry in found],
    }


def told(request: Request, tag: str) -> bool:
    """Whether the client has this very answer already."""
    known = request.headers.get("If-None-Match", "")
    tags = [part.strip().removeprefix("W/") for part in known.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags


def unchanged(tag: str) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": tag})
