"""Writes about people, roles and units."""

from qiportal.accounts.services.people import (
    command_line_user,
    profile_edit,
    second_factor_remove,
    unit_pick,
    user_create,
    user_deactivate,
    user_edit,
    user_reactivate,
)
from qiportal.accounts.services.roles import role_end, role_grant
from qiportal.accounts.services.units import (
    unit_close,
    unit_create,
    unit_merge,
    unit_move,
    unit_rename,
)

__all__ = [
    "command_line_user",
    "profile_edit",
    "role_end",
    "role_grant",
    "second_factor_remove",
    "unit_close",
    "unit_create",
    "unit_merge",
    "unit_move",
    "unit_pick",
    "unit_rename",
    "user_create",
    "user_deactivate",
    "user_edit",
    "user_reactivate",
]
