"""Mail that a page has to send (a new password's link) leaves beside the request.

Its text is secret, so it is kept in no row: a thread of this process hands it to the
server, and whoever gets nothing asks again.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)


class AsideBackend(BaseEmailBackend):
    """Gives messages to the thread and returns at once; inline where jobs are, too."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if settings.JOBS_START == "inline":
            return get_connection().send_messages(email_messages)
        executor().submit(send_quietly, email_messages)
        return len(email_messages)


@cache
def executor() -> ThreadPoolExecutor:
    """The one thread of this process that sends such mail."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def send_quietly(messages: Sequence[EmailMessage]) -> int:
    """Sends over the real connection; a failure is logged by class, without text."""
    try:
        return get_connection().send_messages(messages)
    except (OSError, SMTPException, ValueError) as error:
        log.error("Mail could not be sent: %s", type(error).__name__)
        return 0
