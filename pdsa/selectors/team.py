"""What the page behind a ward's QR code reads."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from pdsa.models import Cycle, Measure
from pdsa.selectors.cycles import with_predictions
from projects.models import Project
from projects.models.register import LIVE
from qiportal.accounts.models import User
from qiportal.organisation.models import Unit
from qiportal.organisation.selectors import same_team

MOST = 60


@dataclass(frozen=True)
class Team:
    """A ward's running work as one person sees it; they may log where it is theirs."""

    unit: Unit
    projects: list[Project]
    cycles: list[Cycle]
    measures: list[Measure]
    writable: frozenset[int]

    def may_log(self, project_id: int) -> bool:
        return project_id in self.writable


def team_unit(actor: User, code: str) -> Unit:
    """The unit of a code; Http404 for an unknown one."""
    return get_object_or_404(Unit.objects.visible_to(actor), code=code)


def team_projects(actor: User, unit: Unit) -> QuerySet[Project]:
    """Live projects of the unit and below, and those above it, that the actor sees."""
    above = [unit.path[:end] for end in range(9, len(unit.path), 9)]
    visible = Project.objects.visible_to(actor).filter(status__in=LIVE)
    own = visible.filter(unit__path__startswith=unit.path)
    return (own | visible.filter(unit__path__in=above)).select_related("unit")


def team_read(actor: User, code: str) -> Team:
    """Everything on a team's page, in a fixed number of queries."""
    unit = team_unit(actor, code)
    projects = list(team_projects(actor, unit).order_by("-last_activity_at")[:MOST])
    keys = [project.pk for project in projects]
    mine = set(
        Project.objects.editable_by(actor)
        .filter(pk__in=keys)
        .values_list("pk", flat=True)
    )
    theirs = {p.pk for p in projects if _may_join(actor, p)}
    return Team(
        unit=unit,
        projects=projects,
        cycles=_running(keys),
        measures=_measures(keys),
        writable=frozenset(mine | theirs),
    )


def _may_join(actor: User, project: Project) -> bool:
    open_to_join = project.visibility in ("trust", "team")
    return open_to_join and same_team(home=actor.home_unit, owner=project.unit)


def _running(project_ids: list[int]) -> list[Cycle]:
    """Tests planned or under way, the newest first."""
    rows = Cycle.objects.filter(
        ramp__project__in=project_ids, deleted_at=None, do_finished_at=None
    )
    rows = rows.select_related("ramp__project", "ramp__change_idea")
    rows = rows.annotate(other_ideas=Count("other_change_ideas")).order_by("-id")
    return list(with_predictions(rows[:MOST]))


def _measures(project_ids: list[int]) -> list[Measure]:
    rows = Measure.objects.filter(project__in=project_ids, deleted_at=None)
    related = rows.select_related("project", "state")
    return list(related.order_by("project_id", "position", "id")[:MOST])
