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
    objective: str,
    purpose: str = Cycle.Purpose.TEST,
    plan: str = "",
    data_plan: str = "",
    scale: int | None = None,
    planned_n: int | None = None,
    planned_start_on: date | None = None,
    planned_end_on: date | None = None,
    change_idea: ChangeIdea | None = None,
    ramp: Ramp | None = None,
    previous: Cycle | None = None,
    carried_learning: str = "",
    measures: Sequence[Measure] = (),
    other_change_ideas: Sequence[ChangeIdea] = (),
    expectations: Sequence[Expectation] = (),
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Cycle:
    """Opens a test. Without `ramp` it joins the newest ramp of its change idea.

    Raises ValidationError for a ramp, idea or measure of another project, and for
    values a constraint refuses.
    """
    project_lock(project)
    if before := base.earlier(Cycle, submission_id):
        return before
    ramp = base.locked(ramp or _ramp(project, change_idea, objective, by))
    _same_project(project, [ramp, *measures, *other_change_ideas])
    written = Plan(
        *(objective, purpose, plan, data_plan, scale, planned_n),
        *(planned_start_on, planned_end_on),
    )
    cycle = base.created(
        Cycle(
            **written.values(),
            ramp=ramp,
            number=_next_number(ramp),
            previous=previous,
            carried_learning=carried_learning,
            plan_started_at=now(),
            unit=project.unit,
            month=month_start(planned_start_on or today()),
            submission_id=submission_id,
            created_by=by,
        )
    )
    cycle.measures.set(measures)
    cycle.other_change_ideas.set(other_change_ideas)
    expectations_save(cycle, expectations, by=by)
    _idea_tested(ramp)
    settle(cycle, "cycle.planned", by, {"number": cycle.number})
    return cycle


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
    by: User,
) -> Cycle:
    """Changes the plan, as long as Do has not started. Raises Conflict."""
    cycle = held(cycle, version)
    stage_is(cycle, "plan")
    _same_project(cycle.ramp.project, [*measures, *other_change_ideas])
    cycle.measures.set(measures)
    cycle.other_change_ideas.set(other_change_ideas)
    expectations_save(cycle, expectations, by=by)
    return changed(cycle, version, "cycle.plan_changed", by, plan.values())


@transaction.atomic
def cycle_next(
    *,
    cycle: Cycle,
    carried_learning: str,
    plan: Plan | None = None,
    expectations: Sequence[Expectation] = (),
    measures: Sequence[Measure] | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Cycle:
    """The next test of the ramp, built on what this one taught.

    The plan is copied unless one is given; predictions are never copied, as they are
    made anew. Raises ValidationError without learning, or before Study is finished.
    """
    if not carried_learning.strip():
        raise ValidationError(
            {"carried_learning": "Say what you learned that shapes the next test."}
        )
    if cycle.study_finished_at is None:
        raise ValidationError("Finish the Study stage first.")
    return cycle_plan(
        project=cycle.ramp.project,
        ramp=cycle.ramp,
        previous=cycle,
        carried_learning=carried_learning,
        measures=list(cycle.measures.all()) if measures is None else measures,
        expectations=expectations,
        submission_id=submission_id,
        by=by,
        **(plan or plan_copy(cycle)).values(),
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
