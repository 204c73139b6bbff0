"""What was deleted, in words, each with the way back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.urls import reverse

from pdsa.models import Comment, Cycle, DataPoint
from pdsa.selectors import Place
from pdsa.selectors.deleted import Deleted
from pdsa.units import shown
from qiportal.core.dates import plain
from qiportal.core.undo import kept_days

LABELS = {
    "cycle": "Test",
    "measure": "Measure with its numbers",
    "point": "Number",
    "task": "Task",
    "attachment": "File",
    "benefit": "Benefit",
    "comment": "Your comment",
    "driver": "Driver",
    "idea": "Change idea",
}


def _cycle(row: Cycle) -> str:
    return f"{row.ramp.title}, test {row.number}"


def _point(row: DataPoint) -> str:
    value = shown(row.measure, row.value)
    return f"{row.measure.name}: {value}, {plain(row.period_start)}"


def _comment(row: Comment) -> str:
    line = " ".join(row.body.split())
    return line if len(line) <= 100 else f"{line[:100].rstrip()} …"


NAMED: dict[str, Callable[[Any], str]] = {
    "cycle": _cycle,
    "point": _point,
    "comment": _comment,
}


def deleted_rows(place: Place, deleted: Deleted) -> list[dict]:
    """Everything that can be brought back, the last deleted first."""
    found = [
        _row(place, kind, row) for kind, rows in deleted.rows.items() for row in rows
    ]
    return sorted(found, key=lambda row: row["at"], reverse=True)


def _row(place: Place, kind: str, row: Any) -> dict:
    named = place.stands.sees_people
    return {
        "kind": LABELS[kind],
        "text": NAMED.get(kind, str)(row),
        "at": row.deleted_at,
        "by": str(row.deleted_by) if named else "",
        "until": row.deleted_at + timedelta(days=kept_days()),
        "url": _restore(place.project.reference, kind, row),
    }


def _restore(reference: str, kind: str, row: Any) -> str:
    inside = [row.measure_id] if kind == "point" else []
    return reverse(f"{kind}_restore", args=[reference, *inside, row.pk])
