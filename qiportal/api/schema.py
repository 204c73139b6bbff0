"""OpenAPI 3.1 from the table declarations, handed to drf-spectacular per view."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from qiportal.api.columns import Column
from qiportal.api.formats import CSV, JSON, NDJSON
from qiportal.api.params import LONGEST, known_parameters
from qiportal.api.problems import KINDS, MEDIA_TYPE
from qiportal.api.tables.base import SNAPSHOT, Table

Schema = dict[str, Any]
FIXED_BY_PATH = {
    "measures/{id}/data-points/": ("measure_key",),
    "indicators/{code}/values/": ("indicator_code",),
}
BIGGEST = 10**18 - 1
ALWAYS = ("bad-parameter", "not-authenticated", "throttled", "unavailable")


class DeclaredSchema(AutoSchema):
    """Takes operation and components from the view, which takes them from its table."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        for name, schema in self.view.components().items():
            component = ResolvedComponent(
                name=name, type=ResolvedComponent.SCHEMA, object=name, schema=schema
            )
            registry.register_on_missing(component)
        return self.view.operation(method)


def one_address_each(endpoints, **_: Any):
    """Drops the forms without a trailing slash: the same address once more."""
    return [row for row in endpoints if row[0].endswith(("/", ".{suffix}"))]


def component_name(table: Table) -> str:
    """FactDataPoint for fact_data_point, Projects for the live resource."""
    words = table.name.replace("-", "_").split("_")
    return "".join(word.capitalize() for word in words)


def closed(properties: Mapping[str, Schema], description: str = "") -> Schema:
    """An object with exactly these properties, all there."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def row_schema(table: Table) -> Schema:
    """A living row."""
    properties = {column.name: column.schema() for column in table.columns}
    properties["is_deleted"] = {**properties["is_deleted"], "const": False}
    properties["deleted_at"] = {"type": "null", "description": "Always null."}
    return closed(properties, table.meaning)


def gone_schema(table: Table) -> Schema:
    """A row that is gone: its keys and when."""
    kept = {column.name for column in table.keys} | {"row_key", "updated_at"}
    properties: dict[str, Schema] = {}
    for column in table.columns:
        shown = column.schema()
        properties[column.name] = shown if column.name in kept else {"type": "null"}
    properties["is_deleted"] = {"type": "boolean", "const": True}
    properties["deleted_at"] = {"type": "string", "format": "date-time"}
    return closed(properties, f"A row of {table.name} that is gone.")


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def page_schema(table: Table) -> Schema:
    """One page of a table."""
    name = component_name(table)
    items: Schema = ref(name)
    if table.source.has_gone:
        items = {"anyOf": [items, ref(f"{name}Gone")]}
    run: Schema = {"type": "null"}
    if table.source.kind == SNAPSHOT:
        run = {"type": ["integer", "null"]}
    text = {"type": ["string", "null"]}
    return closed(
        {
            "as_of": {"type": "string", "format": "date-time"},
            "run": run,
            "next": {**text, "format": "uri"},
            "next_cursor": text,
            "results": {"type": "array", "items": items},
        },
        f"A page of {table.name}.",
    )


def table_components(table: Table, *, paged: bool = True) -> dict[str, Schema]:
    name = component_name(table)
    found = {name: row_schema(table), "Problem": problem_schema()}
    if table.source.has_gone and paged:
        found[f"{name}Gone"] = gone_schema(table)
    if paged:
        found[f"{name}Page"] = page_schema(table)
    return found


def problem_schema() -> Schema:
    text = {"type": "string"}
    error = closed({"pointer": text, "code": text, "detail": text})
    types = [f"/api/v1/problems/{slug}/" for slug in KINDS]
    return closed(
        {
            "type": {"type": "string", "enum": types},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "instance": text,
            "errors": {"type": "array", "items": error},
        },
        "What went wrong (RFC 9457).",
    )


def problem_responses(*slugs: str) -> dict[str, Schema]:
    """Responses by status; kinds that share a status share a response."""
    statuses = sorted({KINDS[slug].status for slug in (*ALWAYS, *slugs)})
    return {str(n): {"$ref": f"#/components/responses/Problem{n}"} for n in statuses}


def shared_responses(result: Schema, **_: Any) -> Schema:
    """Adds the refusals that all operations point at (a hook of drf-spectacular)."""
    titles: dict[int, list[str]] = {}
    for kind in KINDS.values():
        titles.setdefault(kind.status, []).append(kind.title)
    content = {MEDIA_TYPE: {"schema": ref("Problem")}}
    result["components"]["responses"] = {
        f"Problem{status}": {"description": "; ".join(words), "content": content}
        for status, words in sorted(titles.items())
    }
    return result


FIXED_PARAMETERS: dict[str, tuple[Schema, str]] = {
    "cursor": (
        {"type": "string"},
        "The `next_cursor` of the page before, with the same filters.",
    ),
    "updated_since": (
        {"type": "string", "format": "date-time"},
        "Only what changed at or after this moment: pass the `as_of` of your last walk "
        "and replace rows by `row_key`. Rows that are gone come with `is_deleted`.",
    ),
    "from": ({"type": "string", "format": "date"}, "First day, included."),
    "to": ({"type": "string", "format": "date"}, "Last day, not included."),
    "unit": (
        {"type": "string", "minLength": 1, "maxLength": LONGEST},
        "Code of a unit: it and all below it.",
    ),
}


def parameter(name: str, schema: Schema, description: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


def table_parameters(table: Table, *, leave_out: Iterable[str] = ()) -> list[Schema]:
    """The query parameters of a table's operation."""
    names = [name for name in known_parameters(table) if name not in set(leave_out)]
    return [_parameter(table, name) for name in names]


