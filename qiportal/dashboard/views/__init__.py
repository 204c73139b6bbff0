from qiportal.dashboard.views.board import (
    barrier_take_view,
    board,
    board_indicator,
    board_indicator_csv,
    board_needs_us,
    board_unit,
)
from qiportal.dashboard.views.health import healthz, readyz
from qiportal.dashboard.views.work import my_work, search_page

__all__ = [
    "barrier_take_view",
    "board",
    "board_indicator",
    "board_indicator_csv",
    "board_needs_us",
    "board_unit",
    "healthz",
    "my_work",
    "readyz",
    "search_page",
]
