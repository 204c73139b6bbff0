"""Whether this portal can serve people now."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from qiportal.dashboard.presenters.freshness import freshness
from qiportal.dashboard.selectors import published


def problems_now() -> tuple[list[str], list[str]]:
    """(what is wrong, what is worth a note), in words without data."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return [f"{len(missing)} migrations are not applied"], []
        return _figures()
    except DatabaseError:
        return ["the database does not answer"], []


def _figures() -> tuple[list[str], list[str]]:
    pointer = published()
    if pointer is None:
        return [], ["no figures have been calculated yet"]
    age = freshness(pointer.published_at)
    if age == "stale":
        return ["the figures are older than 50 hours"], []
    return [], ["the figures are late"] if age == "late" else []
