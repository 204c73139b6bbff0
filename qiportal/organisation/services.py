"""Writes of the unit tree. The author is kept by the caller's audit event."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.organisation.models import Unit, UnitPlacement

LEVELS = ["trust", "division", "directorate", "service", "team"]


def path_of(unit_id: int, parent: Unit | None) -> str:
    """The materialised path: the parent's path, then this id."""
    return f"{parent.path if parent else ''}{unit_id:08d}/"


def check_parent(*, kind: str, parent: Unit | None) -> None:
    """Raises ValidationError unless the parent stands on a higher level."""
    if parent and LEVELS.index(parent.kind) >= LEVELS.index(kind):
        raise ValidationError(
            {"parent": f"A {kind} cannot stand beneath a {parent.kind}."}
        )


@transaction.atomic
def unit_place_new(
    *, code: str, name: str, kind: str, parent: Unit | None, opened_on: date, **rest
) -> Unit:
    """Creates a unit and its first place in the tree."""
    check_parent(kind=kind, parent=parent)
    unit = Unit(
        code=code, name=name, kind=kind, parent=parent, opened_on=opened_on, **rest
    )
    unit.full_clean()
    unit.save()
    unit.path = path_of(unit.pk, parent)
    unit.save(update_fields=["path"])
    UnitPlacement.objects.create(
        unit=unit, parent=parent, path=unit.path, valid_from=opened_on
    )
    return unit


@transaction.atomic
def unit_replace(*, unit: Unit, parent: Unit, on: date) -> Unit:
    """Moves a unit and all beneath it; earlier days keep the earlier tree."""
    check_parent(kind=unit.kind, parent=parent)
    if unit.contains(parent):
        raise ValidationError({"parent": "A unit cannot stand beneath itself."})
    old, new = unit.path, path_of(unit.pk, parent)
    unit.parent = parent
    for moved in Unit.objects.below(unit):
        moved.path = new + moved.path[len(old) :]
        if moved.pk == unit.pk:
            moved.parent = parent
        moved.version += 1
        moved.save()
        _placement_turn(moved, on)
    unit.refresh_from_db()
    return unit


def _placement_turn(unit: Unit, on: date) -> None:
    """Closes the open place at `on` and opens the next; a same-day move overwrites."""
    current = UnitPlacement.objects.filter(unit=unit, valid_to=None).first()
    if current and current.valid_from >= on:
        current.parent, current.path = unit.parent, unit.path
        current.save()
        return
    if current:
        current.valid_to = on
        current.save()
    UnitPlacement.objects.create(
        unit=unit, parent=unit.parent, path=unit.path, valid_from=on
    )


@transaction.atomic
def unit_shut(*, unit: Unit, on: date, merged_into: Unit | None = None) -> Unit:
    """Closes a unit on a day, naming the unit that carries its work on, if any."""
    open_below = Unit.objects.below(unit).exclude(pk=unit.pk).open_on(on)
    if open_below.exists():
        raise ValidationError("Close or move the units beneath this one first.")
    unit.closed_on, unit.merged_into = on, merged_into
    unit.version += 1
    unit.full_clean()
    unit.save()
    UnitPlacement.objects.filter(unit=unit, valid_to=None).exclude(
        valid_from__gte=on + timedelta(days=1)
    ).update(valid_to=on)
    return unit
