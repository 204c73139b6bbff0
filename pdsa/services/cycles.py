"""Doing, studying and deciding one test. Stages follow one another.

The date a team states says when it did something; the server's stamp says when the
portal was told. Both are kept, so a test written up late is welcome and visibly late.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from pdsa.models import Cycle, CycleOutcome
from pdsa.selectors.cycles import compared_predictions
from pdsa.services import base
from pdsa.services.predictions import Expectation, expectations_save
from pdsa.services.stages import (
    changed,
    held,
    not_future,
    settle,
    stage_is,
    stamp_after,
)
from projects.models import ChangeIdea
from projects.services import idea_mark, project_touch
from qiportal.accounts.models import AuditEvent, User
from qiportal.core.dates import month_start, now, plain, today

RESOURCE = "cycle"


@transaction.atomic
def cycle_start_do(*, cycle: Cycle, do_on: date | None = None, by: User) -> Cycle:
    """Starts Do, which locks the predictions. Starting twice is the same as once."""
    cycle = base.locked(cycle, "ramp__project", "unit")
    if cycle.do_started_at:
        return cycle
    values = _start_values(cycle, do_on)
    return changed(cycle, cycle.version, "cycle.do_started", by, values)


def _start_values(cycle: Cycle, do_on: date | None) -> dict[str, Any]:
    """Stamp and stated date of a beginning Do; nothing when it has begun."""
    not_future("do_on", do_on)
    if cycle.do_started_at:
        return {}
    day = do_on or today()
    latest = cycle.predictions.aggregate(at=Max("first_saved_at"))["at"]
    stamp = stamp_after(cycle.plan_started_at, latest)
    return {"do_started_at": stamp, "do_on": day, "month": month_start(day)}


@transaction.atomic
def cycle_record_do(
    *,
    cycle: Cycle,
    note: str = "",
    added: int = 0,
    conduct: str = "",
    do_on: date | None = None,
    expectation: Expectation | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Cycle:
    """Adds one observation to a test, starting Do if it has not begun.

    `added` counts the patients or events of this observation; `note` is appended under
    today's date, so two people can log at once. An `expectation` is kept first, hence
    before Do. Sent twice with one `submission_id`, it counts once.
    """
    cycle = base.locked(cycle, "ramp__project", "unit")
    if _told_before(cycle, submission_id):
        return cycle
    stage_is(cycle, "plan", "do")
    if added < 0:
        raise ValidationError({"added": "This cannot be less than 0."})
    expectations_save(cycle, [expectation] if expectation else [], by=by)
    values = _start_values(cycle, do_on)
    values["observations"] = _appended(cycle.observations, note, added, conduct)
    if added:
        values["actual_n"] = (cycle.actual_n or 0) + added
    if conduct:
        values["conduct"] = conduct
    version = cycle.version
    cycle = changed(cycle, version, "cycle.do_recorded", by, values)
    told = {"submission_id": submission_id, "added": added}
    settle(cycle, "cycle.observed", by, told)
    return cycle


def _told_before(cycle: Cycle, submission_id: uuid.UUID | None) -> bool:
    """Whether this observation was saved already; its receipt is its audit event."""
    if submission_id is None:
        return False
    return AuditEvent.objects.filter(
        target_model=Cycle._meta.label,
        target_id=str(cycle.pk),
        type="cycle.observed",
        new__submission_id=str(submission_id),
    ).exists()


def _appended(text: str, note: str, added: int, conduct: str) -> str:
    """The log of observations with one more line."""
    facts = [f"{added} more" if added else ""]
    facts += [Cycle.Conduct(conduct).label.lower() if conduct else ""]
    line = ", ".join(filter(None, facts))
    line = f"{plain(today())}{f' ({line})' if line else ''}: {note.strip() or 'logged'}"
    return "\n".join(filter(None, [text, line]))


@transaction.atomic
def cycle_finish_do(
    *,
    cycle: Cycle,
    version: int,
    do_on: date,
    observations: str,
    conduct: str = "",
    problems: str = "",
    actual_n: int | None = None,
    finish: bool = True,
    by: User,
) -> Cycle:
    """Keeps what happened and, with `finish`, closes Do. Later it corrects the words.

    A test nobody logged along the way starts and finishes here: the stamps then say
    so. Raises Conflict, and ValidationError for a date in the future.
    """
    cycle = held(cycle, version)
    not_future("do_on", do_on)
    values = _start_values(cycle, do_on) | {
        "do_on": do_on,
        "month": month_start(do_on),
        "observations": observations,
        "conduct": conduct,
        "problems": problems,
        "actual_n": actual_n,
    }
    if finish and not cycle.do_finished_at:
        started = values.get("do_started_at") or cycle.do_started_at
        values["do_finished_at"] = stamp_after(started)
    return changed(cycle, version, "cycle.do_written", by, values)


@transaction.atomic
def cycle_study(
    *,
    cycle: Cycle,
    version: int,
    study_on: date,
    results: str,
    learned: str,
    surprises: str = "",
    outcomes: Mapping[int, tuple[str, str]] | None = None,
    finish: bool = True,
    by: User,
) -> Cycle:
    """Compares what happened with what was expected.

    `outcomes` maps a prediction's key to (outcome, note). Do must be finished. Raises
    Conflict, and ValidationError.
    """
    cycle = held(cycle, version)
    if cycle.do_finished_at is None:
        raise ValidationError("Finish the Do stage first.")
    not_future("study_on", study_on)
    if cycle.do_on and study_on < cycle.do_on:
        raise ValidationError({"study_on": "This lies before the day of the test."})
    stamp = cycle.study_started_at or stamp_after(cycle.do_finished_at)
    values = {
        "study_on": study_on,
        "results": results,
        "learned": learned,
        "surprises": surprises,
        "study_started_at": stamp,
    }
    if finish and not cycle.study_finished_at:
        values["study_finished_at"] = stamp_after(stamp)
    before = _outcomes(cycle)
    told = _outcomes_save(cycle, outcomes or {}, by)
    beside = {"outcomes": (before, {**before, **told})}
    cycle = changed(cycle, version, "cycle.studied", by, values, beside)
    if told:
        words = {key: outcome for key, (outcome, _) in told.items()}
        settle(cycle, "cycle.compared", by, {"outcomes": words})
    return cycle


def _outcomes(cycle: Cycle) -> dict[str, list[str]]:
    """What came of each expectation, as the audit keeps it."""
    rows = CycleOutcome.objects.filter(prediction__cycle=cycle)
    return {str(row.prediction_id): [row.outcome, row.note] for row in rows}


def _outcomes_save(
    cycle: Cycle, outcomes: Mapping[int, tuple[str, str]], by: User
) -> dict[str, list[str]]:
    """Keeps the outcome of each prediction that counts; others are refused."""
    counted = {row.pk: row for row in compared_predictions(cycle)}
    told = {}
    for key, (outcome, note) in outcomes.items():
        if key not in counted:
            raise ValidationError("Compare the expectations of this test.")
        if not outcome:
            continue
        row = CycleOutcome(prediction=counted[key], outcome=outcome, note=note)
        row.by, row.at = by, now()
        base.cleaned(row)
        CycleOutcome.objects.update_or_create(
            prediction=counted[key],
            defaults={"outcome": outcome, "note": note, "by": by, "at": row.at},
        )
        told[str(key)] = [outcome, note]
    return told


@transaction.atomic
def cycle_act(
    *,
    cycle: Cycle,
    version: int,
    decision: str,
    why: str,
    would_try_if: str = "",
    standard_work_owner: User | None = None,
    sustain_check_on: date | None = None,
    by: User,
) -> Cycle:
    """Adopt, adapt or abandon; the change idea takes the decision over.

    Study must be finished. Adopting needs somebody who looks after the new way of
    working. A decision may be taken again; its first stamp stays.
    """
    cycle = held(cycle, version)
    if cycle.study_finished_at is None:
        raise ValidationError("Finish the Study stage first.")
    if decision == Cycle.Decision.ADOPT and standard_work_owner is None:
        raise ValidationError({"standard_work_owner": "Say who will look after it."})
    stamp = cycle.act_decided_at or stamp_after(cycle.study_finished_at)
    values = {"decision": decision, "why": why, "act_decided_at": stamp}
    cycle = changed(cycle, version, "cycle.decided", by, values)
    if idea := cycle.ramp.change_idea:
        adopting = decision == Cycle.Decision.ADOPT
        idea_mark(
            idea=base.locked(idea),
            status=DECIDED[decision],
            would_try_if=would_try_if,
            standard_work_owner=standard_work_owner if adopting else None,
            sustain_check_on=sustain_check_on if adopting else None,
            by=by,
        )
    return cycle


DECIDED: dict[str, str] = {
    Cycle.Decision.ADOPT: ChangeIdea.Status.ADOPTED,
    Cycle.Decision.ADAPT: ChangeIdea.Status.ADAPTED,
    Cycle.Decision.ABANDON: ChangeIdea.Status.ABANDONED,
}


@transaction.atomic
def cycle_delete(*, cycle: Cycle, by: User) -> Cycle:
    """Takes a test away; it can be brought back for a while."""
    unit = cycle.unit.path
    row = base.deleted(cycle, resource=RESOURCE, type="cycle.deleted", by=by, unit=unit)
    project_touch(project=row.ramp.project)
    return row


@transaction.atomic
def cycle_restore(*, cycle: Cycle, by: User) -> Cycle:
    """Brings a deleted test back."""
    unit = cycle.unit.path
    row = base.restored(
        cycle, resource=RESOURCE, type="cycle.restored", by=by, unit=unit
    )
    project_touch(project=row.ramp.project)
    return row
