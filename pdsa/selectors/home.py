"""What the project's home page reads, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from pdsa.models import BenefitClaim, Comment, Cycle, Measure, Task
from pdsa.selectors.access import project_measures
from pdsa.selectors.cycles import with_predictions
from pdsa.selectors.series import Series, measures_series
from projects.models import Aim, Barrier, ChangeIdea, Project, ProjectMember
from projects.permissions import Standing
from qiportal.accounts.models import User
from qiportal.accounts.models.people import Role
from qiportal.accounts.permissions import has_role
from qiportal.organisation.selectors import same_team

MOST_CYCLES = 30
MOST_MEASURES = 24
COUNTS = ("cycle_count", "measure_count", "comment_count", "benefit_count")


@dataclass(frozen=True)
class Home:
    """Everything on a project's home page. `cycles` are the newest, oldest first."""

    project: Any  # a Project with the counts of `_counts`
    aim: Aim | None
    stands: Standing
    members: list[ProjectMember]
    cycles: list[Cycle]
    ideas: list[ChangeIdea]
    measures: list[Measure]
    series: dict[int, Series]
    tasks: list[Task]

    @property
    def more_cycles(self) -> int:
        return self.project.cycle_count - len(self.cycles)

    @property
    def more_measures(self) -> int:
        return self.project.measure_count - len(self.measures)


def _counts() -> dict:
    """Counts that links on the page carry, read with the project."""

    def count(rows: QuerySet, field: str = "project") -> QuerySet:
        rows = rows.filter(**{field: OuterRef("pk")}).order_by().values(field)
        return rows.annotate(found=Count("pk")).values("found")

    cycles = Cycle.objects.filter(deleted_at=None)
    return {
        "cycle_count": count(cycles, "ramp__project"),
        "measure_count": count(Measure.objects.filter(deleted_at=None)),
        "comment_count": count(Comment.objects.filter(deleted_at=None)),
        "benefit_count": count(BenefitClaim.objects.filter(deleted_at=None)),
        "is_stuck": Exists(
            Barrier.objects.filter(project=OuterRef("pk"), resolved_at=None)
        ),
    }


def _with_aim(projects: QuerySet[Project]) -> QuerySet[Project]:
    aim = FilteredRelation("aims", condition=Q(aims__is_current=True))
    rows: Any = projects.annotate(current_aim=aim)
    return rows.select_related("current_aim")


def project_home_read(actor: User, reference: str) -> Home:
    """The project's home, if the actor may see it; Http404 otherwise."""
    rows = _with_aim(Project.objects.visible_to(actor).with_summary())
    project = get_object_or_404(rows.annotate(**_counts()), reference=reference)
    for name in COUNTS:
        setattr(project, name, getattr(project, name) or 0)
    members = _members(project)
    measures = list(project_measures(project)[:MOST_MEASURES])
    return Home(
        project=project,
        aim=getattr(project, "current_aim", None),  # not even set where there is none
        stands=_standing(actor, project, members),
        members=members,
        cycles=_newest_cycles(project),
        ideas=_ideas(project),
        measures=measures,
        series=measures_series(measures),
        tasks=_open_tasks(project),
    )


def _members(project: Project) -> list[ProjectMember]:
    rows = ProjectMember.objects.filter(project=project, left_on=None)
    return list(rows.select_related("user").order_by("relation", "joined_on", "id"))


def _standing(actor: User, project: Project, members: list[ProjectMember]) -> Standing:
    """As `standing_of`, from the members already read."""
    mine = frozenset(row.relation for row in members if row.user_id == actor.pk)
    return Standing(
        relations=mine,
        is_qi_team=has_role(actor, Role.QI_TEAM),
        in_team=same_team(home=actor.home_unit, owner=project.unit),
        visibility=project.visibility,
    )


def _newest_cycles(project: Project) -> list[Cycle]:
    rows = Cycle.objects.filter(ramp__project=project, deleted_at=None)
    rows = rows.select_related("ramp__change_idea").order_by("-id")
    others = Cycle.other_change_ideas.through.objects.filter(cycle=OuterRef("pk"))
    rows = rows.annotate(other_ideas=Exists(others))
    cycles = list(with_predictions(rows[:MOST_CYCLES]))
    for cycle in cycles:
        cycle.ramp.project = project
    return cycles[::-1]


def _ideas(project: Project) -> list[ChangeIdea]:
    rows = ChangeIdea.objects.filter(project=project, deleted_at=None)
    return list(rows.select_related("driver").order_by("position", "id")[:40])


def _open_tasks(project: Project) -> list[Task]:
    """Open tasks, the soonest due first; without a date last."""
    rows = Task.objects.filter(project=project, deleted_at=None, done_at=None)
    rows = rows.select_related("who", "cycle__ramp")
    found = list(rows.order_by("id")[:40])
    return sorted(found, key=lambda task: (task.due_on is None, task.due_on, task.pk))


def by_ramp(cycles: list[Cycle]) -> list[list[Cycle]]:
    """Tests grouped by ramp: ramps with an open test first, then the newest."""
    groups: dict[int, list[Cycle]] = defaultdict(list)
    for cycle in cycles:
        groups[cycle.ramp_id].append(cycle)

    def place(ramp: list[Cycle]) -> tuple:
        decided = all(cycle.decision for cycle in ramp)
        newest = max(cycle.do_on or cycle.created_at.date() for cycle in ramp)
        return decided, -newest.toordinal(), -ramp[0].ramp_id

    ramps = sorted(groups.values(), key=place)
    return [sorted(ramp, key=lambda cycle: cycle.number) for ramp in ramps]
