"""Writes of the unit tree. The author is kept by the caller's audit event."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.core.dates import plain, today
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
    *,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None,
    opened_on: date,
    **rest: str,
) -> Unit:
    """Creates a unit and its first place in the tree."""
    check_parent(kind=kind, parent=parent)
    unit = Unit(
        code=code, name=name, kind=kind, parent=parent, opened_on=opened_on, **rest
    )
    unit.full_clean()
    return unit_insert(unit)


@transaction.atomic
def unit_insert(unit: Unit) -> Unit:
    """Writes a unit that is known to be right, its path and its first placement."""
    unit.save()
    unit.path = path_of(unit.pk, unit.parent)
    unit.save(update_fields=["path"])
    UnitPlacement.objects.create(
        unit=unit, parent=unit.parent, path=unit.path, valid_from=unit.opened_on
    )
    return unit


@transaction.atomic
def unit_replace(*, unit: Unit, parent: Unit, on: date) -> Unit:
    """Moves a unit and all beneath it from a day; earlier days keep the earlier tree.

    Raises ValidationError for a place beneath itself, a parent that is closed or on
    the wrong level, a day to come, or a day before its last move.
    """
    unit, parent = _locked(unit, parent)
    check_parent(kind=unit.kind, parent=parent)
    if unit.contains(parent):
        raise ValidationError({"parent": "A unit cannot stand beneath itself."})
    _check_open(parent, on, "parent")
    _check_day(unit, on)
    old, new = unit.path, path_of(unit.pk, parent)
    for moved in Unit.objects.below(unit):
        moved.path = new + moved.path[len(old) :]
        if moved.pk == unit.pk:
            moved.parent = parent
        moved.version += 1
        moved.save()
        _placement_turn(moved, on)
    unit.refresh_from_db()
    return unit


def _locked(*units: Unit) -> list[Unit]:
    """The rows as they now are; the whole tree is held, so two moves cannot cross."""
    list(Unit.objects.select_for_update().filter(parent=None).order_by("pk"))
    fresh = Unit.objects.select_for_update().in_bulk([unit.pk for unit in units])
    return [fresh[unit.pk] for unit in units]


def _check_open(unit: Unit, on: date, field: str) -> None:
    if unit.closed_on and unit.closed_on <= on:
        raise ValidationError(
            {field: f"{unit} closed on {plain(unit.closed_on)}. Choose an open unit."}
        )


def _check_day(unit: Unit, on: date) -> None:
    if on > today():
        raise ValidationError({"on": "The day cannot be in the future."})
    current = UnitPlacement.objects.filter(unit=unit).order_by("-valid_from").first()
    if current and on < current.valid_from:
        day = plain(current.valid_from)
        raise ValidationError(
            {"on": f"Choose {day} or later: the last change was then."}
        )


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
    elif unit.closed_on:
        return
    UnitPlacement.objects.create(
        unit=unit, parent=unit.parent, path=unit.path, valid_from=on
    )


@transaction.atomic
def unit_shut(*, unit: Unit, on: date, merged_into: Unit | None = None) -> Unit:
    """Closes a unit on a day, naming the unit that carries its work on, if any.

    Raises ValidationError while units beneath it are open, for a unit closed already,
    for a day to come or before its last move, and for a merge into itself or into a
    closed unit.
    """
    [unit] = _locked(unit)
    if unit.closed_on:
        raise ValidationError({"on": f"{unit} is closed already."})
    _check_day(unit, on)
    below = Unit.objects.below(unit).exclude(pk=unit.pk)
    if below.open_on(on).exists():
        raise ValidationError("Close or move the units beneath this one first.")
    if merged_into:
        _check_heir(unit, merged_into, on)
    unit.closed_on, unit.merged_into = on, merged_into
    unit.version += 1
    unit.full_clean()
    unit.save()
    places = UnitPlacement.objects.filter(unit=unit, valid_to=None)
    places.filter(valid_from__gte=on).delete()
    places.update(valid_to=on)
    return unit


def _check_heir(unit: Unit, heir: Unit, on: date) -> None:
    if unit.contains(heir):
        raise ValidationError({"into": "Choose another unit than this one."})
    _check_open(heir, on, "into")


@transaction.atomic
def unit_describe(*, unit: Unit, name: str, ods_code: str) -> Unit:
    """Sets what a unit is called now; its code, which other systems use, stays."""
    unit.name, unit.ods_code = name.strip(), ods_code.strip()
    unit.full_clean()
    return unit
