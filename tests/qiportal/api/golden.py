"""The contract as it stands in git: `python -m tests.qiportal.api.golden` renews it.

Adding is free. A column, path or property that is gone, or whose type changed, breaks
clients and belongs into /api/v2/.
"""

import csv
import io
import json
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS, SCHEMA = HERE / "golden_columns.csv", HERE / "golden_schema.json"
WORDS = ("description", "summary", "title")


def columns_text():
    from qiportal.api.dictionary import dictionary_rows

    out = io.StringIO()
    rows = dictionary_rows()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def schema_text():
    from qiportal.api.views.about import openapi_text

    bare = wordless(json.loads(openapi_text()))
    return json.dumps(bare, indent=0, sort_keys=True) + "\n"


def wordless(node):
    """A schema without its prose, which may change freely."""
    if isinstance(node, list):
        return [wordless(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    return {
        name: wordless(value)
        for name, value in node.items()
        if name not in WORDS or not isinstance(value, str)
    }


def lost_columns():
    """Columns of the file that are gone or have another type, key or link."""

    def promises(text):
        return {
            (row["table"], row["column"], row["type"], row["is_key"], row["references"])
            for row in csv.DictReader(io.StringIO(text))
        }

    return sorted(promises(COLUMNS.read_text()) - promises(columns_text()))


def lost(old, new, place="$"):
    """What `old` promises and `new` does not: values, properties, list entries."""
    if isinstance(old, dict):
        if not isinstance(new, dict):
            return [place]
        return [
            entry
            for name, value in old.items()
            for entry in (
                lost(value, new[name], f"{place}.{name}")
                if name in new
                else [f"{place}.{name}"]
            )
        ]
    if isinstance(old, list):
        return [f"{place}: {entry}" for entry in old if not _in(entry, new)]
    return [] if old == new else [place]


def _in(entry, new):
    if not isinstance(new, list):
        return False
    return any(not lost(entry, candidate) for candidate in new)


def lost_promises():
    return lost(json.loads(SCHEMA.read_text()), json.loads(schema_text()))


def write():
    COLUMNS.write_text(columns_text())
    SCHEMA.write_text(schema_text())


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiportal.settings")
    django.setup()
    write()
