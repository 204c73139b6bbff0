"""How a mail looks: plain text, titles and links, and a way to stop it."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from qiportal.accounts.mail.kinds import MailKind, kind_of
from qiportal.accounts.mail.preferences import stop_token
from qiportal.accounts.models import Notification, User


@dataclass(frozen=True)
class Line:
    """One thing: its title and its address here. `links` are (label, address)."""

    title: str
    path: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """Lines under a heading; "" for a mail that needs none."""

    heading: str
    lines: Sequence[Line]


def line_of(row: Notification) -> Line:
    """A notification as a mail prints it: a title and a link, never more."""
    return Line(f"{kind_of(row).words}{row.title}", row.reference)


def one_line(text: str) -> str:
    """Text without anything that could end a line or a header."""
    shown = (" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join("".join(shown).split())


def absolute(path: str) -> str:
    """An address of this portal; anything else becomes its first page."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    return f"{settings.PUBLIC_URL}{path if inside else '/'}"


def letter(
    *, user: User, subject: str, sections: Sequence[Section], kind: MailKind, key: str
) -> EmailMessage:
    """A mail with its stop link. `key` names it: sent twice, it is the same mail."""
    stop = absolute(reverse("mail_stop", args=[stop_token(user, kind)]))
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    digest = hashlib.sha256(f"{user.pk} {key}".encode()).hexdigest()[:32]
    return EmailMessage(
        subject=one_line(subject)[:150],
        body=_text(user, sections, kind, stop),
        to=[user.email],
        headers={
            "Message-ID": f"<{digest}@{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _text(user: User, sections: Sequence[Section], kind: MailKind, stop: str) -> str:
    parts = [f"Hello {one_line(user.display_name)},"]
    for section in sections:
        heading = [section.heading, "-" * len(section.heading)]
        lines = [_lines(line) for line in section.lines]
        parts.append("\n".join([*heading, *lines] if section.heading else lines))
    parts.append(
        "\n".join(
            [
                f"You get this mail from QI Portal of {settings.TRUST_NAME}.",
                f"Stop mails of the kind “{kind.label}”: {stop}",
                f"Choose what you get: {absolute(reverse('mail_preferences'))}",
            ]
        )
    )
    return "\n\n".join(parts) + "\n"


def _lines(line: Line) -> str:
    links = [f"  {label}: {absolute(path)}" for label, path in line.links]
    if line.path:
        links.insert(0, f"  {absolute(line.path)}")
    return "\n".join([one_line(line.title), *links])
