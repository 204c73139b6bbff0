"""Phases: the baseline and each rebase. A human act with a date and a reason."""

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from pdsa.models import Cycle, Measure, Phase
from pdsa.services import base
from pdsa.services.states import measure_state_refresh
from projects.services import project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now, plain, today
from qiportal.core.versions import versioned_save


@transaction.atomic
def phase_add(
    *,
    measure: Measure,
    starts_on: date,
    label: str,
    reason: str,
    cycle: Cycle | None = None,
    freeze_after_n: int | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Phase:
    """Starts a phase: the first of a measure is its baseline, each later one a rebase.

    Where numbers lie before a first phase, they are the baseline: a phase for them is
    added too, so that the new one gets limits of its own. `freeze_after_n` fixes the
    limits on the phase's first n points, n >= 12. The cycle
    must be one of the measure's project. Raises ValidationError in plain words.
    """
    measure = base.locked(measure, "project__unit")
    if before := base.earlier(Phase, submission_id):
        return before
    if starts_on > today():
        raise ValidationError({"starts_on": "This date lies in the future."})
    if cycle and cycle.ramp.project_id != measure.project_id:
        raise ValidationError({"cycle": "Choose a test of this project."})
    _baseline_before(measure, starts_on, by)
    phase = base.created(
        Phase(
            measure=measure,
            starts_on=starts_on,
            label=label,
            reason=reason,
            cycle=cycle,
            freeze_after_n=freeze_after_n,
            submission_id=submission_id,
            created_by=by,
        )
    )
    _settle(measure, phase, "phase.added", by, {"starts_on": starts_on, "label": label})
    return phase


def _baseline_before(measure: Measure, starts_on: date, by: User) -> None:
    """The numbers before a first phase become the baseline."""
    if measure.phases.filter(undone_at=None).exists():
        return
    points = measure.points.filter(deleted_at=None, period_start__lt=starts_on)
    first = points.order_by("period_start").values_list("period_start", flat=True)
    if day := first.first():
        reason = f"Numbers before {plain(starts_on)}"
        base.created(
            Phase(
                measure=measure,
                starts_on=day,
                label="Baseline",
                reason=reason,
                created_by=by,
            )
        )


@transaction.atomic
def phase_undo(*, phase: Phase, by: User) -> Phase:
    """Takes a phase back; the row stays as history. Undoing twice is the same as once.

    With the baseline undone, the next phase is the first and so the baseline.
    """
    measure = base.locked(phase.measure, "project__unit")
    phase = base.locked(phase)
    if phase.undone_at:
        return phase
    phase.undone_at, phase.undone_by = now(), by
    versioned_save(phase, expected=phase.version, fields=["undone_at", "undone_by"])
    _settle(measure, phase, "phase.undone", by, {})
    return phase


def _settle(measure: Measure, phase: Phase, type: str, by: User, new: dict) -> None:
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    unit = measure.project.unit.path
    audit_record(type=type, target=phase, by=by, new=new, unit_path=unit)
