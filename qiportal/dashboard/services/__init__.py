"""Writes of the dashboard: runs, visits, what the board takes on."""

from qiportal.dashboard.services.board import barrier_take_on, board_visit_record
from qiportal.dashboard.services.runs import (
    RollupBusy,
    rollup,
    rollup_job,
    run_open,
    run_publish,
    runs_thin,
)

__all__ = [
    "RollupBusy",
    "barrier_take_on",
    "board_visit_record",
    "rollup",
    "rollup_job",
    "run_open",
    "run_publish",
    "runs_thin",
]
