"""Reads of the unit tree."""

from datetime import date

from qiportal.core.dates import today
from qiportal.organisation.models import Unit, UnitPlacement, UnitQuerySet


def same_team(*, home: Unit | None, owner: Unit) -> bool:
    """True when the home unit is the owning unit or lies beneath it, as of now."""
    return home is not None and owner.contains(home)


def placements_on(day: date) -> dict[int, str]:
    """unit id -> path in the tree as it stood on a day."""
    rows = UnitPlacement.objects.filter(valid_from__lte=day).exclude(valid_to__lte=day)
    return dict(rows.values_list("unit_id", "path"))


def unit_choices(units: UnitQuerySet) -> list[tuple[int, str]]:
    """(id, indented name) in structure order, for select boxes."""
    rows = units.in_structure_order()
    return [(unit.pk, "\u2003" * unit.depth + unit.name) for unit in rows]


def grouped_unit_choices(
    units: UnitQuerySet,
) -> list[tuple[str, list[tuple[int, str]]]]:
    """Open units for a select box, grouped by division, in structure order.

    Each reads "Ward 7 (Acute medicine)", so that typing "Ward 7" finds it.
    """
    rows = list(units.open_on(today()).in_structure_order())
    names = {unit.pk: unit.name for unit in rows}
    groups: dict[str, list[tuple[int, str]]] = {}
    for unit in rows:
        line = [int(step) for step in unit.path.rstrip("/").split("/")]
        between = [names[step] for step in line[2:-1] if step in names]
        beneath = f" ({', '.join(reversed(between))})" if between else ""
        group = names.get(line[1], "") if len(line) > 1 else "Whole trust"
        groups.setdefault(group, []).append((unit.pk, unit.name + beneath))
    return list(groups.items())
