"""What the log knows about a project's theory: tests of ideas, measures of drivers."""

from collections import defaultdict
from dataclasses import dataclass

from pdsa.models import Cycle, Measure
from projects.models import Project
from projects.selectors import Theory, theory_of


@dataclass(frozen=True)
class TheoryAtWork:
    """A driver diagram with the tests of each idea and the measures of each driver,
    by their keys; measures without a driver are under None."""

    project: Project
    theory: Theory
    tests: dict[int, list[Cycle]]
    measures: dict[int | None, list[Measure]]


def theory_at_work(project: Project) -> TheoryAtWork:
    """The diagram and its work in six queries, however many rows there are."""
    theory = theory_of(project)
    return TheoryAtWork(project, theory, _tests(project), _measures(project))


def _tests(project: Project) -> dict[int, list[Cycle]]:
    """Living tests by idea, oldest first; a test of several ideas stands with each."""
    rows = Cycle.objects.filter(ramp__project=project, deleted_at=None)
    cycles = {row.pk: row for row in rows.select_related("ramp").order_by("id")}
    links = Cycle.other_change_ideas.through.objects.filter(
        cycle__ramp__project=project, cycle__deleted_at=None
    )
    pairs = {(row.ramp.change_idea_id, row.pk) for row in cycles.values()}
    pairs |= set(links.values_list("changeidea_id", "cycle_id"))
    found: dict[int, list[Cycle]] = defaultdict(list)
    for idea, cycle in sorted((i, c) for i, c in pairs if i is not None):
        if cycle in cycles:
            found[idea].append(cycles[cycle])
    return found


def _measures(project: Project) -> dict[int | None, list[Measure]]:
    """Living measures by living driver."""
    rows = Measure.objects.filter(project=project, deleted_at=None)
    found: dict[int | None, list[Measure]] = defaultdict(list)
    for measure in rows.select_related("driver").order_by("position", "id"):
        driver = measure.driver
        living = driver is not None and driver.deleted_at is None
        found[driver.pk if driver and living else None].append(measure)
    return found
