"""Files of a project. A file of a deleted test is not shown until the test is back."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from pdsa.models import Attachment, Cycle
from pdsa.selectors.access import Place
from projects.models import Project

AT_A_LIVING_TEST = Q(cycle=None) | Q(cycle__deleted_at=None)


def attachments_of(project: Project, cycle: Cycle | None = None) -> QuerySet:
    """A project's files, or one test's, newest first, in one query."""
    rows = Attachment.objects.filter(AT_A_LIVING_TEST, project=project, deleted_at=None)
    if cycle:
        rows = rows.filter(cycle=cycle)
    return rows.select_related("created_by", "cycle__ramp").order_by("-pk")


def attachment_at(place: Place, attachment_id: int) -> Attachment:
    """One file of the project; Http404 for another project's."""
    return get_object_or_404(attachments_of(place.project), pk=attachment_id)


def attachment_deleted_at(place: Place, attachment_id: int) -> Attachment:
    """A deleted file, to bring it back."""
    rows = Attachment.objects.filter(project=place.project).exclude(deleted_at=None)
    return get_object_or_404(rows, pk=attachment_id)
