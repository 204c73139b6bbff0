"""The kinds of mail a person can switch off, and which news belong to which kind."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from qiportal.accounts.models import MailPreference, Notification

WEEKLY = "weekly"


@dataclass(frozen=True)
class MailKind:
    """`starts`: how the kinds of its notifications begin. `at_once`: not weekly."""

    code: str
    label: str
    hint: str
    starts: tuple[str, ...] = ()
    at_once: bool = False
    words: str = ""

    @property
    def rows(self) -> Q:
        """Its notifications, as a filter."""
        found = Q(pk__in=[])
        for start in self.starts:
            found |= Q(kind__startswith=start)
        return found


MAIL_KINDS = (
    MailKind(
        *("task", "Tasks for me", "When somebody gives you a task."),
        starts=("task",),
        at_once=True,
        words="A task for you: ",
    ),
    MailKind(
        *("project", "My part in projects"),
        "When you are added to a project or asked to lead one.",
        starts=("project_added", "handover_"),
        at_once=True,
    ),
    MailKind(
        *("training", "My places on courses"),
        "When you get a place or a session changes.",
        starts=("training.",),
        at_once=True,
    ),
    MailKind(
        *("mention", "Mentions", "Once a week: discussions where you are named."),
        starts=("mention",),
        words="You are named in the discussion of ",
    ),
    MailKind(
        *("reminder", "Reminders"),
        "Once a week: tests to study, numbers and tasks due, projects gone quiet.",
        starts=("nudge.",),
    ),
    MailKind(
        *("team", "Other news of my projects"),
        "Once a week: who joined, and what moved that you were stuck on.",
    ),
    MailKind(
        *(WEEKLY, "The weekly mail"),
        "One mail on Monday morning with all that comes once a week.",
    ),
)
KINDS = {kind.code: kind for kind in MAIL_KINDS}


def kind_of(row: Notification) -> MailKind:
    """The kind a notification belongs to; whatever is unknown is other news."""
    for kind in MAIL_KINDS:
        if row.kind.startswith(kind.starts or ("\x00",)):
            return kind
    return KINDS["team"]


def unwanted(kind: MailKind, user: str = "user") -> Exists:
    """Whether the person a row belongs to has switched the kind off."""
    off = MailPreference.objects.filter(kind=kind.code, wanted=False)
    return Exists(off.filter(user=OuterRef(user)))


def at_once_rows() -> Q:
    """Notifications that are mailed at once to those who want them."""
    found = Q(pk__in=[])
    for kind in MAIL_KINDS:
        if kind.at_once:
            found |= kind.rows & ~Q(unwanted(kind))
    return found


def weekly_rows(off: frozenset[str]) -> Q:
    """Notifications for the weekly mail of somebody who switched off the kinds `off`.

    Reminders are left out: the weekly mail says what is due now, not what was.
    """
    left_out, named = Q(pk__in=[]), Q(pk__in=[])
    for kind in MAIL_KINDS:
        named |= kind.rows
        if kind.at_once or kind.code == "reminder" or kind.code in off:
            left_out |= kind.rows
    return named & ~left_out if "team" in off else ~left_out
