"""What project pages print, prepared so that templates need no logic."""

from projects.presenters.coproduction import ladder
from projects.presenters.frame import (
    address,
    done_tasks,
    project_crumbs,
    project_frame,
    status_tag,
)
from projects.presenters.history import history_entries
from projects.presenters.lists import (
    EXPORT_HEADER,
    drawer_is_open,
    export_rows,
    list_rows,
    list_tabs,
    lookalike_rows,
    query_of,
    undo_notice,
)
from projects.presenters.pages import (
    aim_checks,
    aim_values,
    details,
    driver_hints,
    idea_groups,
    idea_values,
    people_rows,
)
from projects.presenters.theory import (
    deleted_rows,
    node_key,
    node_url,
    place_words,
    undo_url,
)

__all__ = [
    "ladder",
    "EXPORT_HEADER",
    "address",
    "aim_checks",
    "aim_values",
    "deleted_rows",
    "details",
    "done_tasks",
    "drawer_is_open",
    "driver_hints",
    "export_rows",
    "history_entries",
    "idea_groups",
    "idea_values",
    "list_rows",
    "list_tabs",
    "lookalike_rows",
    "node_key",
    "node_url",
    "people_rows",
    "place_words",
    "project_crumbs",
    "project_frame",
    "query_of",
    "status_tag",
    "undo_notice",
    "undo_url",
]
