"""Pages of the log."""

from pdsa.views.home import project_home

__all__ = ["project_home"]
