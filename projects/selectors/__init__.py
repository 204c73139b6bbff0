"""Reads of the register. Pages get their objects from here, never from `.objects`."""

from projects.selectors.projects import (
    current_aim,
    handover_for,
    open_handover,
    project_allowed,
    project_for_edit,
    project_for_history,
    project_for_lead,
    project_for_row_delete,
    project_or_404,
    project_to_delete,
    project_to_restore,
)

__all__ = [
    "current_aim",
    "handover_for",
    "open_handover",
    "project_allowed",
    "project_for_edit",
    "project_for_history",
    "project_for_lead",
    "project_for_row_delete",
    "project_or_404",
    "project_to_delete",
    "project_to_restore",
]
