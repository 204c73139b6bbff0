"""The API's table of contents, the BI index, the data dictionary, the wrong address."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from qiportal.api.columns import iso_utc
from qiportal.api.dictionary import DICTIONARY, dictionary_rows
from qiportal.api.formats import JSON, LINES, SUFFIXES, wanted_format
from qiportal.api.links import api_url
from qiportal.api.params import single
from qiportal.api.problems import ApiProblem
from qiportal.api.schema import (
    SUFFIX,
    Schema,
    closed,
    operation,
    problem_responses,
    problem_schema,
    ref,
    stream_content,
)
from qiportal.api.tables import RESOURCES, SNAPSHOT, STAR, Filters, Table, Viewer
from qiportal.api.views.base import ApiView, json_response, viewer_of
from qiportal.api.views.whole import whole_response

TEXT: Schema = {"type": "string"}
LINK: Schema = {"type": "string", "format": "uri"}


class PlainView(ApiView):
    """A view that takes no parameters and answers in JSON."""

    name = summary = tag = answer = ""

    def get(self, request: Request) -> HttpResponseBase:
        wanted_format(request, (JSON,))
        single(request.GET, [])
        return json_response(self.body(request))

    def body(self, request: Request) -> Any:
        raise NotImplementedError

    def components(self) -> dict[str, Schema]:
        return {self.answer: self.shape(), "Problem": problem_schema()}

    def shape(self) -> Schema:
        raise NotImplementedError

    def operation(self, method: str) -> Schema:
        responses = {
            "200": {
                "description": self.summary,
                "content": {JSON: {"schema": ref(self.answer)}},
            },
            **problem_responses("forbidden-scope", "not-acceptable"),
        }
        return operation(self.name, self.summary, self.tag, self.scope, responses)


class RootView(PlainView):
    """/api/v1/: what there is."""

    name, summary, tag, answer = "root", "What the API offers.", "About", "Root"

    def body(self, request: Request) -> Any:
        return {
            "resources": {table.name: api_url(table.path) for table in RESOURCES},
            "latest_run": api_url("rollup-runs/latest/"),
            "bi": api_url("bi/"),
            "dictionary": api_url("bi/dictionary/"),
            "schema": api_url("schema/"),
            "docs": api_url("docs/"),
        }

    def shape(self) -> Schema:
        names = ("latest_run", "bi", "dictionary", "schema", "docs")
        resources = closed({table.name: LINK for table in RESOURCES})
        return closed({"resources": resources, **dict.fromkeys(names, LINK)})


class StarView(PlainView):
    """/api/v1/bi/: every table with its size and freshness."""

    name, summary, tag = "bi", "Tables of the star schema.", "BI"
    answer, scope = "BiIndex", "bi:read"
    cache_rule = "private, no-cache"

    def body(self, request: Request) -> Any:
        viewer = viewer_of(request)
        return {"tables": [table_entry(table, viewer) for table in STAR]}

    def shape(self) -> Schema:
        entry = closed(
            {
                "name": TEXT,
                "kind": {"type": "string", "enum": ["row-level", "snapshot"]},
                "meaning": TEXT,
                "rows": {"type": "integer"},
                "run": {"type": ["integer", "null"]},
                "as_of": {"type": "string", "format": "date-time"},
                **dict.fromkeys(("url", "csv", "ndjson"), LINK),
            }
        )
        return closed({"tables": {"type": "array", "items": entry}})


def table_entry(table: Table, viewer: Viewer) -> dict[str, Any]:
    is_snapshot = table.source.kind == SNAPSHOT
    file = table.path.rstrip("/")
    as_of = viewer.run_at if is_snapshot and viewer.run_at else viewer.moment
    return {
        "name": table.name,
        "kind": table.source.kind,
        "meaning": table.meaning,
        "rows": table.source.stamp(table, viewer, Filters()).count,
        "run": viewer.run_id if is_snapshot else None,
        "as_of": iso_utc(as_of),
        "url": api_url(table.path),
        "csv": api_url(f"{file}.csv"),
        "ndjson": api_url(f"{file}.ndjson"),
    }


class DictionaryView(ApiView):
    """/api/v1/bi/dictionary/: every column of every table."""

    scope = "bi:read"
    cache_rule = "private, no-cache"
    suffixed = False

    def get(self, request: Request, suffix: str = "") -> HttpResponseBase:
        media_type = SUFFIXES[suffix] if suffix else wanted_format(request)
        single(request.GET, [])
        rows = dictionary_rows()
        if media_type == JSON:
            return json_response({"results": rows})
        names = [column.name for column in DICTIONARY]
        lines = LINES[media_type](names, rows)
        return whole_response(request, lines, media_type)

    def components(self) -> dict[str, Schema]:
        row = closed({column.name: column.schema() for column in DICTIONARY})
        rows: Schema = {"type": "array", "items": ref("DictionaryRow")}
        return {
            "DictionaryRow": row,
            "Dictionary": closed({"results": rows}),
            "Problem": problem_schema(),
        }

    def operation(self, method: str) -> Schema:
        content = stream_content()
        if not self.suffixed:
            content = {JSON: {"schema": ref("Dictionary")}, **content}
        refused = () if self.suffixed else ("not-acceptable",)
        return operation(
            "dictionary_file" if self.suffixed else "dictionary",
            "Every column of the star schema and what it means.",
            "BI",
            self.scope,
            {
                "200": {"description": "The data dictionary.", "content": content},
                **problem_responses("forbidden-scope", *refused),
            },
            parameters=[SUFFIX] if self.suffixed else [],
        )


class NowhereView(ApiView):
    """Any other address under /api/v1/: 404 for those with a token."""

    schema = None
    http_method_names = ("get", "head", "post", "put", "patch", "delete", "options")

    def get(self, request: Request, **path: Any) -> HttpResponseBase:
        raise ApiProblem("not-found")

    post = put = patch = delete = options = get
