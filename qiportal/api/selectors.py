"""Reads of the API that belong to no one table."""

from qiportal.dashboard.models import RollupRun


def run_is_kept(run_id: int | None) -> bool:
    """Whether a run's figures are still there; older ones are cleared away."""
    return run_id is not None and RollupRun.objects.filter(pk=run_id).exists()
