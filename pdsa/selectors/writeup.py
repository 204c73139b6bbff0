"""What a project's write-up and poster read, in a fixed number of queries."""

from dataclasses import dataclass

from pdsa.models import BenefitClaim, Cycle, Measure
from pdsa.selectors.access import (
    Place,
    place_seen,
    project_cycles,
    project_measures,
)
from pdsa.selectors.benefits import claims_of
from pdsa.selectors.cycles import with_predictions
from pdsa.selectors.series import Series, measures_series
from projects.models import Barrier, ChangeIdea, MethodUse, Project, ProjectMember
from projects.models.care import CoproductionRating
from projects.selectors import (
    Branch,
    Theory,
    method_uses,
    project_barriers,
    theory_of,
)
from qiportal.accounts.models import User

MOST_CYCLES = 200
MOST_MEASURES = 40


@dataclass(frozen=True)
class Writeup:
    """Everything entered about a project that a report of it needs.

    `cycles` come ramp by ramp, each ramp in the order of its tests.
    """

    place: Place
    theory: Theory
    members: list[ProjectMember]
    cycles: list[Cycle]
    measures: list[Measure]
    series: dict[int, Series]
    methods: list[MethodUse]
    barriers: list[Barrier]
    coproduction: list[CoproductionRating]
    benefits: list[BenefitClaim]

    @property
    def project(self) -> Project:
        return self.place.project

    @property
    def ramps(self) -> list[list[Cycle]]:
        """Tests by ramp, in the order the ramps were begun."""
        groups: dict[int, list[Cycle]] = {}
        for cycle in self.cycles:
            groups.setdefault(cycle.ramp_id, []).append(cycle)
        return list(groups.values())

    @property
    def ideas(self) -> list[ChangeIdea]:
        """Every change idea, in the order of the driver diagram."""
        found = list(self.theory.loose)
        for branch in self.theory.branches:
            found += _ideas(branch)
        return found

    @property
    def started(self) -> list[Cycle]:
        """Tests that have been begun, oldest first."""
        rows = [cycle for cycle in self.cycles if cycle.do_started_at]
        return sorted(rows, key=lambda cycle: (str(cycle.do_on), cycle.pk))


def _ideas(branch: Branch) -> list[ChangeIdea]:
    return [*branch.ideas, *(idea for b in branch.branches for idea in _ideas(b))]


def writeup_read(actor: User, reference: str) -> Writeup:
    """All of a visible project's record; Http404 for one the actor may not see."""
    place = place_seen(actor, reference)
    project = place.project
    measures = list(project_measures(project)[:MOST_MEASURES])
    for measure in measures:
        measure.project = project
    people = ProjectMember.objects.filter(project=project).select_related("user")
    ratings = CoproductionRating.objects.filter(project=project)
    return Writeup(
        place=place,
        theory=theory_of(project),
        members=list(people.order_by("joined_on", "id")),
        cycles=_cycles(place),
        measures=measures,
        series=measures_series(measures),
        methods=list(method_uses(project)),
        barriers=project_barriers(project),
        coproduction=list(ratings.order_by("on", "id")),
        benefits=list(claims_of(project)),
    )


def _cycles(place: Place) -> list[Cycle]:
    rows = project_cycles(place.project).order_by("ramp_id", "number")
    return list(with_predictions(rows)[:MOST_CYCLES])
