"""Reads of the dashboard: published figures, what waits for the board, my work."""

from qiportal.dashboard.selectors.board import (
    BoardState,
    barrier_or_404,
    board_state,
    board_unit_or_404,
    child_units,
    facts_of,
    month_end_rows,
    needs_us,
    newest_facts,
    published,
    published_run,
    run_kept,
    sees_units,
    top_units,
    unit_kept,
)
from qiportal.dashboard.selectors.work import Desk, desk_of, found_methods

__all__ = [
    "BoardState",
    "Desk",
    "barrier_or_404",
    "board_state",
    "board_unit_or_404",
    "child_units",
    "desk_of",
    "facts_of",
    "found_methods",
    "month_end_rows",
    "needs_us",
    "newest_facts",
    "published",
    "published_run",
    "run_kept",
    "sees_units",
    "top_units",
    "unit_kept",
]