def _parameter(table: Table, name: str) -> Schema:
    if name == "limit":
        limits = {"type": "integer", "minimum": 1, "maximum": table.page_most}
        schema = {**limits, "default": table.page_size}
        return parameter(name, schema, "Rows on a page.")
    if name in table.key_filters:
        column = table.key_filters[name]
        return parameter(name, key_schema(column), f"Only: {column.meaning}")
    schema, text = FIXED_PARAMETERS[name]
    if name in ("from", "to") and table.date_column:
        text = f"{text} Compares {table.date_column.name}."
    return parameter(name, schema, text)


def key_schema(column: Column) -> Schema:
    if column.type == "text":
        return {"type": "string", "maxLength": LONGEST}
    if column.type == "bool":
        return {"type": "boolean"}
    if column.type == "day":
        return {"type": "integer", "minimum": 19000101, "maximum": 22001231}
    return {"type": "integer", "minimum": 0, "maximum": BIGGEST}


def path_parameter(name: str, schema: Schema, description: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": schema,
        "description": description,
    }


def header(description: str, kind: str = "string") -> Schema:
    return {"description": description, "schema": {"type": kind}}


def operation(
    name: str, summary: str, tag: str, scope: str, responses: Schema, **more: Any
) -> Schema:
    """One operation; `scope` is told in words, for tokens have no OAuth flow."""
    needs = f"Needs the scope `{scope}`." if scope else "Any working token will do."
    about = more.pop("about", "")
    return {
        "operationId": name,
        "summary": summary,
        "description": f"{about} {needs}".strip(),
        "tags": [tag],
        "parameters": more.pop("parameters", []),
        **more,
        "responses": responses,
    }


def stream_content() -> Schema:
    text = {"schema": {"type": "string"}}
    return {CSV: text, NDJSON: text}


def stream_headers(table: Table) -> Schema:
    found = {
        "X-Row-Count": header("Number of rows.", "integer"),
        "X-As-Of": header("As of when."),
    }
    if table.source.kind == SNAPSHOT:
        found["X-Run"] = header("The published run.", "integer")
    return found


def list_operation(table: Table, in_path: Sequence[Schema] = ()) -> Schema:
    """A table's list: a page of JSON, or the whole of it as a stream."""
    page = {"schema": ref(f"{component_name(table)}Page")}
    ok = {
        "description": "A page as JSON, or the whole table as CSV or NDJSON.",
        "content": {JSON: page, **stream_content()},
    }
    slugs = ["bad-cursor", "forbidden-scope", "not-acceptable"]
    slugs += ["cursor-expired"] if table.source.kind == SNAPSHOT else []
    return _table_operation(table, "", ok, slugs, in_path)


def stream_operation(table: Table, in_path: Sequence[Schema] = ()) -> Schema:
    """A table's .csv and .ndjson files."""
    ok = {
        "description": "The whole table.",
        "headers": stream_headers(table),
        "content": stream_content(),
    }
    place = [*in_path, SUFFIX]
    return _table_operation(table, "_file", ok, ["forbidden-scope"], place)


def row_operation(table: Table, in_path: Sequence[Schema] = ()) -> Schema:
    """One row of a table."""
    row = {"schema": ref(component_name(table))}
    ok = {"description": "The row.", "content": {JSON: row}}
    slugs = ["forbidden-scope", "not-found", "not-acceptable"]
    return operation(
        f"{_operation_id(table)}_row",
        f"One row: {table.meaning}",
        tag_of(table),
        table.scope,
        {"200": ok, **problem_responses(*slugs)},
        parameters=list(in_path),
    )


def _table_operation(
    table: Table, ending: str, ok: Schema, slugs: list[str], in_path: Sequence[Schema]
) -> Schema:
    places = [place["name"] for place in in_path if place["name"] != "suffix"]
    slugs = [*slugs, "not-found"] if places else slugs
    responses = with_unchanged(table, {"200": ok, **problem_responses(*slugs)})
    leave_out = {*FIXED_BY_PATH.get(table.path, ())}
    if ending:
        leave_out |= {"limit", "cursor"}
    return operation(
        f"{_operation_id(table)}{ending}",
        table.meaning,
        tag_of(table),
        table.scope,
        responses,
        parameters=[*in_path, *table_parameters(table, leave_out=leave_out)],
    )


def _operation_id(table: Table) -> str:
    return table.name.replace("-", "_")


def tag_of(table: Table) -> str:
    return "BI" if table.scope == "bi:read" else "Live resources"


def with_unchanged(table: Table, responses: Schema) -> Schema:
    if table.scope != "bi:read":
        return responses
    same = {"description": "Nothing has changed since the ETag you named."}
    return {**responses, "304": same}


SUFFIX = path_parameter(
    "suffix", {"type": "string", "enum": ["csv", "ndjson"]}, "The format."
)
