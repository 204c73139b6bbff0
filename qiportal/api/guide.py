"""What the docs page and the "Data and API" page print, from the declarations."""

from typing import Any

from qiportal.api.auth import PER_MINUTE, STREAMS
from qiportal.api.columns import Column
from qiportal.api.dictionary import meaning_of
from qiportal.api.links import api_url, public_url
from qiportal.api.params import known_parameters
from qiportal.api.problems import KINDS, Kind
from qiportal.api.schema_points import CODES
from qiportal.api.snippets import post_snippet, snippets
from qiportal.api.tables import NESTED, RESOURCES, SNAPSHOT, STAR, Table
from qiportal.dashboard.selectors import published

KIND_WORDS = {
    "row-level": "Live: read from the portal as it is now",
    "snapshot": "Published: as of the last nightly run",
}
COLUMN_HEADS = [
    {"label": label} for label in ("Column", "Type", "Empty?", "Joins to", "Meaning")
]


def column_cells(column: Column) -> list[str]:
    return [
        column.name + (" (key)" if column.key else ""),
        column.shown_type,
        "may be" if column.null else "never",
        column.references or "–",
        meaning_of(column),
    ]


def columns_table(table: Table) -> dict[str, Any]:
    return {
        "caption": f"Columns of {table.name}",
        "columns": COLUMN_HEADS,
        "rows": [column_cells(column) for column in table.columns],
        "row_headers": True,
    }


def table_entry(table: Table) -> dict[str, Any]:
    """A star table for the page: what it is, where, how to narrow it, its columns."""
    return {
        "name": table.name,
        "meaning": table.meaning,
        "kind": KIND_WORDS[table.source.kind],
        "url": api_url(table.path),
        "parameters": ", ".join(known_parameters(table)),
        "table": columns_table(table),
    }


def resources_table() -> dict[str, Any]:
    """The live resources in a table; their columns are the star tables'."""
    rows = [[table.path, table.meaning] for table in (*RESOURCES, *NESTED)]
    rows.append(["projects/{reference}/", "One project by its reference."])
    rows.append(["rollup-runs/latest/", "The run all published figures come from."])
    return {
        "caption": "Live resources",
        "columns": [{"label": "Path under /api/v1/"}, {"label": "What it lists"}],
        "rows": rows,
        "row_headers": True,
    }


def problems_table() -> dict[str, Any]:
    return {
        "caption": "Kinds of refusal",
        "columns": [{"label": "Status"}, {"label": "Kind"}, {"label": "What to do"}],
        "rows": [
            [
                str(kind.status),
                {"text": kind.slug, "url": f"/api/v1/problems/{kind.slug}/"},
                kind.advice,
            ]
            for kind in KINDS.values()
        ],
    }


ROW_ERRORS = {
    "unknown_measure": "No measure of this number, or none this token may feed.",
    "measure_closed": "The measure's project is closed.",
    "bad_period": "Not the first day of a period of this measure, or in the future.",
    "bad_number": "Not a number this measure takes.",
    "missing_denominator": "This measure needs a denominator.",
    "denominator_not_positive": "A denominator is more than 0.",
    "numerator_over_denominator": "A percentage cannot be over 100.",
    "identifier_found": "A note or reference looks like it identifies a patient.",
    "held_by_person": "A person entered another number for that period.",
    "duplicate_in_request": "The same measure and period is in the request twice.",
}


def row_errors_table() -> dict[str, Any]:
    return {
        "caption": "Errors of a row",
        "columns": [{"label": "Code"}, {"label": "What it means"}],
        "rows": [[code, ROW_ERRORS[code]] for code in CODES],
        "row_headers": True,
    }


def guide() -> dict[str, Any]:
    """Context of the docs page."""
    return {
        "base_url": api_url(),
        "tables": [table_entry(table) for table in STAR],
        "resources": resources_table(),
        "problems": problems_table(),
        "codes": row_errors_table(),
        "post": post_snippet(),
        "per_minute": PER_MINUTE,
        "streams": STREAMS,
        "schema_url": "/api/v1/schema/",
        "crumbs": [{"label": "Data and API", "url": "/data/"}],
    }


def problem_page(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind,
        "crumbs": [
            {"label": "Data and API", "url": "/data/"},
            {"label": "How to use the API", "url": "/api/v1/docs/"},
        ],
    }


def data_page() -> dict[str, Any]:
    """Context of "Data and API"."""
    rows = [
        [
            table.name,
            table.meaning,
            "published" if table.source.kind == SNAPSHOT else "live",
        ]
        for table in STAR
    ]
    return {
        "host": public_url(""),
        "snippets": snippets(),
        "published": published(),
        "star": {
            "caption": "Tables of the star schema",
            "columns": [{"label": "Table"}, {"label": "Rows"}, {"label": "Read from"}],
            "rows": rows,
            "row_headers": True,
        },
    }
