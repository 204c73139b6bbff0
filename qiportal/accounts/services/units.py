"""The unit tree, changed by people: each change is audited."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.versions import versioned_save
from qiportal.organisation import services as tree
from qiportal.organisation.models import Unit


@transaction.atomic
def unit_create(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None,
    opened_on: date,
    by: User,
    ods_code: str = "",
) -> Unit:
    """Adds a unit. Raises ValidationError for a taken code or a wrong level."""
    unit = tree.unit_place_new(
        code=code.strip(),
        name=name.strip(),
        kind=kind,
        parent=parent,
        opened_on=opened_on,
        ods_code=ods_code.strip(),
    )
    new = {"code": unit.code, "name": unit.name, "kind": kind, "parent": _code(parent)}
    _audit("unit.created", unit, by, new=new)
    return unit


@transaction.atomic
def unit_rename(
    *, unit: Unit, name: str, by: User, version: int, ods_code: str | None = None
) -> Unit:
    """Renames a unit from now on. Raises Conflict when somebody was faster."""
    old = {"name": unit.name, "ods_code": unit.ods_code}
    ods_code = unit.ods_code if ods_code is None else ods_code
    tree.unit_describe(unit=unit, name=name, ods_code=ods_code)
    new = {"name": unit.name, "ods_code": unit.ods_code}
    if new != old:
        versioned_save(unit, expected=version, fields=["name", "ods_code"])
        _audit("unit.renamed", unit, by, old=old, new=new)
    return unit


@transaction.atomic
def unit_move(*, unit: Unit, parent: Unit, on: date, by: User) -> Unit:
    """Moves a unit and all beneath it; figures of earlier days keep the old tree.

    Raises ValidationError where it already stands there, and as `unit_replace` does.
    """
    if unit.parent_id == parent.pk:
        raise ValidationError({"parent": f"{unit} already stands beneath {parent}."})
    old = {"parent": _code(unit.parent)}
    moved = tree.unit_replace(unit=unit, parent=parent, on=on)
    new = {"parent": parent.code, "on": on}
    _audit("unit.moved", moved, by, old=old, new=new)
    return moved


@transaction.atomic
def unit_close(*, unit: Unit, on: date, by: User) -> Unit:
    """Closes a unit. Raises ValidationError while units beneath it are open."""
    closed = tree.unit_shut(unit=unit, on=on)
    _audit("unit.closed", closed, by, new={"on": on})
    return closed


@transaction.atomic
def unit_merge(*, unit: Unit, into: Unit, on: date, by: User) -> Unit:
    """Closes a unit in favour of another, which becomes home to its people."""
    closed = tree.unit_shut(unit=unit, on=on, merged_into=into)
    moved = User.objects.filter(home_unit=unit, is_active=True).update(home_unit=into)
    new = {"into": into.code, "on": on, "people_moved": moved}
    _audit("unit.merged", closed, by, new=new)
    return closed


def _code(unit: Unit | None) -> str | None:
    return unit.code if unit else None


def _audit(type: str, unit: Unit, by: User, **values: Any) -> None:
    audit_record(type=type, target=unit, by=by, unit_path=unit.path, **values)
