"""Measures: what is counted, how, and on which chart."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from pdsa.models import DataPoint, Measure, MeasureTarget
from pdsa.services import base
from pdsa.services.states import measure_state_refresh
from projects.models import Project
from projects.services import project_lock, project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now

RESOURCE = "measure"
RULE_SETS = {"run": "anhoej", "xmr": "mdc"}
SHEWHART = "shewhart"
CHARTS_OF = {
    Measure.DataType.VALUE: ("run", "xmr"),
    Measure.DataType.PROPORTION: ("run", "xmr", "p", "pp"),
    Measure.DataType.RATE: ("run", "xmr", "u", "up"),
    Measure.DataType.COUNT: ("run", "xmr", "c"),
    Measure.DataType.TIME_BETWEEN: ("run", "xmr", "t"),
    Measure.DataType.CASES_BETWEEN: ("run", "xmr", "g"),
}


def rule_set_of(chart_type: str) -> str:
    """The name of the rules a chart is judged by."""
    return RULE_SETS.get(chart_type, SHEWHART)


def _chart_fits(data_type: str, chart_type: str) -> None:
    if chart_type not in CHARTS_OF[Measure.DataType(data_type)]:
        raise ValidationError(
            {"chart_type": "This chart does not fit this kind of number."}
        )


@transaction.atomic
def measure_create(
    *,
    project: Project,
    name: str,
    kind: str,
    operational_definition: str,
    data_type: str,
    direction: str,
    frequency: str,
    chart_type: str = Measure.ChartType.RUN,
    target: Decimal | None = None,
    target_from: date | None = None,
    submission_id: uuid.UUID | None = None,
    by: User,
    **described: Any,
) -> Measure:
    """Adds a measure. `target` is on the scale of a point's value: 0.95 for 95%.

    `described` takes the remaining fields of Measure. Raises ValidationError: no
    operational definition, a name the project has already, a chart that does not fit.
    """
    project_lock(project)
    if before := base.earlier(Measure, submission_id):
        return before
    _chart_fits(data_type, chart_type)
    _same_project(project, described)
    last = project.measures.aggregate(last=Max("position"))["last"]
    measure = base.created(
        Measure(
            project=project,
            name=name,
            kind=kind,
            operational_definition=operational_definition.strip(),
            data_type=data_type,
            direction=direction,
            frequency=frequency,
            chart_type=chart_type,
            rule_set=rule_set_of(chart_type),
            position=0 if last is None else last + 1,
            submission_id=submission_id,
            created_by=by,
            **described,
        )
    )
    if target is not None:
        day = target_from or project.registered_on
        MeasureTarget.objects.create(measure=measure, value=target, from_date=day)
    measure_state_refresh(measure=measure)
    _settle(measure, "measure.created", by, {"name": name, "data_type": data_type})
    return measure


def _same_project(project: Project, described: dict[str, Any]) -> None:
    for name in ("aim", "driver"):
        row = described.get(name)
        if row is not None and row.project_id != project.pk:
            raise ValidationError({name: "Choose one of this project."})


def _settle(measure: Measure, type: str, by: User, new: dict) -> None:
    project_touch(project=measure.project)
    unit = measure.project.unit.path
    audit_record(type=type, target=measure, by=by, new=new, unit_path=unit)


@transaction.atomic
def measure_change(
    *, measure: Measure, version: int, by: User, **values: Any
) -> Measure:
    """Changes a measure's fields. Raises Conflict and ValidationError.

    Once there are numbers, "out of" cannot come or go: old numbers would lose their
    meaning.
    """
    measure = base.locked(measure, "project__unit")
    data_type = values.get("data_type", measure.data_type)
    chart_type = values.get("chart_type", measure.chart_type)
    _chart_fits(data_type, chart_type)
    _same_project(measure.project, values)
    divided = (Measure.DataType.PROPORTION, Measure.DataType.RATE)
    if (data_type in divided) != measure.has_denominator and _has_points(measure):
        raise ValidationError(
            {
                "data_type": "There are numbers already. Start a new measure for "
                "another kind of number."
            }
        )
    measure = base.changed(
        measure,
        version=version,
        type="measure.changed",
        by=by,
        values={**values, "rule_set": rule_set_of(chart_type)},
        unit=measure.project.unit.path,
    )
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    return measure


@transaction.atomic
def measure_chart_set(*, measure: Measure, chart_type: str, by: User) -> Measure:
    """Shows the same numbers on another chart that fits them."""
    version = base.locked(measure).version
    if chart_type not in Measure.ChartType.values:
        raise ValidationError("Choose one of the charts.")
    return measure_change(
        measure=measure, version=version, chart_type=chart_type, by=by
    )


def _has_points(measure: Measure) -> bool:
    return measure.points.filter(deleted_at=None).exists()


@transaction.atomic
def measure_delete(*, measure: Measure, by: User) -> Measure:
    """Takes a measure with its numbers away; it can be brought back for a while."""
    unit = measure.project.unit.path
    row = base.deleted(
        measure, resource=RESOURCE, type="measure.deleted", by=by, unit=unit
    )
    project_touch(project=row.project)
    return row


@transaction.atomic
def measure_restore(*, measure: Measure, by: User) -> Measure:
    """Brings a deleted measure back, unless its name is taken by now.

    Its numbers count as changed: for readers of changes they come back with it.
    """
    unit = measure.project.unit.path
    row = base.restored(
        measure, resource=RESOURCE, type="measure.restored", by=by, unit=unit
    )
    DataPoint.objects.filter(measure=row).update(updated_at=now())
    project_touch(project=row.project)
    return row


@transaction.atomic
def target_set(
    *, measure: Measure, value: Decimal, from_date: date, by: User
) -> MeasureTarget:
    """Sets the target from a day on; one given for that day before is replaced."""
    measure = base.locked(measure, "project__unit")
    old = measure.targets.filter(from_date=from_date).first()
    row = old or MeasureTarget(measure=measure, from_date=from_date)
    before, row.value = (old.value if old else None), value
    row.clean_fields(exclude=["measure"])
    row.save()
    _target_settle(measure, by, {from_date: before}, {from_date: value})
    return row


@transaction.atomic
def target_remove(*, target: MeasureTarget, by: User) -> None:
    """Takes a target away; the audit keeps it."""
    measure = base.locked(target.measure, "project__unit")
    day, value = target.from_date, target.value
    target.delete()
    _target_settle(measure, by, {day: value}, {day: None})


def _target_settle(measure: Measure, by: User, old: dict, new: dict) -> None:
    measure_state_refresh(measure=measure)
    project_touch(project=measure.project)
    unit = measure.project.unit.path
    audit_record(
        type="measure.target_set",
        target=measure,
        by=by,
        old={day.isoformat(): value for day, value in old.items()},
        new={day.isoformat(): value for day, value in new.items()},
        unit_path=unit,
    )
