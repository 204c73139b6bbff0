"""Switching kinds of mail on and off, with or without signing in."""

from collections.abc import Collection

from django.core import signing
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.mail.kinds import KINDS, MailKind
from qiportal.accounts.models import MailPreference, User

STOP = signing.Signer(salt="qiportal.mail.stop")


def off_kinds(user: User) -> frozenset[str]:
    """The kinds of mail a person has switched off."""
    rows = MailPreference.objects.filter(user=user, wanted=False)
    return frozenset(rows.values_list("kind", flat=True))


@transaction.atomic
def mail_wanted_set(*, user: User, wanted: Collection[str], by: User) -> None:
    """Switches exactly the kinds `wanted` on and all others off.

    Audited with what changed; nothing is written when nothing changes.
    """
    off, goal = off_kinds(user), frozenset(KINDS) - frozenset(wanted)
    changed = off ^ goal
    for kind in sorted(changed):
        MailPreference.objects.update_or_create(
            user=user, kind=kind, defaults={"wanted": kind not in goal}
        )
    if changed:
        audit_record(
            type="mail.preferences_changed",
            target=user,
            by=by,
            old={"off": sorted(off)},
            new={"off": sorted(goal)},
        )


def mail_kind_set(*, user: User, kind: MailKind, wanted: bool, by: User) -> None:
    """Switches one kind on or off. Twice is the same as once."""
    on = frozenset(KINDS) - off_kinds(user)
    new = on | {kind.code} if wanted else on - {kind.code}
    mail_wanted_set(user=user, wanted=new, by=by)


def stop_token(user: User, kind: MailKind) -> str:
    """Lets whoever holds the mail stop its kind; it opens nothing else and stays good.

    Mail programs may use the link months later, so it does not expire.
    """
    return STOP.sign_object([user.pk, kind.code], compress=False)


def stop_token_read(token: str) -> tuple[User, MailKind] | None:
    """The person and kind of a link, or None for a forged or outdated one."""
    try:
        user_id, code = STOP.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=user_id, kind=User.Kind.PERSON).first()
    return (user, KINDS[code]) if user and code in KINDS else None
