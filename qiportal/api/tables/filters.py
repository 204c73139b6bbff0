"""Turning what a request asks for into conditions of a query."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from qiportal.api.columns import Column
from qiportal.api.tables.base import Filters, Viewer
from qiportal.core.dates import local_midnight


def read_name(column: Column) -> str:
    """By what name a query filters on a column."""
    if column.source is None or isinstance(column.source, str):
        return column.source or column.name
    return f"api_{column.name}"


def picked(column: Column, value: Any, viewer: Viewer) -> Q:
    """Rows whose key column has a value; a day of a moment means the London day."""
    if column.where:
        return column.where(viewer, value)
    name = read_name(column)
    if column.at:
        end = local_midnight(value + timedelta(days=1))
        return Q(**{f"{name}__gte": local_midnight(value), f"{name}__lt": end})
    return Q(**{name: value})


def between(column: Column | None, filters: Filters) -> list[Q]:
    """`from` and `to` on a table's first day."""
    if column is None:
        return []
    name, found = read_name(column), []
    for day, comparison in ((filters.start, "gte"), (filters.end, "lt")):
        if day is not None:
            value = local_midnight(day) if column.at else day
            found.append(Q(**{f"{name}__{comparison}": value}))
    return found
