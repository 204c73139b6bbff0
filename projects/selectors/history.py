"""What happened to a project, from the audit."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from projects.models import Aim, Barrier, ChangeIdea, Driver, Project
from projects.models import ProjectStatusChange as StatusChange
from qiportal.accounts.models import AuditEvent, User

PEOPLE = ("person", "lead", "from", "to")
PARTS = (Aim, Driver, ChangeIdea, Barrier)


@dataclass(frozen=True)
class Names:
    """Display names by e-mail address, for the actors of events."""

    by_email: dict[str, str]

    def of(self, actor: str) -> str:
        if actor.startswith("system:"):
            return "The portal"
        return self.by_email.get(actor, actor)


def project_history(project: Project) -> QuerySet:
    """Audit events of the project and its parts in the register, newest first."""
    wanted = Q(target_model=Project._meta.label, target_id=str(project.pk))
    for model in PARTS:
        ids = model._base_manager.filter(project=project).values_list("pk", flat=True)
        keys = [str(pk) for pk in ids]
        if keys:
            wanted |= Q(target_model=model._meta.label, target_id__in=keys)
    return AuditEvent.objects.filter(wanted).order_by("-id")


def names_of(events: list[AuditEvent]) -> Names:
    """One query for the people behind a page of events."""
    emails = {event.actor for event in events}
    emails |= {event.new.get(key) for event in events for key in PEOPLE}
    people = User.objects.filter(email__in=emails)
    return Names({person.email: person.display_name for person in people})


def status_steps(project: Project) -> QuerySet:
    """The project's states in order, with who took each step."""
    return StatusChange.objects.filter(project=project).select_related("by")
