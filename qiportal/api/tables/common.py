"""Expressions that several tables share."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    Count,
    F,
    FloatField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from qiportal.api.links import api_url
from qiportal.api.tables.base import Row, Table

BEGINNING = Value(datetime(1970, 1, 1, tzinfo=UTC))


def as_float(path: str) -> Cast:
    """A decimal as the database's float: the API's numbers are no finer than that."""
    return Cast(path, FloatField())


def known(expression: Any) -> Coalesce:
    """A moment that may be missing, for comparing: then it is long ago."""
    return Coalesce(expression, BEGINNING)


def newest(*expressions: Any) -> Greatest:
    """The latest of moments, each of which is there."""
    return Greatest(*expressions)


def shown_since(project: str = "") -> Coalesce:
    """When a project came into sight, or into its unit: its rows count as new then."""
    return Coalesce(F(f"{project}shown_since"), F(f"{project}created_at"))


def newest_of(rows: QuerySet, field: str, **match: Any) -> Coalesce:
    """The latest `field` among related rows, as part of the outer row's query."""
    related = rows.filter(**{name: OuterRef(to) for name, to in match.items()})
    grouped = related.order_by().values(next(iter(match)))
    latest = grouped.annotate(newest_at=Max(field)).values("newest_at")
    return known(Subquery(latest))


def count_of(rows: QuerySet, **match: Any) -> Coalesce:
    """How many related rows there are."""
    related = rows.filter(**{name: OuterRef(to) for name, to in match.items()})
    grouped = related.order_by().values(next(iter(match)))
    return Coalesce(Subquery(grouped.annotate(found=Count("pk")).values("found")), 0)


def listed_at(table: Table, path: str) -> Any:
    """Where the API lists exactly this row: the list narrowed to its keys."""

    def address(row: Row) -> str:
        return api_url(path, **{column.name: row[column.name] for column in table.keys})

    return address
