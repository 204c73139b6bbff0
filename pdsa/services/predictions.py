"""Predictions: insert-only. What is saved after Do began is an amendment."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from pdsa.models import Cycle, Prediction
from pdsa.services import base
from projects.services import project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now
from qiportal.core.versions import versioned_save

TICK = timedelta(microseconds=1)
FIELDS = ("question", "statement", "because", "direction", "value", "confidence")


@dataclass(frozen=True)
class Expectation:
    """What a team expects, as a form gives it. `replaces` is an earlier prediction."""

    statement: str
    question: str = ""
    because: str = ""
    direction: str = ""
    value: Decimal | None = None
    confidence: int | None = None
    replaces: Prediction | None = None
    submission_id: uuid.UUID | None = None

    def differs(self, row: Prediction) -> bool:
        return any(getattr(self, name) != getattr(row, name) for name in FIELDS)


@transaction.atomic
def prediction_add(
    *,
    cycle: Cycle,
    statement: str,
    question: str = "",
    because: str = "",
    direction: str = "",
    value: Decimal | None = None,
    confidence: int | None = None,
    supersedes: Prediction | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
) -> Prediction:
    """Saves a prediction with the server's stamp, holding the cycle while it does.

    After Do began it is an amendment and its stamp lies after the start, whatever the
    clock says. Before, it is part of the plan, whose version rises. Raises
    ValidationError for another cycle's prediction, one that was replaced already, and
    a cycle that is decided.
    """
    cycle = base.locked(cycle, "ramp__project", "unit")
    if before := base.earlier(Prediction, submission_id):
        return before
    row = Prediction(
        question=question,
        statement=statement,
        because=because,
        direction=direction,
        value=value,
        confidence=confidence,
        supersedes=supersedes,
        submission_id=submission_id,
    )
    _kept(cycle, row, by)
    if cycle.do_started_at is None:
        versioned_save(cycle, expected=cycle.version, fields=[])
    return row


def _kept(cycle: Cycle, row: Prediction, by: User) -> Prediction:
    """Inserts a prediction of a cycle that is held."""
    if cycle.act_decided_at:
        raise ValidationError("This test is decided; its expectations stay.")
    if row.supersedes:
        _replaceable(cycle, row.supersedes)
    row.cycle, row.by, row.first_saved_at = cycle, by, _stamp(cycle)
    base.created(row)
    _settle(cycle, row, by)
    return row


def _settle(cycle: Cycle, row: Prediction, by: User) -> None:
    amends = cycle.do_started_at is not None
    project_touch(project=cycle.ramp.project)
    audit_record(
        type="prediction.amended" if amends else "prediction.saved",
        target=row,
        by=by,
        new={name: getattr(row, name) for name in FIELDS},
        unit_path=cycle.unit.path,
    )


def _stamp(cycle: Cycle) -> datetime:
    """Now; strictly after the start of Do where it has begun."""
    if cycle.do_started_at:
        return max(now(), cycle.do_started_at + TICK)
    return max(now(), cycle.plan_started_at)


def _replaceable(cycle: Cycle, earlier: Prediction) -> None:
    if earlier.cycle_id != cycle.pk:
        raise ValidationError("This expectation belongs to another test.")
    if Prediction.objects.filter(supersedes=earlier).exists():
        raise ValidationError("Somebody has changed this expectation already.")


def expectations_save(
    cycle: Cycle, expectations: Sequence[Expectation], *, by: User
) -> list[Prediction]:
    """Saves those that are new or differ from what they replace, of a cycle that is
    held. Its version is the caller's to raise.

    What was reworded meanwhile is replaced in its newest wording: whoever sends the
    newest version has seen that.
    """
    return [
        _kept(cycle, _row(entry), by)
        for entry in expectations
        if entry.statement and (entry.replaces is None or entry.differs(entry.replaces))
    ]


def _row(entry: Expectation) -> Prediction:
    return Prediction(
        supersedes=_newest(entry.replaces),
        submission_id=entry.submission_id,
        **{name: getattr(entry, name) for name in FIELDS},
    )


def _newest(row: Prediction | None) -> Prediction | None:
    """The last wording in the chain that begins with this one."""
    while row and (later := Prediction.objects.filter(supersedes=row).first()):
        row = later
    return row
