"""The data dictionary: one row per column, from the same declarations as the data."""

from functools import cache
from typing import Any

from qiportal.api.columns import Column, flag, text, whole
from qiportal.api.tables import STAR, Table

DICTIONARY = (
    text("table", "Table the column is in."),
    text("column", "Name of the column."),
    whole("position", "Place in the table, from 1."),
    text("type", "int, num, text, bool, date or ts."),
    flag("nullable", "Whether it may be null."),
    flag("is_key", "Whether it is part of the row's key."),
    text("references", "Table and column it joins to.", null=True),
    text("unit", "Unit of its numbers.", null=True),
    text("meaning", "What it says."),
    text("null_reasons", "Reasons a null may have, where the table tells.", null=True),
    text("since", "Version of the API that brought it."),
)


def column_entry(table: Table, position: int, column: Column) -> dict[str, Any]:
    values = {
        "table": table.name,
        "column": column.name,
        "position": position,
        "type": column.shown_type,
        "nullable": column.null,
        "is_key": column.key,
        "references": column.references or None,
        "unit": column.unit or None,
        "meaning": meaning_of(column),
        "null_reasons": None,
        "since": column.since,
    }
    if column.name == "null_reason":
        values["null_reasons"] = ", ".join(column.choices)
    return values


def meaning_of(column: Column) -> str:
    """The meaning, with the values a text may have."""
    values = ("met", "not_yet", "not_applicable")
    choices = values if column.type == "state" else column.choices
    return (
        f"{column.meaning} One of: {', '.join(choices)}." if choices else column.meaning
    )


@cache
def dictionary_rows() -> list[dict[str, Any]]:
    """Every column of every star table, in the order of the index."""
    return [
        column_entry(table, position, column)
        for table in STAR
        for position, column in enumerate(table.columns, start=1)
    ]
