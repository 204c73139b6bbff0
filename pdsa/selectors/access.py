"""The doors to rows of the log: invisible is 404, visible but not theirs is 403.

Rows are always looked up through their project, so a number in an address never
reaches another project's row.
"""

from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from pdsa.models import Comment, Cycle, DataPoint, Measure, MeasureTarget, Phase, Task
from pdsa.selectors.cycles import with_predictions
from pdsa.selectors.series import with_target
from projects.models import Project
from projects.permissions import Standing, standing_of
from projects.selectors import project_or_404
from qiportal.accounts.models import AuditEvent, User

REFUSED = "Only the project's team may change this. Ask its lead to add you."
CLOSED = "This project is closed. Its lead can open it again."


Found = TypeVar("Found")


@dataclass(frozen=True)
class Place:
    """A project as one person may use it. `joining`: saving makes them a member."""

    project: Project
    stands: Standing

    @property
    def joining(self) -> bool:
        return not self.stands.can_write


def place_seen(actor: User, reference: str) -> Place:
    """The visible project with the actor's standing; Http404 otherwise."""
    project = project_or_404(actor, reference)
    return Place(project, standing_of(actor, project))


def place_for_edit(actor: User, reference: str) -> Place:
    """For the project's writers; PermissionDenied for others who see it."""
    place = place_seen(actor, reference)
    if not place.stands.can_write:
        raise PermissionDenied(REFUSED)
    return place


def place_for_log(actor: User, reference: str) -> Place:
    """For writers, and for the project's own team: they join as they save."""
    place = place_seen(actor, reference)
    may_join = place.stands.may_join and not place.project.is_closed
    if not (place.stands.can_write or may_join):
        raise PermissionDenied(REFUSED)
    return place


def place_for_delete(actor: User, reference: str) -> Place:
    """For deleting and restoring rows: the writers and the QI team."""
    place = place_seen(actor, reference)
    if not place.stands.can_delete_rows:
        raise PermissionDenied(REFUSED)
    return place


def project_cycles(project: Project) -> QuerySet[Cycle]:
    """A project's living tests with their ramps, oldest first."""
    cycles = Cycle.objects.filter(ramp__project=project, deleted_at=None)
    return cycles.select_related("ramp__project", "ramp__change_idea").order_by("id")


def cycle_at(place: Place, cycle_id: int) -> Cycle:
    """One living test of the project, with predictions at hand."""
    cycles = with_predictions(project_cycles(place.project))
    related = cycles.select_related(
        "ramp__project__unit", "ramp__change_idea__driver", "previous", "unit"
    )
    return get_object_or_404(related, pk=cycle_id)


def cycle_deleted_at(place: Place, cycle_id: int) -> Cycle:
    """A deleted test, to bring it back."""
    cycles = Cycle.objects.filter(ramp__project=place.project)
    return get_object_or_404(cycles.exclude(deleted_at=None), pk=cycle_id)


def ramp_cycles(cycle: Cycle) -> list[Cycle]:
    """The living tests of a test's ramp, by number, with predictions."""
    rows = Cycle.objects.filter(ramp=cycle.ramp_id, deleted_at=None)
    related = rows.select_related("ramp__change_idea").order_by("number")
    return list(with_predictions(related))


def project_measures(project: Project) -> QuerySet[Measure]:
    """A project's living measures with their state and target."""
    rows = Measure.objects.filter(project=project, deleted_at=None)
    return with_target(rows.select_related("state")).order_by("position", "id")


def measure_at(place: Place, measure_id: int) -> Measure:
    """One living measure of the project."""
    rows = project_measures(place.project).select_related("project__unit", "driver")
    return get_object_or_404(rows, pk=measure_id)


def measure_deleted_at(place: Place, measure_id: int) -> Measure:
    """A deleted measure, to bring it back."""
    rows = Measure.objects.filter(project=place.project).exclude(deleted_at=None)
    return get_object_or_404(rows, pk=measure_id)


def points_newest(measure: Measure) -> QuerySet[DataPoint]:
    """A measure's living numbers, newest first."""
    rows = DataPoint.objects.filter(measure=measure, deleted_at=None)
    return rows.order_by("-period_start")


def point_at(measure: Measure, point_id: int) -> DataPoint:
    """One living number of the measure."""
    rows = points_newest(measure).select_related("measure__project__unit")
    return get_object_or_404(rows, pk=point_id)


def point_deleted_at(measure: Measure, point_id: int) -> DataPoint:
    """A deleted number, to bring it back."""
    rows = DataPoint.objects.filter(measure=measure).exclude(deleted_at=None)
    return get_object_or_404(rows, pk=point_id)


def phase_at(measure: Measure, phase_id: int) -> Phase:
    rows = Phase.objects.filter(measure=measure, undone_at=None)
    return get_object_or_404(rows, pk=phase_id)


def phases_all(measure: Measure) -> QuerySet[Phase]:
    """A measure's phases with those undone, oldest first."""
    rows = Phase.objects.filter(measure=measure).order_by("starts_on", "id")
    return rows.select_related("cycle__ramp", "created_by", "undone_by")


def targets_of(measure: Measure) -> QuerySet[MeasureTarget]:
    return MeasureTarget.objects.filter(measure=measure).order_by("from_date")


def target_at(measure: Measure, target_id: int) -> MeasureTarget:
    rows = targets_of(measure).select_related("measure__project__unit")
    return get_object_or_404(rows, pk=target_id)


def comment_at(place: Place, comment_id: int, *, deleted: bool = False) -> Comment:
    rows = Comment.objects.filter(project=place.project, deleted_at__isnull=not deleted)
    return get_object_or_404(rows, pk=comment_id)


def task_at(place: Place, task_id: int, *, deleted: bool = False) -> Task:
    rows = Task.objects.filter(project=place.project, deleted_at__isnull=not deleted)
    return get_object_or_404(rows.select_related("project__unit"), pk=task_id)


def require_history(place: Place) -> None:
    """Who changed what is for those who take part, and for the QI team."""
    if not place.stands.sees_history:
        raise PermissionDenied("Only people of the project see its history.")


def require_found(row: Found | None) -> Found:
    """Http404 for None."""
    if row is None:
        raise Http404
    return row


def team_people(place: Place, actor: User) -> QuerySet[User]:
    """Whom the actor may name on the project's tasks: those who take part now.

    A patient partner is shown no list of other people, so only themselves.
    """
    people = User.objects.pickable()
    if not place.stands.sees_people:
        return people.filter(pk=actor.pk)
    taking_part = place.project.members.filter(left_on=None)
    return people.filter(pk__in=taking_part.values("user"))


def point_history(point: DataPoint) -> tuple[list[AuditEvent], dict[str, str]]:
    """The events of a number, oldest first, and the names of who acted."""
    events = AuditEvent.objects.filter(
        target_model=DataPoint._meta.label, target_id=str(point.pk)
    )
    found = list(events.order_by("id"))
    people = User.objects.filter(email__in={event.actor for event in found})
    return found, {person.email: person.display_name for person in people}
