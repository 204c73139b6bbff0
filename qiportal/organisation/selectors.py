"""Reads of the unit tree."""

from datetime import date

from qiportal.organisation.models import Unit, UnitPlacement


def same_team(*, home: Unit | None, owner: Unit) -> bool:
    """True when the home unit is the owning unit or lies beneath it, as of now."""
    return home is not None and owner.contains(home)


def placements_on(day: date) -> dict[int, str]:
    """unit id -> path in the tree as it stood on a day."""
    rows = UnitPlacement.objects.filter(valid_from__lte=day).exclude(valid_to__lte=day)
    return dict(rows.values_list("unit_id", "path"))


def unit_choices(units) -> list[tuple[int, str]]:
    """(id, indented name) in structure order, for select boxes."""
    rows = units.in_structure_order()
    return [(unit.pk, "\u2003" * unit.depth + unit.name) for unit in rows]
