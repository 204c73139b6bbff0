"""Reads of runs and their published figures."""

from qiportal.dashboard.models import PublishedRun, RollupRun


def published() -> PublishedRun | None:
    """The pointer with its run, or None before the first run."""
    return PublishedRun.objects.select_related("run").first()


def published_run() -> RollupRun | None:
    """The run everybody reads now."""
    pointer = published()
    return pointer.run if pointer else None
