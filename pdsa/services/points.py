"""Writing numbers: one by one, pasted, left out of the limits, deleted, restored."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from pdsa import engine
from pdsa.models import Cycle, DataPoint, Measure
from pdsa.parsing import EARLIEST, period_start
from pdsa.services import base
from pdsa.services.states import measure_state_refresh
from projects.services import project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ApiToken, ImportBatch, User
from qiportal.core.dates import today

RESOURCE = "data_point"
WHOLE = (Measure.DataType.COUNT, Measure.DataType.CASES_BETWEEN)
NOT_NEGATIVE = (*WHOLE, Measure.DataType.PROPORTION, Measure.DataType.RATE)


def point_problems(
    measure: Measure, day: date, numerator: Decimal, denominator: Decimal | None
) -> dict[str, str]:
    """What speaks against a number of this measure, by field; empty when nothing."""
    problems = {}
    if day > today():
        problems["period_start"] = "This date lies in the future."
    elif day < EARLIEST:
        problems["period_start"] = "This date lies before 1990. Check the year."
    kind = measure.data_type
    if measure.has_denominator and denominator is None:
        problems["denominator"] = "Say out of how many."
    elif measure.has_denominator and denominator is not None and denominator <= 0:
        problems["denominator"] = "“Out of” must be more than 0."
    elif not measure.has_denominator and denominator is not None:
        problems["denominator"] = "This measure has no “out of”. Leave it empty."
    elif (
        kind == Measure.DataType.PROPORTION
        and denominator is not None
        and numerator > denominator
    ):
        problems["numerator"] = "This is more than the number it is out of."
    if kind in NOT_NEGATIVE and numerator < 0:
        problems["numerator"] = "This cannot be less than 0."
    elif kind in WHOLE and numerator % 1:
        problems["numerator"] = "Type a whole number."
    elif kind == Measure.DataType.TIME_BETWEEN and numerator <= 0:
        problems["numerator"] = "The time between two events must be more than 0."
    return problems


def point_check(
    measure: Measure, day: date, numerator: Decimal, denominator: Decimal | None
) -> None:
    """Raises ValidationError with a message per field for an impossible number."""
    if problems := point_problems(measure, day, numerator, denominator):
        raise ValidationError(problems)


@transaction.atomic
def data_point_record(
    *,
    measure: Measure,
    period_start: date,
    numerator: Decimal,
    denominator: Decimal | None = None,
    note: str = "",
    cycle: Cycle | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
    entered_via: str = DataPoint.EnteredVia.TYPED,
    source: str = "",
    source_ref: str = "",
    token: ApiToken | None = None,
) -> DataPoint:
    """Saves one number. Sent twice with one `submission_id`, it is saved once.

    `period_start` becomes the first of the month or quarter where the measure is
    monthly or quarterly. Raises ValidationError in plain words: impossible number,
    date in the future, or a number already there for that period.
    """
    measure = base.locked(measure, "project__unit")
    if before := base.earlier(DataPoint, submission_id):
        return before
    day = _period(measure, period_start)
    point_check(measure, day, numerator, denominator)
    point = base.created(
        DataPoint(
            measure=measure,
            period_start=day,
            numerator=numerator,
            denominator=denominator,
            note=note,
            cycle=cycle,
            submission_id=submission_id,
            entered_via=entered_via,
            source=source,
            source_ref=source_ref,
            token=token,
            created_by=by,
        )
    )
    new = {"period": day, "numerator": numerator, "denominator": denominator}
    _settle(measure, type="data_point.recorded", target=point, by=by, new=new)
    return point


def _period(measure: Measure, day: date) -> date:
    return period_start(day, measure.frequency)


def _settle(measure: Measure, *, type: str, target: Any, by: User, new: dict) -> None:
    """What follows each write of numbers: state, heartbeat, audit."""
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    audit_record(
        type=type, target=target, by=by, new=new, unit_path=measure.project.unit.path
    )


@transaction.atomic
def data_point_change(
    *,
    point: DataPoint,
    version: int,
    period_start: date,
    numerator: Decimal,
    denominator: Decimal | None = None,
    note: str = "",
    is_excluded: bool = False,
    exclusion_reason: str = "",
    by: User,
) -> DataPoint:
    """Corrects a number, or leaves it out of the limits (which needs a reason).

    Raises Conflict when somebody changed it first, ValidationError as when recording.
    """
    measure = base.locked(point.measure, "project__unit")
    day = _period(measure, period_start)
    point_check(measure, day, numerator, denominator)
    values = {
        "period_start": day,
        "numerator": numerator,
        "denominator": denominator,
        "note": note,
        "is_excluded": is_excluded,
        "exclusion_reason": exclusion_reason if is_excluded else "",
    }
    unit = measure.project.unit.path
    point = base.changed(
        *(point,),
        version=version,
        type="data_point.changed",
        by=by,
        values=values,
        unit=unit,
    )
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    return point


@transaction.atomic
def data_point_delete(*, point: DataPoint, by: User) -> DataPoint:
    """Takes a number away; it can be brought back for a while."""
    measure = base.locked(point.measure, "project__unit")
    unit = measure.project.unit.path
    point = base.deleted(
        point, resource=RESOURCE, type="data_point.deleted", by=by, unit=unit
    )
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    return point


@transaction.atomic
def data_point_restore(*, point: DataPoint, by: User) -> DataPoint:
    """Brings a deleted number back, unless its period has a new one by now."""
    measure = base.locked(point.measure, "project__unit")
    unit = measure.project.unit.path
    point = base.restored(
        point, resource=RESOURCE, type="data_point.restored", by=by, unit=unit
    )
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    return point


@dataclass(frozen=True)
class NewPoint:
    """One checked row of a paste or file, its period already normalised."""

    measure_id: int
    period_start: date
    numerator: Decimal
    denominator: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class PasteResult:
    batch: ImportBatch
    created: int
    changed: int
    unchanged: int


@transaction.atomic
def data_points_paste(
    *,
    measure: Measure,
    rows: Sequence[NewPoint],
    by: User,
    submission_id: uuid.UUID | None = None,
) -> PasteResult:
    """Saves pasted rows in one go; a period that has a number gets the new one.

    One ImportBatch keeps what a row's `submission_id` would: sending the paste again
    writes nothing. Old and new numbers stand in the audit.
    """
    measure = base.locked(measure, "project__unit")
    if batch := base.earlier(ImportBatch, submission_id):
        return PasteResult(batch, 0, 0, len(rows))
    batch = ImportBatch.objects.create(
        kind="paste",
        file_name=f"Pasted into {measure.name}"[:200],
        file_sha256=(submission_id or uuid.uuid4()).hex,
        by=by,
        state=ImportBatch.State.COMMITTED,
        submission_id=submission_id,
        rows_ok=len(rows),
    )
    result = points_write(rows, batch=batch, by=by, entered_via="pasted")
    batch.rows_changed = result.created + result.changed
    batch.rows_skipped = result.unchanged
    batch.save(update_fields=["rows_changed", "rows_skipped"])
    counts = {"created": result.created, "changed": result.changed}
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    unit = measure.project.unit.path
    audit_record(
        type="data_points.pasted",
        target=measure,
        by=by,
        old=result.old,
        new={**counts, **result.new},
        unit_path=unit,
    )
    return PasteResult(batch, result.created, result.changed, result.unchanged)


@dataclass(frozen=True)
class PointsWritten:
    """Counts, and the figures of changed periods before and after, for the audit."""

    created: int
    changed: int
    unchanged: int
    old: dict[str, list]
    new: dict[str, list]


def points_write(
    rows: Sequence[NewPoint],
    *,
    batch: ImportBatch,
    by: User,
    entered_via: str,
    source: str = "",
) -> PointsWritten:
    """Inserts new points and changes those that differ, in a few statements.

    Part of the caller's transaction; holds the measures, in order of their keys, so
    that two imports wait for one another. Equal rows stay untouched, so that writing
    the same rows again changes nothing. An excluded point stays excluded.
    """
    there = _existing({row.measure_id for row in rows})
    fresh: list[NewPoint] = []
    changes: list[tuple[int, NewPoint]] = []
    old: dict[str, list] = {}
    for row in rows:
        before = there.get((row.measure_id, row.period_start))
        if before is None:
            fresh.append(row)
        elif before[1:] != (row.numerator, row.denominator, row.note):
            changes.append((before[0], row))
            old[f"{row.measure_id} {row.period_start}"] = list(before[1:3])
    engine.points_insert(
        fresh,
        batch_id=batch.pk,
        by_id=by.pk,
        entered_via=entered_via,
        source=source,
    )
    engine.points_update(changes, batch_id=batch.pk)
    new = {
        f"{row.measure_id} {row.period_start}": [row.numerator, row.denominator]
        for _, row in changes
    }
    same = len(rows) - len(fresh) - len(changes)
    return PointsWritten(len(fresh), len(changes), same, old, new)


def _existing(measure_ids: set[int]) -> dict[tuple[int, date], tuple]:
    """(measure, period) -> (key, numerator, denominator, note) of living points.

    Takes the lock of each measure first.
    """
    found: dict[tuple[int, date], tuple] = {}
    ids = sorted(measure_ids)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        held = Measure.objects.select_for_update().filter(pk__in=some).order_by("pk")
        list(held.values_list("pk"))
        part = DataPoint.objects.filter(measure__in=some, deleted_at=None)
        columns = ("measure_id", "period_start", "id", "numerator", "denominator")
        for row in part.values_list(*columns, "note").iterator():
            found[row[0], row[1]] = row[2:]
    return found
