"""Writes of the method library."""

from qiportal.library.services.seeding import library_seed

__all__ = ["library_seed"]
