from qiportal.accounts.models.audit import AuditEvent, AuditSeal
from qiportal.accounts.models.base import Authored, Deletable
from qiportal.accounts.models.desk import (
    Draft,
    ImportBatch,
    ImportError,
    Notification,
    SavedFilter,
    Tombstone,
)
from qiportal.accounts.models.people import ApiToken, RoleAssignment, User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "AuditSeal",
    "Authored",
    "Deletable",
    "Draft",
    "ImportBatch",
    "ImportError",
    "Notification",
    "RoleAssignment",
    "SavedFilter",
    "Tombstone",
    "User",
]
