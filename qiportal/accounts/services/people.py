"""Writes about people: their accounts and what they tell about themselves."""

import secrets
from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ApiToken, User
from qiportal.accounts.services.roles import roles_end_all
from qiportal.accounts.tokens import token_revoke
from qiportal.core.dates import today
from qiportal.core.versions import versioned_save
from qiportal.organisation.models import Site, Unit

ABOUT_WORK = ("job_title", "staff_group", "site")


def command_line_user() -> User:
    """The account under which commands act; nobody can sign in with it."""
    user, _ = User.objects.get_or_create(
        email="command-line@portal.invalid",
        defaults={"full_name": "Command line", "is_active": False, "password": "!"},
    )
    return user


def user_of_sign_on(email: str) -> User | None:
    """The account that has an address, whatever the case of its letters."""
    return User.objects.filter(email__iexact=email.strip()).first()


@transaction.atomic
def user_create(
    *,
    email: str,
    full_name: str,
    home_unit: Unit | None,
    by: User,
    password: str | None = None,
    job_title: str = "",
    staff_group: str = "",
    site: Site | None = None,
) -> User:
    """Makes a person's account. Raises ValidationError when the address is taken.

    Without a password the person sets one by "Forgotten your password?".
    """
    user = User(
        email=email.strip().lower(),
        full_name=full_name.strip(),
        home_unit=home_unit,
        job_title=job_title.strip(),
        staff_group=staff_group,
        site=site,
    )
    user.set_password(password or _unguessable())
    user.full_clean()
    user.save()
    new = {"email": user.email, "full_name": user.full_name, **_shown(user)}
    audit_record(type="user.created", target=user, by=by, new=new)
    return user


def _unguessable() -> str:
    """A password nobody knows: its owner sets a new one by mail.

    People who come by single sign-on have an unusable one and so cannot do that.
    """
    return secrets.token_urlsafe(32)


@transaction.atomic
def user_edit(
    *,
    user: User,
    version: int,
    by: User,
    full_name: str,
    home_unit: Unit | None,
    job_title: str = "",
    staff_group: str = "",
    site: Site | None = None,
) -> User:
    """A sysadmin's changes to an account. Raises Conflict for an older version."""
    values = {
        "full_name": full_name.strip(),
        "home_unit": home_unit,
        "job_title": job_title.strip(),
        "staff_group": staff_group,
        "site": site,
    }
    return _change(user, values, version=version, by=by, type="user.edited")


@transaction.atomic
def profile_edit(
    *,
    user: User,
    version: int,
    job_title: str,
    staff_group: str,
    site: Site | None,
    by: User,
) -> User:
    """What people may say about themselves. Raises Conflict for an older version."""
    values = {"job_title": job_title.strip(), "staff_group": staff_group, "site": site}
    return _change(user, values, version=version, by=by, type="user.profile_edited")


def _change(user: User, values: dict, *, version: int, by: User, type: str) -> User:
    old = _shown(user, values)
    for name, value in values.items():
        setattr(user, name, value)
    user.full_clean()
    new = _shown(user, values)
    changed = [name for name in values if new[name] != old[name]]
    if changed:
        versioned_save(user, expected=version, fields=changed)
        audit_record(
            type=type,
            target=user,
            by=by,
            old={name: old[name] for name in changed},
            new={name: new[name] for name in changed},
        )
    return user


def _shown(user: User, names: Collection[str] = ("home_unit", *ABOUT_WORK)) -> dict:
    """Values for the audit: units by code, sites by ODS code."""
    shown = {}
    for name in names:
        value = getattr(user, name)
        shown[name] = getattr(value, "code", getattr(value, "ods_code", value))
    return shown


@transaction.atomic
def unit_pick(*, user: User, unit: Unit, by: User) -> User:
    """Sets one's home unit once; later a sysadmin changes it, as it gives rights."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.home_unit_id:
        raise ValidationError("You have a unit already. Ask a system administrator.")
    user.home_unit = unit
    user.full_clean()
    versioned_save(user, expected=user.version, fields=["home_unit"])
    audit_record(
        type="user.unit_picked",
        target=user,
        by=by,
        new={"home_unit": unit.code},
        unit_path=unit.path,
    )
    return user


@transaction.atomic
def user_deactivate(*, user: User, by: User) -> User:
    """Ends an account at once: no sign-in, no session, none of its tokens works.

    Roles end too; the name stays on what the person did. Raises ValidationError for
    one's own account. Doing it again changes nothing.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == by.pk:
        raise ValidationError("You cannot deactivate your own account.")
    if not user.is_active:
        return user
    user.is_active, user.left_on = False, today()
    versioned_save(user, expected=user.version, fields=["is_active", "left_on"])
    ended = roles_end_all(user=user)
    tokens = ApiToken.objects.filter(revoked_at=None)
    own = tokens.filter(user=user) | tokens.filter(user__responsible=user)
    for token in own:
        token_revoke(token=token, by=by)
    audit_record(
        type="user.deactivated",
        target=user,
        by=by,
        new={"roles_ended": ended, "tokens_revoked": len(own)},
    )
    return user


@transaction.atomic
def user_reactivate(*, user: User, by: User) -> User:
    """Lets a person sign in again, without the roles and tokens held before."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        return user
    user.is_active, user.left_on = True, None
    versioned_save(user, expected=user.version, fields=["is_active", "left_on"])
    audit_record(type="user.reactivated", target=user, by=by)
    return user


@transaction.atomic
def second_factor_remove(*, user: User, by: User) -> int:
    """Takes a lost phone and its recovery codes off an account; how many there were.

    The person sets up a new one at the next sign-in. Raises ValidationError for one's
    own account: that way needs the old factor.
    """
    if user.pk == by.pk:
        raise ValidationError("Change your own second step on your account page.")
    count = Authenticator.objects.filter(user=user).delete()[0]
    if count:
        audit_record(type="user.second_factor_removed", target=user, by=by)
    return count
