"""The outbox: notifications that wait become mail, once, whatever happens in between.

A row is marked as sent after the server took the mail. A job killed in between sends
the same mail again, under the same Message-ID.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, QuerySet

from qiportal.accounts.mail.kinds import (
    KINDS,
    WEEKLY,
    MailKind,
    at_once_rows,
    kind_of,
    weekly_rows,
)
from qiportal.accounts.mail.letters import Section, letter, line_of, one_line
from qiportal.accounts.mail.post import (
    MailDown,
    MailRefused,
    Post,
    box_claim,
    box_pause,
    box_release,
)
from qiportal.accounts.mail.preferences import off_kinds
from qiportal.accounts.models import MailBox, Notification, User
from qiportal.core.dates import now
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import JobProblem, heartbeat

WAIT = timedelta(days=14)  # older news are no news
AT_A_TIME = 500
SERVER_DOWN = "The mail server does not answer. What waits is tried again by itself."


@dataclass
class Tally:
    """What one run of a mail job came to."""

    sent: int = 0
    refused: int = 0
    nothing: int = 0

    def stats(self) -> dict:
        return {"sent": self.sent, "refused": self.refused, "nothing": self.nothing}


def waiting_rows() -> QuerySet[Notification]:
    """Notifications nobody has seen or been sent, of the last 14 days, oldest first."""
    rows = Notification.objects.filter(
        sent_at=None, read_at=None, created_at__gte=now() - WAIT
    )
    return rows.exclude(title="").order_by("pk")


def reachable() -> QuerySet[User]:
    """People who work here; never service accounts, leavers or the command line."""
    people = User.objects.filter(kind=User.Kind.PERSON, is_active=True)
    return people.exclude(email="").exclude(email__endswith=".invalid")


def mail_outbox(job: JobRun | None = None) -> dict:
    """Sends what is mailed at once, one mail a person. The job of that name.

    Raises JobProblem when the server is down: the job's own pauses follow, and the
    rows stay. A demo never sends mail.
    """
    rows = waiting_rows().filter(at_once_rows())
    mine = Exists(rows.filter(user=OuterRef("pk")))
    people = reachable().filter(mine).exclude(mail_box__not_before__gt=now())
    return _round(people.order_by("pk")[:AT_A_TIME], _send_news, job)


def _round(
    people: Iterable[User],
    send: Callable[[Post, User, Tally], None],
    job: JobRun | None,
) -> dict:
    """Writes to each in turn over one connection."""
    tally = Tally()
    if settings.DEMO:
        return {**tally.stats(), "demo": "no mail leaves a demo"}
    with Post() as post:
        for user in people:
            heartbeat(job)
            send(post, user, tally)
    return tally.stats()


def _send_news(post: Post, user: User, tally: Tally) -> None:
    """One mail per kind, so that each can be stopped by itself."""
    box = box_claim(user)
    if box is None:
        return
    by_kind: dict[str, list[Notification]] = {}
    for row in waiting_rows().filter(at_once_rows(), user=user):
        by_kind.setdefault(kind_of(row).code, []).append(row)
    for code, rows in by_kind.items():
        if not _deliver(post, _news(user, KINDS[code], rows), box, rows, tally):
            return
    box_release(box, failures=0)


def _news(user: User, kind: MailKind, rows: Sequence[Notification]) -> EmailMessage:
    lines = [line_of(row) for row in rows]
    subject = lines[0].title if len(rows) == 1 else f"{kind.label}: {len(rows)} news"
    return letter(
        user=user,
        subject=f"{one_line(subject)[:130]} – QI Portal",
        sections=[Section("", lines)],
        kind=kind,
        key=" ".join(str(row.pk) for row in rows),
    )


def _deliver(
    post: Post,
    message: EmailMessage,
    box: MailBox,
    rows: Sequence[Notification],
    tally: Tally,
) -> bool:
    """Sends and marks the rows, or has the person wait. The lease goes on if sent."""
    try:
        post.send(message)
    except MailRefused:
        box_pause(box)
        tally.refused += 1
        return False
    except MailDown as down:
        box_release(box)
        raise JobProblem(SERVER_DOWN) from down
    keys = [row.pk for row in rows]
    Notification.objects.filter(pk__in=keys, sent_at=None).update(sent_at=now())
    tally.sent += 1
    return True


# --- once a week ----------------------------------------------------------------------


@dataclass(frozen=True)
class Digest:
    """One person's weekly mail, and the notifications it settles."""

    sections: Sequence[Section]
    rows: Sequence[Notification]


Composer = Callable[[User, frozenset[str]], Digest]


def weekly_news(user: User, off: frozenset[str]) -> list[Notification]:
    """What happened around a person and was not mailed at once."""
    return list(waiting_rows().filter(weekly_rows(off), user=user))


def weekly_round(
    *,
    week: date,
    people: QuerySet[User],
    compose: Composer,
    job: JobRun | None,
) -> dict:
    """One mail a person for the week that begins on Monday `week`, at most.

    `compose` gives what is in it, by the person and the kinds they switched off; a mail
    without sections is not sent. Raises JobProblem when the server is down; the next
    try goes on where this one stopped.
    """

    def send(post: Post, user: User, tally: Tally) -> None:
        _send_weekly(post, user, tally, week, compose)

    done = people.filter(mail_box__weekly_for__gte=week).values("pk")
    paused = people.filter(mail_box__not_before__gt=now()).values("pk")
    todo = people.exclude(pk__in=done).exclude(pk__in=paused)
    return _round(todo.order_by("pk"), send, job)


def _send_weekly(
    post: Post, user: User, tally: Tally, week: date, compose: Composer
) -> None:
    off = off_kinds(user)
    box = None if WEEKLY in off else box_claim(user)
    if box is None:
        return
    if box.weekly_for and box.weekly_for >= week:
        box_release(box)
        return
    digest = compose(user, off)
    if digest.sections:
        message = _week(user, week, digest)
        if not _deliver(post, message, box, digest.rows, tally):
            return
    else:
        tally.nothing += 1
    box_release(box, failures=0, weekly_for=week)


def _week(user: User, week: date, digest: Digest) -> EmailMessage:
    return letter(
        user=user,
        subject="Your week on QI Portal",
        sections=digest.sections,
        kind=KINDS[WEEKLY],
        key=f"weekly {week}",
    )
