"""Query parameters: each is known, given once and readable, or the answer is 400."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from qiportal.api.columns import Column
from qiportal.api.problems import ApiProblem, bad_parameter
from qiportal.api.tables.base import Filters, Table, Viewer
from qiportal.organisation.models import Unit

NUMBER = re.compile(r"[0-9]{1,18}")
LONGEST = 200
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
PAGING = ("limit", "cursor")


@dataclass(frozen=True)
class Asked:
    """What a request asks of a table."""

    filters: Filters
    limit: int
    cursor: str


def known_parameters(table: Table) -> list[str]:
    """Every parameter a table takes, in the order of the docs page."""
    names = [*PAGING, "updated_since"]
    names += ["from", "to"] if table.date_column else []
    names += ["unit"] if table.source.has_unit else []
    return [*names, *table.key_filters]


def asked(
    table: Table,
    query: QueryDict,
    viewer: Viewer,
    *,
    paged: bool = True,
    fixed: Mapping[str, Any] | None = None,
) -> Asked:
    """Reads a query string; `fixed` are filters that the path brings.

    Raises ApiProblem for anything unknown or unreadable.
    """
    fixed = fixed or {}
    taken = set(fixed) if paged else {*fixed, *PAGING}
    known = [name for name in known_parameters(table) if name not in taken]
    given = single(query, known)
    start, end = _day(given, "from"), _day(given, "to")
    filters = Filters(
        since=_moment(given, "updated_since"),
        start=start,
        end=end,
        unit_path=_unit_path(given, viewer),
        keys=tuple(
            (column, fixed[name] if name in fixed else key_value(column, given[name]))
            for name, column in table.key_filters.items()
            if name in given or name in fixed
        ),
    )
    return Asked(filters, _limit(given, table), given.get("cursor", ""))


def single(query: QueryDict, known: list[str]) -> dict[str, str]:
    """The parameters, each given once. Raises ApiProblem with an error for each."""
    errors = []
    for name, values in query.lists():
        code = "unknown" if name not in known else "repeated"
        if name not in known or len(values) > 1:
            detail = "This parameter is not known here."
            if code == "repeated":
                detail = "Give this parameter once."
            errors.append(
                {"pointer": f"/query/{name[:60]}", "code": code, "detail": detail}
            )
    if errors:
        text = f"Known parameters: {', '.join(known) or 'none'}."
        raise ApiProblem("bad-parameter", text, errors=errors)
    return {name: values[0] for name, values in query.lists()}


def _limit(given: Mapping[str, str], table: Table) -> int:
    text = given.get("limit")
    if text is None:
        return table.page_size
    limit = int(text) if NUMBER.fullmatch(text) else 0
    if not 1 <= limit <= table.page_most:
        raise bad_parameter(
            "limit", "out_of_range", f"Give a whole number from 1 to {table.page_most}."
        )
    return limit


def _day(given: Mapping[str, str], name: str) -> date | None:
    if name not in given:
        return None
    try:
        day = parse_date(given[name])
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise bad_parameter(name, "not_a_date", "Give a date like 2026-11-23.")
    return day


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    """A moment; one without a zone is UTC, a bare date its midnight."""
    if name not in given:
        return None
    text = given[name].replace(" ", "+") if "T" in given[name] else given[name]
    try:
        found = parse_datetime(text) or parse_datetime(f"{text}T00:00:00Z")
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        raise bad_parameter(
            name, "not_a_moment", "Give a moment like 2026-11-23T02:04:00Z."
        )
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return max(aware, EARLIEST)


def _unit_path(given: Mapping[str, str], viewer: Viewer) -> str | None:
    if "unit" not in given:
        return None
    code = plain_text("unit", given["unit"])
    units = Unit.objects.visible_to(viewer.user).filter(code=code)
    path = units.values_list("path", flat=True).first()
    if path is None:
        raise bad_parameter("unit", "unknown_unit", "There is no unit of that code.")
    return path


def key_value(column: Column, text: str) -> Any:
    """A key's value from the query string, as queries compare it."""
    if column.type == "text":
        return plain_text(column.name, text)
    if column.type == "bool":
        if text in ("true", "false"):
            return text == "true"
        raise bad_parameter(column.name, "not_a_flag", "Give true or false.")
    if not NUMBER.fullmatch(text):
        raise bad_parameter(column.name, "not_a_number", "Give a whole number.")
    return day_of_key(column.name, text) if column.type == "day" else int(text)


def day_of_key(name: str, text: str) -> date:
    """20261123 as a day."""
    try:
        return date(int(text[:-4] or 0), int(text[-4:-2] or 0), int(text[-2:]))
    except ValueError as error:
        raise bad_parameter(
            name, "not_a_date", "Give a day of dim_date like 20261123."
        ) from error


def plain_text(name: str, text: str) -> str:
    if len(text) > LONGEST or "\x00" in text:
        raise bad_parameter(name, "not_text", f"Give at most {LONGEST} characters.")
    return text
