"""OpenAPI of POST /api/v1/data-points/."""

from typing import Any

from qiportal.api.bodies import LONGEST_NOTE, LONGEST_SOURCE, MODES, MOST_ROWS
from qiportal.api.formats import JSON
from qiportal.api.problems import MEDIA_TYPE
from qiportal.api.schema import (
    Schema,
    closed,
    header,
    operation,
    problem_responses,
    ref,
)

NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
CODES = (
    *("unknown_measure", "measure_closed", "bad_period", "bad_number"),
    *("missing_denominator", "denominator_not_positive"),
    *("numerator_over_denominator", "identifier_found", "held_by_person"),
    "duplicate_in_request",
)
KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Kept for 24 hours: the same key and body give the stored answer, "
    "another body is refused.",
}


def points_components() -> dict[str, Schema]:
    """The body of the request and of the answer."""
    return {
        "DataPointsIn": _request(),
        "DataPointRowIn": _row_in(),
        "DataPointsOut": _answer(),
    }


def _optional(schema: Schema, *names: str) -> Schema:
    """The same object, where these properties may be left out."""
    needed = [name for name in schema["required"] if name not in names]
    return {**schema, "required": needed}


def _row_in() -> Schema:
    text: Schema = {"type": ["string", "null"]}
    properties = {
        "measure": {
            "type": "integer",
            "description": "The measure's number, as on its page.",
        },
        "period_start": {"type": "string", "format": "date"},
        "numerator": NUMBER,
        "denominator": {"type": ["number", "null"]},
        "source_ref": {**text, "maxLength": LONGEST_SOURCE},
        "note": {**text, "maxLength": LONGEST_NOTE},
    }
    row = closed(properties, "One number. Its key is measure and period.")
    return _optional(row, "denominator", "source_ref", "note")


def _request() -> Schema:
    rows = {"type": "array", "minItems": 1, "maxItems": MOST_ROWS}
    properties: dict[str, Any] = {
        "source": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_SOURCE,
            "description": "The system that sends.",
        },
        "mode": {"type": "string", "enum": list(MODES), "default": "partial"},
        "overwrite": {
            "type": "boolean",
            "default": False,
            "description": "Replace numbers that a person entered.",
        },
        "rows": {**rows, "items": ref("DataPointRowIn")},
    }
    body = closed(properties, "Numbers of measures that exist.")
    return _optional(body, "mode", "overwrite")


def _answer() -> Schema:
    error = closed(
        {
            "code": {"type": "string", "enum": list(CODES)},
            "pointer": {"type": "string"},
            "detail": {"type": "string"},
        }
    )
    statuses = ["created", "updated", "unchanged", "failed"]
    row = closed(
        {
            "index": COUNT,
            "status": {"type": "string", "enum": statuses},
            "point": {"type": ["integer", "null"]},
            "errors": {"type": "array", "items": error},
        }
    )
    properties: dict[str, Schema] = dict.fromkeys(statuses, COUNT)
    properties["batch"] = {"type": ["string", "null"]}
    properties["rows"] = {"type": "array", "items": row}
    return closed(properties, "What became of each row.")


def points_operation() -> Schema:
    answer = {JSON: {"schema": ref("DataPointsOut")}}
    refused = {MEDIA_TYPE: {"schema": ref("Problem")}}
    replayed = {"Idempotency-Replayed": header("true for a stored answer.")}
    slugs = ("forbidden-scope", "not-acceptable", "too-large", "unsupported-media-type")
    responses = {
        "200": {"description": "Saved.", "headers": replayed, "content": answer},
        "422": {
            "description": "Nothing was saved: every row failed, one did under mode "
            "all, or the body is not of this form.",
            "headers": replayed,
            "content": {**answer, **refused},
        },
        **problem_responses(*slugs),
    }
    return operation(
        "data_points_send",
        "Sends numbers of measures; sending them again changes nothing.",
        "Live resources",
        "measures:write",
        responses,
        parameters=[KEY],
        requestBody={
            "required": True,
            "content": {JSON: {"schema": ref("DataPointsIn")}},
        },
    )
