"""Which imports there are, and who may do them.

A handler is named in settings.IMPORTS. It may carry attributes:
`option_fields()` -> form fields it needs beside the file, and
`undo(*, batch, by)`, which takes an import back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from qiportal.accounts.models import ImportBatch, User
from qiportal.accounts.permissions import Perm, has_permission

LABELS = {
    "units": "Units",
    "projects": "Projects",
    "measures": "Measures",
    "points": "Data points",
    "training": "Training bookings",
    "survey": "Survey results",
}


@dataclass(frozen=True)
class ImportKind:
    """One kind of file this portal can read."""

    kind: str
    label: str
    handler: Callable[..., Any]
    required: tuple[str, ...]
    optional: tuple[str, ...]


def import_permission(kind: str) -> Perm:
    """Units are the structure of the trust; the rest is the QI team's data."""
    return Perm.UNITS_MANAGE if kind == "units" else Perm.IMPORT_DATA


def kinds_for(user: User) -> list[ImportKind]:
    """The imports this user may do, of those whose handler exists."""
    allowed = (
        k for k in settings.IMPORTS if has_permission(user, import_permission(k))
    )
    return [kind for name in allowed if (kind := _kind(name))]


def kind_for(user: User, name: str) -> ImportKind | None:
    """One import, if it exists and the user may do it."""
    return next((kind for kind in kinds_for(user) if kind.kind == name), None)


def _kind(name: str) -> ImportKind | None:
    path = settings.IMPORTS[name]
    try:
        handler = import_string(path)
    except ImportError:
        return None
    module = import_module(path.rpartition(".")[0])
    return ImportKind(
        kind=name,
        label=LABELS.get(name, name.capitalize()),
        handler=handler,
        required=tuple(getattr(module, "REQUIRED", ())),
        optional=tuple(getattr(module, "OPTIONAL", ())),
    )


def undo_of(batch: ImportBatch) -> Callable[..., None] | None:
    """The rule by which a written import is taken back, where its domain has one."""
    kind = _kind(batch.kind) if batch.kind in settings.IMPORTS else None
    if kind is None or batch.state != ImportBatch.State.COMMITTED:
        return None
    return getattr(kind.handler, "undo", None)
