"""Writes of the log. Keyword-only, atomic, audited; `by` is who acts."""

from pdsa.services.cycles import (
    cycle_act,
    cycle_delete,
    cycle_finish_do,
    cycle_record_do,
    cycle_restore,
    cycle_start_do,
    cycle_study,
)
from pdsa.services.measures import (
    measure_change,
    measure_chart_set,
    measure_create,
    measure_delete,
    measure_restore,
    target_remove,
    target_set,
)
from pdsa.services.phases import phase_add, phase_undo
from pdsa.services.plans import (
    Plan,
    cycle_next,
    cycle_plan,
    cycle_plan_change,
    plan_copy,
)
from pdsa.services.points import (
    NewPoint,
    PasteResult,
    data_point_change,
    data_point_delete,
    data_point_record,
    data_point_restore,
    data_points_paste,
    point_problems,
    points_write,
)
from pdsa.services.predictions import Expectation, prediction_add
from pdsa.services.rebuild import measure_states_rebuild
from pdsa.services.states import measure_state_refresh
from pdsa.services.talk import (
    comment_add,
    comment_delete,
    comment_restore,
    task_add,
    task_delete,
    task_done,
    task_restore,
)

__all__ = [
    "Expectation",
    "NewPoint",
    "PasteResult",
    "Plan",
    "comment_add",
    "comment_delete",
    "comment_restore",
    "cycle_act",
    "cycle_delete",
    "cycle_finish_do",
    "cycle_next",
    "cycle_plan",
    "cycle_plan_change",
    "cycle_record_do",
    "cycle_restore",
    "cycle_start_do",
    "cycle_study",
    "data_point_change",
    "data_point_delete",
    "data_point_record",
    "data_point_restore",
    "data_points_paste",
    "measure_change",
    "measure_chart_set",
    "measure_create",
    "measure_delete",
    "measure_restore",
    "measure_state_refresh",
    "measure_states_rebuild",
    "phase_add",
    "phase_undo",
    "plan_copy",
    "point_problems",
    "points_write",
    "prediction_add",
    "target_remove",
    "target_set",
    "task_add",
    "task_delete",
    "task_done",
    "task_restore",
]
