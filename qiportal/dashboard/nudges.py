"""Nudges: a title and a link for whoever can do something, once per cause.

Created at night, shown on My work, mentioned in the weekly mail. A nudge whose cause is
gone (the number came, the project rests) is taken as read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from projects.models import Project
from projects.services import project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import Notification, User
from qiportal.core.dates import now
from qiportal.dashboard.selectors.due import (
    living_projects,
    people_of,
    quiet_projects,
    studies_due,
    values_due,
)
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import heartbeat

QUIET, STUDY, VALUE = "nudge.quiet", "nudge.study", "nudge.value"
QUIET_WORDS = {21: "three weeks", 42: "six weeks", 90: "three months"}


@dataclass(frozen=True)
class Nudge:
    """Whom to tell what. `key` names the cause: nobody is told of it twice."""

    kind: str
    key: str
    project_id: int
    reference: str
    title: str
    doer_id: int | None = None


def overdue_nudges(job: JobRun | None = None) -> dict:
    """Tells people what is overdue and takes back what no longer is. Safe twice."""
    nudges = [*_quiet(), *_studies(), *_values()]
    heartbeat(job)
    made = _tell(nudges)
    heartbeat(job)
    return {"due": len(nudges), "told": made, "settled": _settle(nudges)}


def _quiet() -> Iterable[Nudge]:
    for quiet in quiet_projects():
        project = quiet.project
        words = QUIET_WORDS[quiet.step]
        yield Nudge(
            kind=QUIET,
            key=quiet.key,
            project_id=project.pk,
            reference=reverse("still_going", args=[project.reference]),
            title=f"Still going? Nothing new for {words}: {project.title}",
        )


def _studies() -> Iterable[Nudge]:
    for cycle in studies_due(living_projects()):
        project = cycle.ramp.project
        yield Nudge(
            kind=STUDY,
            key=str(cycle.pk),
            project_id=project.pk,
            reference=reverse("cycle_detail", args=[project.reference, cycle.pk]),
            title=f"Study is due: {cycle.ramp.title}, test {cycle.number}",
            doer_id=cycle.created_by_id,
        )


def _values() -> Iterable[Nudge]:
    for measure in values_due(living_projects()):
        state = getattr(measure, "state", None)
        reference = measure.project.reference
        yield Nudge(
            kind=VALUE,
            key=f"{measure.pk}:{state.last_at if state else None}",
            project_id=measure.project_id,
            reference=reverse("point_add", args=[reference, measure.pk]),
            title=f"A number is due: {measure.name}",
            doer_id=measure.created_by_id,
        )


def _tell(nudges: list[Nudge]) -> int:
    """Writes the notifications that are not there yet; how many."""
    people = people_of({nudge.project_id for nudge in nudges})
    rows = [
        Notification(
            user_id=user_id,
            kind=nudge.kind,
            key=nudge.key,
            reference=nudge.reference,
            title=nudge.title[:200],
        )
        for nudge in nudges
        for user_id in sorted(people[nudge.project_id].told(nudge.doer_id))
    ]
    before = Notification.objects.count()
    Notification.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return Notification.objects.count() - before


def _settle(nudges: list[Nudge]) -> int:
    """Takes nudges as read whose cause is gone; how many."""
    standing = {(nudge.kind, nudge.key) for nudge in nudges}
    unread = Notification.objects.filter(kind__startswith="nudge.", read_at=None)
    gone = [
        pk
        for pk, kind, key in unread.values_list("pk", "kind", "key")
        if (kind, key) not in standing
    ]
    return Notification.objects.filter(pk__in=gone).update(read_at=now())


@transaction.atomic
def still_going(*, project: Project, by: User) -> None:
    """The answer to "still going?": a sign of life that ends the nudges for now."""
    project_touch(project=project)
    Notification.objects.filter(
        kind=QUIET, key__startswith=f"{project.pk}:", read_at=None
    ).update(read_at=now())
    audit_record(
        type="project.still_going",
        target=project,
        by=by,
        unit_path=project.unit.path,
    )
