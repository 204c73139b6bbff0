"""Writes about people, roles and units."""

from qiportal.accounts.services.people import command_line_user

__all__ = ["command_line_user"]
