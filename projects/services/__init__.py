"""Writes of the register: keyword-only, atomic, `by=` somebody, one audit event."""

from projects.services.care import barrier_raise, barrier_resolve, barrier_take
from projects.services.common import (
    is_shown,
    project_lock,
    project_stamp,
    project_touch,
    tell,
)
from projects.services.coproduction import coproduction_rate
from projects.services.copying import theory_copy
from projects.services.desk import filter_delete, filter_save, projects_exported
from projects.services.ideas import (
    idea_add,
    idea_delete,
    idea_edit,
    idea_mark,
    idea_restore,
    method_attach,
    method_detach,
)
from projects.services.people import (
    handover_accept,
    handover_end,
    handover_offer,
    leads_of,
    member_add,
    member_remove,
    project_join,
)
from projects.services.placing import (
    driver_move,
    driver_place,
    idea_move,
    idea_place,
)
from projects.services.register import (
    EDITABLE,
    project_delete,
    project_edit,
    project_register,
    project_restore,
    references_next,
)
from projects.services.state import status_change
from projects.services.theory import (
    AIM_PARTS,
    aim_set,
    driver_add,
    driver_delete,
    driver_edit,
    driver_restore,
)

__all__ = [
    "is_shown",
    "coproduction_rate",
    "EDITABLE",
    "references_next",
    "projects_exported",
    "filter_save",
    "filter_delete",
    "AIM_PARTS",
    "aim_set",
    "barrier_raise",
    "barrier_resolve",
    "barrier_take",
    "driver_add",
    "driver_delete",
    "driver_edit",
    "driver_move",
    "driver_place",
    "driver_restore",
    "handover_accept",
    "handover_end",
    "handover_offer",
    "idea_add",
    "idea_delete",
    "idea_edit",
    "idea_mark",
    "idea_move",
    "idea_place",
    "idea_restore",
    "leads_of",
    "member_add",
    "member_remove",
    "method_attach",
    "method_detach",
    "project_delete",
    "project_edit",
    "project_join",
    "project_lock",
    "project_register",
    "project_restore",
    "project_stamp",
    "project_touch",
    "status_change",
    "tell",
    "theory_copy",
]
