"""What was deleted in a project and can still be brought back."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from pdsa.models import (
    Attachment,
    BenefitClaim,
    Comment,
    Cycle,
    DataPoint,
    Measure,
    Task,
)
from pdsa.selectors.access import Place
from projects.selectors import deleted_theory
from qiportal.accounts.models import User
from qiportal.core.undo import kept_since

MOST = 100


@dataclass(frozen=True)
class Deleted:
    """Deleted rows by what they are, and whether the actor may bring others' back."""

    rows: dict[str, list[Any]]

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


def deleted_in(place: Place, actor: User) -> Deleted:
    """Rows the actor may bring back, each kind's last deleted first.

    Comments are their author's alone; all else is the team's and the QI team's. Rows
    of a deleted test or measure come back with it.
    """
    rows: dict[str, list[Any]] = {"comment": _own_comments(place, actor)}
    if not place.stands.can_delete_rows:
        return Deleted(rows)
    rows |= {kind: list(found[:MOST]) for kind, found in _of_the_log(place).items()}
    rows["driver"], rows["idea"] = deleted_theory(place.project)
    return Deleted(rows)


def _gone(rows: QuerySet) -> QuerySet:
    """Deleted so lately that it can still be brought back."""
    kept = rows.filter(deleted_at__gt=kept_since())
    return kept.select_related("deleted_by").order_by("-deleted_at", "-pk")


def _own_comments(place: Place, actor: User) -> list[Comment]:
    rows = Comment.objects.filter(project=place.project, created_by=actor)
    return list(_gone(rows)[:MOST])


def _of_the_log(place: Place) -> dict[str, QuerySet]:
    project = place.project
    cycles = Cycle.objects.filter(ramp__project=project)
    points = DataPoint.objects.filter(
        measure__project=project, measure__deleted_at=None
    )
    files = Attachment.objects.filter(project=project)
    return {
        "cycle": _gone(cycles).select_related("ramp", "deleted_by"),
        "measure": _gone(Measure.objects.filter(project=project)),
        "point": _gone(points).select_related("measure", "deleted_by"),
        "task": _gone(Task.objects.filter(project=project)),
        "attachment": _gone(files),
        "benefit": _gone(BenefitClaim.objects.filter(project=project)),
    }
