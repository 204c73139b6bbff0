"""Importing measures and numbers: all or nothing, the same file once.

Handlers are named in qiportal/handlers.py.
"""

from pdsa.imports.measures import import_measures
from pdsa.imports.points import import_points

__all__ = ["import_measures", "import_points"]
