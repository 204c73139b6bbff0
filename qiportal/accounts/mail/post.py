"""Handing mail to the server: one connection for many, a lease per person.

Whether the server is down (everybody waits) or refuses one mail (that person waits) is
told apart here. Nothing of this runs inside a request.
"""

import logging
from datetime import timedelta
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F

from qiportal.accounts.models import MailBox, User
from qiportal.core.dates import now

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
HOUR = timedelta(hours=1)
PAUSES = (HOUR / 6, HOUR, 6 * HOUR, 24 * HOUR)
BUSY = 421
OWN_FAULTS = (SMTPRecipientsRefused, SMTPDataError, SMTPNotSupportedError, ValueError)


class MailDown(Exception):
    """The mail server cannot be reached or takes nothing from us."""


class MailRefused(Exception):
    """The server does not take this one mail."""


class Post:
    """A connection, opened by the first mail and closed at the end of the block."""

    def __enter__(self) -> "Post":
        self.connection = get_connection()
        self.is_open = False
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self.connection.close()
        except (OSError, SMTPException) as problem:
            log.warning("mail connection not closed: %s", type(problem).__name__)

    def send(self, message: EmailMessage) -> None:
        """Raises MailRefused for this mail's own faults, MailDown for all others."""
        self._open()
        try:
            self.connection.send_messages([message])
        except OWN_FAULTS as problem:
            fault = MailDown if _is_busy(problem) else MailRefused
            raise fault(type(problem).__name__) from problem
        except (OSError, SMTPException) as problem:
            raise MailDown(type(problem).__name__) from problem

    def _open(self) -> None:
        if self.is_open:
            return
        try:
            self.connection.open()
        except (OSError, SMTPException, ValueError) as problem:
            raise MailDown(type(problem).__name__) from problem
        self.is_open = True


def _is_busy(problem: Exception) -> bool:
    """421: the server ends the conversation, whatever the mail."""
    if isinstance(problem, SMTPRecipientsRefused):
        return any(code == BUSY for code, _ in problem.recipients.values())
    return isinstance(problem, SMTPResponseException) and problem.smtp_code == BUSY


def box_claim(user: User) -> MailBox | None:
    """Takes the right to write to a person for three minutes; None if it is taken."""
    moment = now()
    MailBox.objects.get_or_create(user=user, defaults={"not_before": moment})
    mine = MailBox.objects.filter(user=user, not_before__lte=moment)
    won = mine.update(not_before=moment + LEASE)
    return MailBox.objects.get(user=user) if won else None


def box_release(box: MailBox, **values: object) -> None:
    """Ends the lease; the person can be written to again."""
    fields = {"not_before": now(), **values}
    MailBox.objects.filter(pk=box.pk).update(**fields)


@transaction.atomic
def box_pause(box: MailBox) -> None:
    """After a refusal: 10 minutes, an hour, six hours, then a day between tries."""
    pause = PAUSES[min(box.failures, len(PAUSES) - 1)]
    box_release(box, not_before=now() + pause, failures=F("failures") + 1)
