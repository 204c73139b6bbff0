"""Writes of the method library."""

from qiportal.library.services.editing import (
    draft_discard,
    draft_publish,
    draft_to_review,
    draft_write,
    method_create,
)
from qiportal.library.services.entries import (
    house_method_set,
    method_describe,
    method_restore,
    method_retire,
)
from qiportal.library.services.fields import METHOD_FIELDS, TEXT_FIELDS
from qiportal.library.services.seeding import library_seed

__all__ = [
    "METHOD_FIELDS",
    "TEXT_FIELDS",
    "draft_discard",
    "draft_publish",
    "draft_to_review",
    "draft_write",
    "house_method_set",
    "library_seed",
    "method_create",
    "method_describe",
    "method_restore",
    "method_retire",
]
