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
from qiportal.accounts.models.mail import MailBox, MailPreference
from qiportal.accounts.models.people import Role, RoleAssignment, User
from qiportal.accounts.models.tokens import ApiToken, TokenDay

__all__ = [
    "ApiToken",
    "AuditEvent",
    "AuditSeal",
    "Authored",
    "Deletable",
    "Draft",
    "ImportBatch",
    "ImportError",
    "MailBox",
    "MailPreference",
    "Notification",
    "Role",
    "RoleAssignment",
    "SavedFilter",
    "TokenDay",
    "Tombstone",
    "User",
]
