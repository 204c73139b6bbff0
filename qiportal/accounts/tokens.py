"""Tokens of service accounts: issue, rotate, revoke, recognise (SECURITY T17)."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.text import slugify

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ApiToken, TokenDay, User
from qiportal.core.dates import now, today
from qiportal.organisation.models import Unit

MAX_DAYS = 365
OVERLAP = timedelta(hours=24)
BAD_PER_MINUTE = 10
ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
SHAPE = re.compile(r"qip_(?P<id>[a-z0-9]{1,16})_[A-Za-z0-9_\-]{1,100}")


class TooManyBadTokens(Exception):
    """An address tried too many wrong tokens within a minute."""

    retry_after = 60


@dataclass(frozen=True)
class Issued:
    """A new token and its text, which is shown once and kept nowhere."""

    token: ApiToken
    secret: str


def key_hash(raw: str) -> str:
    """SHA-256 of a whole token. Its 256 random bits make a salt needless."""
    return hashlib.sha256(raw.encode()).hexdigest()


@transaction.atomic
def token_issue(
    *,
    responsible: User,
    name: str,
    scopes: Iterable[str],
    days: int,
    by: User,
    unit: Unit | None = None,
    submission_id: UUID | None = None,
) -> Issued:
    """Makes a token for the service account `name` of the responsible person.

    Raises ValidationError for an unknown scope, days outside 1 to 365, a person who
    cannot sign in, or a form sent twice: a token cannot be shown again.
    """
    if submission_id and ApiToken.objects.filter(submission_id=submission_id).exists():
        raise ValidationError("This token was issued already and is shown only once.")
    wanted = _checked_scopes(scopes)
    if not 1 <= days <= MAX_DAYS:
        raise ValidationError({"days": f"Give between 1 and {MAX_DAYS} days."})
    if responsible.is_service or not responsible.is_active:
        raise ValidationError({"email": "Choose a person who can sign in."})
    account = _service_account(responsible=responsible, name=name.strip(), by=by)
    issued = _store(
        user=account,
        name=name.strip(),
        scopes=wanted,
        unit=unit,
        issued_by=by,
        expires_at=now() + timedelta(days=days),
        submission_id=submission_id,
    )
    _audit("token.issued", issued.token, by)
    return issued


@transaction.atomic
def token_rotate(*, token: ApiToken, by: User) -> Issued:
    """A new token with the same rights and end; the old one works 24 hours more."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if not is_working(token) or token.replaced_by_id:
        raise ValidationError("Only a token that works can be renewed, and only once.")
    issued = _store(
        user=token.user,
        name=token.name,
        scopes=token.scopes,
        unit=token.unit,
        issued_by=by,
        expires_at=token.expires_at,
    )
    token.replaced_by = issued.token
    token.expires_at = min(token.expires_at, now() + OVERLAP)
    token.version += 1
    token.save()
    _audit("token.rotated", token, by)
    return issued


@transaction.atomic
def token_revoke(*, token: ApiToken, by: User | str) -> ApiToken:
    """Ends a token at once; revoking it again changes nothing."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = now()
        token.version += 1
        token.save()
        _audit("token.revoked", token, by)
    return token


def token_authenticate(raw: str, ip: str) -> ApiToken | None:
    """The working token of this text with its user, or None; its use is counted.

    Raises TooManyBadTokens after ten wrong ones a minute from one address; a good
    token always passes, so one careless client cannot shut out its neighbours.
    """
    token = _find(raw)
    if token is None:
        _count_bad(ip)
        return None
    _count_use(token)
    return token


def is_working(token: ApiToken) -> bool:
    """True while the token opens the API."""
    return ApiToken.objects.working_at(now()).filter(pk=token.pk).exists()


def _checked_scopes(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in ApiToken.Scope.values]
    if unknown or not wanted:
        known = ", ".join(ApiToken.Scope.values)
        raise ValidationError({"scopes": f"Choose at least one scope of: {known}."})
    return wanted


def _service_account(*, responsible: User, name: str, by: User) -> User:
    """The account a token acts as: one per responsible person and name."""
    if not name:
        raise ValidationError({"name": "Give the token a name."})
    earlier = responsible.service_accounts.filter(full_name=name).first()
    if earlier:
        return earlier
    made = User.objects.create_user(
        email=f"{slugify(name)[:40]}-{_random_id()}@service.invalid",
        full_name=name,
        kind=User.Kind.SERVICE,
        responsible=responsible,
    )
    new = {"name": name, "responsible": responsible.email}
    audit_record(type="service_account.created", target=made, by=by, new=new)
    return made


def _random_id() -> str:
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(10))


def _store(**fields) -> Issued:
    prefix = _random_id()
    raw = f"qip_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken(prefix=prefix, key_hash=key_hash(raw), **fields)
    token.full_clean()
    token.save()
    return Issued(token, raw)


def _audit(type: str, token: ApiToken, by: User | str) -> None:
    audit_record(
        type=type,
        target=token,
        by=by,
        new={
            "id": token.prefix,
            "account": token.user.email,
            "scopes": token.scopes,
            "unit": token.unit.code if token.unit else None,
            "expires_at": token.expires_at,
        },
    )


def _find(raw: str) -> ApiToken | None:
    parts = SHAPE.fullmatch(raw)
    if parts is None:
        return None
    working = ApiToken.objects.working_at(now()).with_people()
    token = working.filter(prefix=parts["id"]).first()
    known = token.key_hash if token else "0" * 64
    return token if constant_time_compare(known, key_hash(raw)) else None


def _count_bad(ip: str) -> None:
    """Counted in memory, per web process."""
    key = f"bad-token:{ip}"
    cache.add(key, 0, timeout=60)
    try:
        tries = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        return
    if tries > BAD_PER_MINUTE:
        raise TooManyBadTokens


def _count_use(token: ApiToken) -> None:
    moment = now()
    day, _ = TokenDay.objects.get_or_create(token=token, day=today())
    TokenDay.objects.filter(pk=day.pk).update(requests=F("requests") + 1)
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)
