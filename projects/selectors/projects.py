"""One project, as far as the person may see or change it: 404 hidden, 403 forbidden."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from projects.models import Aim, Handover, Project
from projects.permissions import Standing, can_restore, standing_of
from qiportal.accounts.models import User

REFUSED = "You can see this project, but only its team can do this."


def project_or_404(actor: User, reference: str) -> Project:
    """The project if the actor may see it; Http404 otherwise."""
    visible = Project.objects.visible_to(actor).with_summary()
    return get_object_or_404(visible, reference=readable(reference))


def readable(reference: str) -> str:
    """A reference as it may be looked up; Http404 for what a database cannot hold."""
    if "\x00" in reference:
        raise Http404
    return reference


def is_visible(actor: User, project: Project) -> bool:
    """Whether the actor sees the project, for instance still after leaving it."""
    return Project.objects.visible_to(actor).filter(pk=project.pk).exists()


def project_allowed(
    actor: User, reference: str, allowed: Callable[[Standing], bool]
) -> Project:
    """The visible project, or PermissionDenied unless the actor's standing allows."""
    project = project_or_404(actor, reference)
    if not allowed(standing_of(actor, project)):
        raise PermissionDenied(REFUSED)
    return project


def project_for_edit(actor: User, reference: str) -> Project:
    """For writing cycles, measures, ideas, drivers: lead, member, patient partner."""
    return project_allowed(actor, reference, lambda stands: stands.can_write)


def project_for_lead(actor: User, reference: str) -> Project:
    """For charter, people, state and handover: the lead or the QI team."""
    return project_allowed(actor, reference, lambda stands: stands.can_lead)


def project_for_row_delete(actor: User, reference: str) -> Project:
    """For deleting and restoring ideas and drivers: the team or the QI team."""
    return project_allowed(actor, reference, lambda stands: stands.can_delete_rows)


def project_for_history(actor: User, reference: str) -> Project:
    return project_allowed(actor, reference, lambda stands: stands.sees_history)


def project_to_delete(actor: User, reference: str) -> Project:
    return project_allowed(actor, reference, lambda stands: stands.can_delete_project)


def project_to_restore(actor: User, reference: str) -> Project:
    """A deleted project the actor may bring back; 404 for everybody else."""
    rows = Project.objects.exclude(deleted_at=None).select_related("unit")
    project = get_object_or_404(rows, reference=readable(reference))
    if not can_restore(actor, project):
        raise Http404
    return project


def handover_for(actor: User, reference: str) -> Handover:
    """The handover on offer to the actor, whatever the project's visibility."""
    rows = Handover.objects.filter(
        accepted_at=None,
        ended_at=None,
        to_user=actor,
        project__reference=readable(reference),
        project__deleted_at=None,
    )
    return get_object_or_404(rows.select_related("project__unit", "from_user"))


def open_handover(project: Project) -> Handover | None:
    """The handover now on offer, if any."""
    rows = Handover.objects.filter(project=project, accepted_at=None, ended_at=None)
    return rows.select_related("from_user", "to_user").first()


def current_aim(project: Project) -> Aim | None:
    """The project's one current aim, if it has been written."""
    return Aim.objects.filter(project=project, is_current=True).first()
