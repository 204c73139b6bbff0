"""Mail: link and title only, at once or once a week, each kind to be switched off."""

from qiportal.accounts.mail.kinds import KINDS, MAIL_KINDS, WEEKLY, MailKind, kind_of
from qiportal.accounts.mail.letters import Line, Section, line_of
from qiportal.accounts.mail.outbox import (
    Digest,
    mail_outbox,
    reachable,
    waiting_rows,
    weekly_news,
    weekly_round,
)
from qiportal.accounts.mail.preferences import (
    mail_kind_set,
    mail_wanted_set,
    off_kinds,
    stop_token,
    stop_token_read,
)

__all__ = [
    "KINDS",
    "MAIL_KINDS",
    "WEEKLY",
    "Digest",
    "Line",
    "MailKind",
    "Section",
    "kind_of",
    "line_of",
    "mail_kind_set",
    "mail_outbox",
    "mail_wanted_set",
    "off_kinds",
    "reachable",
    "stop_token",
    "stop_token_read",
    "waiting_rows",
    "weekly_news",
    "weekly_round",
]
