"""What an entry is: its title and place, retired or not, the house method."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import today
from qiportal.core.versions import versioned_save
from qiportal.library.models import Method


@transaction.atomic
def method_describe(
    *, method: Method, particulars: dict[str, Any], version: int, by: User
) -> Method:
    """Changes title, category and the like. Raises Conflict for an older version."""
    old = {name: getattr(method, name) for name in particulars}
    changed = [name for name, value in particulars.items() if old[name] != value]
    for name in changed:
        setattr(method, name, particulars[name])
    method.full_clean()
    if changed:
        versioned_save(method, expected=version, fields=changed)
        audit_record(
            type="method.described",
            target=method,
            by=by,
            old={name: old[name] for name in changed},
            new={name: particulars[name] for name in changed},
        )
    return method


@transaction.atomic
def method_retire(*, method: Method, by: User) -> Method:
    """Takes an entry off the list. Projects that attached it keep their link."""
    method = Method.objects.select_for_update().get(pk=method.pk)
    if method.is_house:
        raise ValidationError("This is the house method. Name another one first.")
    if method.retired_on is None:
        method.retired_on = today()
        versioned_save(method, expected=method.version, fields=["retired_on"])
        audit_record(type="method.retired", target=method, by=by)
    return method


@transaction.atomic
def method_restore(*, method: Method, by: User) -> Method:
    """Puts a retired entry back on the list."""
    method = Method.objects.select_for_update().get(pk=method.pk)
    if method.retired_on:
        method.retired_on = None
        versioned_save(method, expected=method.version, fields=["retired_on"])
        audit_record(type="method.restored", target=method, by=by)
    return method


@transaction.atomic
def house_method_set(*, method: Method, by: User) -> Method:
    """Names the trust's own way of working; the one before loses the name.

    Raises ValidationError for an entry that is not published or is retired.
    """
    if not Method.objects.live().filter(pk=method.pk).exists():
        raise ValidationError("Publish the entry first.")
    houses = Method.objects.select_for_update().filter(is_house=True)
    for before in houses.exclude(pk=method.pk):
        before.is_house = False
        versioned_save(before, expected=before.version, fields=["is_house"])
    method = Method.objects.select_for_update().get(pk=method.pk)
    if not method.is_house:
        method.is_house = True
        versioned_save(method, expected=method.version, fields=["is_house"])
        audit_record(type="method.made_house_method", target=method, by=by)
    return method
