"""Reading the body of a POST: strict JSON, known fields, nothing guessed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from rest_framework.request import Request

from pdsa.parsing import LARGEST, STEP
from pdsa.services.feeds import Fault, Feed, FeedRow
from qiportal.accounts.safe_forms import hospital_pattern, spoken
from qiportal.api.formats import JSON
from qiportal.api.problems import ApiProblem
from qiportal.core.identifiers import scan

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 1000
LONGEST_SOURCE, LONGEST_NOTE = 80, 300
LONGEST_KEY = 255
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ENVELOPE = {"source", "mode", "overwrite", "rows"}
ROW = {"measure", "period_start", "numerator", "denominator", "source_ref", "note"}
MODES = ("partial", "all")


def body_of(request: Request) -> bytes:
    """The raw body. Raises ApiProblem: unsupported-media-type, too-large."""
    kind = (request.content_type or "").split(";")[0].strip().lower()
    if kind != JSON:
        raise ApiProblem("unsupported-media-type", f"Send {JSON}, not {kind[:60]!r}.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > MOST_BYTES:
        raise ApiProblem("too-large")
    raw = request._request.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ApiProblem("too-large")
    return raw


def idempotency_key(request: Request) -> str | None:
    """The Idempotency-Key header, if there is one."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= LONGEST_KEY and key.isprintable()):
        raise _invalid("", "bad_key", f"Give a key of 1 to {LONGEST_KEY} characters.")
    return key


def _invalid(pointer: str, code: str, detail: str) -> ApiProblem:
    error = {"pointer": pointer, "code": code, "detail": detail}
    return ApiProblem("invalid", detail, errors=[error])


def _never(text: str) -> None:
    raise ValueError(text)


def parsed(raw: bytes) -> Any:
    """Strict JSON: UTF-8, no NaN or Infinity, numbers as Decimal."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_never,
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise _invalid("", "not_json", "The body is not JSON.") from error


def feed_of(raw: bytes) -> Feed:
    """A request's rows. Raises ApiProblem for anything not of the declared form."""
    body = parsed(raw)
    if not isinstance(body, dict):
        raise _invalid("", "not_an_object", "Send an object with source and rows.")
    if problems := list(_envelope_problems(body)):
        raise ApiProblem("invalid", problems[0]["detail"], errors=problems)
    rows = body["rows"]
    if len(rows) > MOST_ROWS:
        raise ApiProblem("too-large", f"Send at most {MOST_ROWS} rows at a time.")
    if problems := [p for i, row in enumerate(rows) for p in _row_problems(i, row)]:
        raise ApiProblem("invalid", problems[0]["detail"], errors=problems[:100])
    return Feed(
        rows=[_row(index, row) for index, row in enumerate(rows)],
        source=body["source"],
        mode=body.get("mode", "partial"),
        overwrite=body.get("overwrite", False),
    )


Problem = dict[str, str]


def _problem(pointer: str, code: str, detail: str) -> Problem:
    return {"pointer": pointer, "code": code, "detail": detail}


def _unknown(given: dict, known: set[str], place: str) -> Iterator[Problem]:
    for name in given:
        if name not in known:
            yield _problem(
                f"{place}/{name[:60]}", "unknown_field", "This field is not known here."
            )


def _envelope_problems(body: dict) -> Iterator[Problem]:
    yield from _unknown(body, ENVELOPE, "")
    source = body.get("source")
    if not _is_text(source, LONGEST_SOURCE) or not str(source).strip():
        detail = f"Name the sending system in 1 to {LONGEST_SOURCE} characters."
        yield _problem("/source", "bad_source", detail)
    elif hits := scan(str(source), hospital_pattern=hospital_pattern()):
        detail = f"This looks like {spoken(hits)}. Take it out."
        yield _problem("/source", "identifier_found", detail)
    if body.get("mode", "partial") not in MODES:
        yield _problem("/mode", "bad_mode", "Send partial or all.")
    if not isinstance(body.get("overwrite", False), bool):
        yield _problem("/overwrite", "bad_flag", "Send true or false.")
    rows = body.get("rows")
    if not isinstance(rows, list) or not rows:
        yield _problem("/rows", "bad_rows", f"Send 1 to {MOST_ROWS} rows.")


def _row_problems(index: int, row: Any) -> Iterator[Problem]:
    """What makes a row no row at all; wrong values are the row's own errors."""
    place = f"/rows/{index}"
    if not isinstance(row, dict):
        yield _problem(place, "not_an_object", "Each row is an object.")
        return
    yield from _unknown(row, ROW, place)
    for name, most in (("source_ref", LONGEST_SOURCE), ("note", LONGEST_NOTE)):
        if row.get(name) is not None and not _is_text(row[name], most):
            detail = f"Send at most {most} characters, or null."
            yield _problem(f"{place}/{name}", "bad_text", detail)


def _is_text(value: Any, most: int) -> bool:
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        return False
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _row(index: int, row: dict[str, Any]) -> FeedRow:
    faults: list[Fault] = []
    day = _day(row.get("period_start"), faults)
    numerator = _number(row.get("numerator"), "numerator", faults)
    denominator = None
    if row.get("denominator") is not None:
        denominator = _number(row["denominator"], "denominator", faults)
    return FeedRow(
        index=index,
        measure_id=_whole(row.get("measure")),
        period_start=day,
        numerator=numerator,
        denominator=denominator,
        note=row.get("note"),
        source_ref=row.get("source_ref") or "",
        faults=faults,
    )


def _whole(value: Any) -> int | None:
    if not isinstance(value, Decimal) or not -(2**63) < value < 2**63:
        return None
    return int(value) if value == value.to_integral_value() else None


def _day(value: Any, faults: list[Fault]) -> date | None:
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    detail = "Send the first day of the period like 2026-10-01."
    faults.append(Fault("bad_period", "period_start", detail))
    return None


def _number(value: Any, name: str, faults: list[Fault]) -> Decimal | None:
    """A JSON number within range, to six decimals."""
    if isinstance(value, Decimal) and -LARGEST <= value <= LARGEST:
        return value.quantize(STEP, ROUND_HALF_EVEN) + 0  # never -0
    faults.append(Fault("bad_number", name, "Send a JSON number."))
    return None
