"""Programmes: projects that pull in one direction."""

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from projects.models import Programme, Project
from qiportal.accounts.models import User

MOST_ID = 2**31


def programmes_counted(actor: User) -> QuerySet[Programme]:
    """All programmes by name, each with the number of projects the actor sees."""
    seen = Q(projects__in=Project.objects.visible_to(actor))
    rows = Programme.objects.select_related("unit").order_by("name")
    return rows.annotate(project_count=Count("projects", filter=seen))


def programme_or_404(programme_id: int) -> Programme:
    """A programme's name and purpose are for everybody signed in."""
    rows = Programme.objects.select_related("unit").filter(pk=programme_id)
    found = rows.first() if programme_id < MOST_ID else None
    if found is None:
        raise Http404
    return found


def programme_projects(actor: User, programme: Programme) -> QuerySet[Project]:
    """The programme's projects that the actor sees, in structure order."""
    rows = Project.objects.visible_to(actor).filter(programmes=programme)
    return rows.select_related("unit").order_by("unit__path", "reference")
