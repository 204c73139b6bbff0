"""Planning a test: the first of a ramp, and the next one built on what was learned."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from pdsa.models import Cycle, Measure, Ramp
from pdsa.services import base
from pdsa.services.predictions import Expectation, expectations_save
from pdsa.services.stages import changed, held, settle, stage_is
from pdsa.services.talk import NewTask, tasks_copy, tasks_save
from projects.models import ChangeIdea, Project
from projects.services import project_lock
from qiportal.accounts.models import User
from qiportal.core.dates import month_start, now, today


@dataclass(frozen=True)
class Plan:
    """What a team writes before it begins."""

    objective: str
    purpose: str = Cycle.Purpose.TEST
    plan: str = ""
    data_plan: str = ""
    scale: int | None = None
    planned_n: int | None = None
    planned_start_on: date | None = None
    planned_end_on: date | None = None

    def values(self) -> dict[str, Any]:
        return dict(vars(self))


@transaction.atomic
def cycle_plan(
    *,
    project: Project,
    plan: Plan,
    change_idea: ChangeIdea | None = None,
    ramp: Ramp | None = None,
    previous: Cycle | None = None,
    carried_learning: str = "",
    measures: Sequence[Measure] = (),
    other_change_ideas: Sequence[ChangeIdea] = (),
    expectations: Sequence[Expectation] = (),
    tasks: Sequence[NewTask] = (),
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Cycle:
    """Opens a test. Without `ramp` it joins the newest ramp of its change idea.

    What is expected and who does what are saved with it, or nothing is. Raises
    ValidationError for a ramp, idea or measure of another project, and for values a
    constraint refuses.
    """
    project_lock(project)
    if before := base.earlier(Cycle, submission_id):
        return before
    ramp = base.locked(ramp or _ramp(project, change_idea, plan.objective, by))
    _same_project(project, [ramp, *measures, *other_change_ideas])
    cycle = _opened(ramp, project, plan, previous, carried_learning, submission_id, by)
    cycle.measures.set(measures)
    cycle.other_change_ideas.set(other_change_ideas)
    expectations_save(cycle, expectations, by=by)
    tasks_save(cycle, tasks, by=by)
    _idea_tested(ramp)
    settle(cycle, "cycle.planned", by, {"number": cycle.number})
    return cycle


def _opened(
    ramp: Ramp,
    project: Project,
    plan: Plan,
    previous: Cycle | None,
    carried_learning: str,
    submission_id: uuid.UUID | None,
    by: User,
) -> Cycle:
    """The row of a test that begins now."""
    return base.created(
        Cycle(
            **plan.values(),
            ramp=ramp,
            number=_next_number(ramp),
            previous=previous,
            carried_learning=carried_learning,
            plan_started_at=now(),
            unit=project.unit,
            month=month_start(plan.planned_start_on or today()),
            submission_id=submission_id,
            created_by=by,
        )
    )


def _ramp(project: Project, idea: ChangeIdea | None, objective: str, by: User) -> Ramp:
    """The newest ramp of the idea, or a new one named after it."""
    if idea:
        _same_project(project, [idea])
        ramps = Ramp.objects.filter(project=project, change_idea=idea)
        if found := ramps.order_by("-id").first():
            return found
    title = idea.title if idea else objective[:150]
    last = project.ramps.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    ramp = Ramp(
        project=project,
        change_idea=idea,
        title=title,
        position=position,
        created_by=by,
    )
    return base.created(ramp)


def _same_project(project: Project, rows: Sequence[Any]) -> None:
    if any(row.project_id != project.pk for row in rows):
        raise ValidationError("Choose ideas and measures of this project.")


def _next_number(ramp: Ramp) -> int:
    """One more than ever given: the number of a deleted test stays its own."""
    return (ramp.cycles.aggregate(top=Max("number"))["top"] or 0) + 1


def _idea_tested(ramp: Ramp) -> None:
    idea = ramp.change_idea
    if idea and idea.status == ChangeIdea.Status.PROPOSED:
        idea.status = ChangeIdea.Status.TESTING
        idea.save(update_fields=["status", "updated_at"])


@transaction.atomic
def cycle_plan_change(
    *,
    cycle: Cycle,
    version: int,
    plan: Plan,
    measures: Sequence[Measure] = (),
    other_change_ideas: Sequence[ChangeIdea] = (),
    expectations: Sequence[Expectation] = (),
    tasks: Sequence[NewTask] = (),
    by: User,
) -> Cycle:
    """Changes the plan, as long as Do has not started. Raises Conflict.

    `tasks` are added to those of the test; each knows whether it was sent before.
    """
    cycle = held(cycle, version)
    stage_is(cycle, "plan")
    _same_project(cycle.ramp.project, [*measures, *other_change_ideas])
    before = _linked(cycle)
    cycle.measures.set(measures)
    cycle.other_change_ideas.set(other_change_ideas)
    expectations_save(cycle, expectations, by=by)
    tasks_save(cycle, tasks, by=by)
    after = _linked(cycle)
    beside = {name: (before[name], after[name]) for name in before}
    return changed(cycle, version, "cycle.plan_changed", by, plan.values(), beside)


def _linked(cycle: Cycle) -> dict[str, list[int]]:
    """The keys of what a plan names beside its own words."""
    names = ("measures", "other_change_ideas", "predictions")
    return {
        name: sorted(getattr(cycle, name).values_list("pk", flat=True))
        for name in names
    }


@transaction.atomic
def cycle_next(
    *,
    cycle: Cycle,
    carried_learning: str,
    plan: Plan | None = None,
    expectations: Sequence[Expectation] = (),
    measures: Sequence[Measure] | None = None,
    tasks: Sequence[NewTask] | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Cycle:
    """The next test of the ramp, built on what this one taught.

    Plan, measures and tasks are copied unless they are given; predictions never are,
    as they are made anew. Raises ValidationError without learning, or before Study is
    finished.
    """
    if not carried_learning.strip():
        raise ValidationError(
            {"carried_learning": "Say what you learned that shapes the next test."}
        )
    if cycle.study_finished_at is None:
        raise ValidationError("Finish the Study stage first.")
    return cycle_plan(
        project=cycle.ramp.project,
        plan=plan or plan_copy(cycle),
        ramp=cycle.ramp,
        previous=cycle,
        carried_learning=carried_learning,
        measures=list(cycle.measures.all()) if measures is None else measures,
        expectations=expectations,
        tasks=tasks_copy(cycle, by=by) if tasks is None else tasks,
        submission_id=submission_id,
        by=by,
    )


def plan_copy(cycle: Cycle) -> Plan:
    """The plan to start the next test from: the same, without its dates."""
    return Plan(
        objective=cycle.objective,
        purpose=cycle.purpose,
        plan=cycle.plan,
        data_plan=cycle.data_plan,
        scale=cycle.scale,
        planned_n=cycle.planned_n,
    )
