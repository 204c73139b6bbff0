"""Checks every answer that a test gets against the API's own schema."""

import json
import re
from functools import cache

from jsonschema import Draft202012Validator

from qiportal.api.views.about import openapi_text

PREFIX = "/api/v1/"
END = 30


@cache
def schema():
    return json.loads(openapi_text())


@cache
def routes():
    """(pattern, path) with fixed addresses before those with a value in them."""
    paths = sorted(schema()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(_pattern(path)), path) for path in paths]


def _pattern(path):
    text = re.escape(path.rstrip("/")).replace(r"\{suffix\}", "(csv|ndjson)")
    return "^" + re.sub(r"\\\{[a-z]+\\\}", "[^/]+", text) + "/?$"


def operation_of(path, method):
    for pattern, template in routes():
        if pattern.match(path):
            return schema()["paths"][template].get(method.lower())
    return None


@cache
def validator(pointer):
    return Draft202012Validator({"$ref": pointer, "components": schema()["components"]})


def ends(body):
    """A long page's first and last rows: a calendar of 17,000 days is all alike."""
    rows = body.get("results") if isinstance(body, dict) else None
    if not rows or len(rows) <= 2 * END:
        return body
    return {**body, "results": [*rows[:END], *rows[-END:]]}


def check(path, method, response):
    """Status, media type and body must be declared; no property may be extra."""
    operation = operation_of(path, "get" if method == "HEAD" else method)
    if operation is None:
        assert response.status_code in (401, 403, 404, 405, 429), path
        return
    status = response.status_code
    if status in (405, 500):
        return
    declared = operation["responses"][str(status)]
    if "$ref" in declared:
        declared = schema()["components"]["responses"][declared["$ref"].split("/")[-1]]
    media_type = response["Content-Type"].split(";")[0] if status != 304 else None
    if media_type is None or method == "HEAD":
        return
    content = declared["content"][media_type]
    if media_type.endswith("json"):
        pointer = content["schema"].get("$ref")
        if pointer:
            errors = list(validator(pointer).iter_errors(ends(response.json())))
            assert not errors, f"{path}: {errors[0].message[:300]}"
