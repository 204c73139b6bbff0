"""Filling the library with the entries that come with the portal."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now, today
from qiportal.library.models import Method, MethodVersion
from qiportal.library.seed import MethodEntry, load_entries
from qiportal.library.services.fields import METHOD_FIELDS, TEXT_FIELDS

OWNER_EMAIL = "qi-library@portal.invalid"
OWNER_NAME = "QI team (library)"
REVIEW_AFTER = timedelta(days=730)


@dataclass
class Seeded:
    """How many entries were made, brought up to date, left alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept_as_edited: int = 0


@transaction.atomic
def library_seed(*, entries: list[MethodEntry] | None = None) -> Seeded:
    """Makes missing entries and updates those the trust has not edited.

    Doing it again changes nothing. An entry counts as edited once any of its versions
    was written by somebody else than the library's own account.
    """
    owner = _owner()
    done = Seeded()
    known = Method.objects.select_related("current_version").in_bulk(field_name="slug")
    edited = set(
        MethodVersion.objects.exclude(author=owner).values_list("method_id", flat=True)
    )
    for entry in load_entries() if entries is None else entries:
        method = known.get(entry.slug)
        if method is None:
            _create(entry, owner)
            done.created += 1
        elif method.pk in edited:
            done.kept_as_edited += 1
        elif _update(method, entry, owner):
            done.updated += 1
        else:
            done.unchanged += 1
    if done.created or done.updated:
        audit_record(type="library.seeded", target=owner, by=owner, new=vars(done))
    return done


def _owner() -> User:
    """The account that stands for the library; nobody can sign in with it."""
    user, _ = User.objects.get_or_create(
        email=OWNER_EMAIL,
        defaults={"full_name": OWNER_NAME, "is_active": False, "password": "!"},
    )
    return user


def _create(entry: MethodEntry, owner: User) -> None:
    is_house = entry.is_house and not Method.objects.filter(is_house=True).exists()
    method = Method(
        slug=entry.slug,
        is_house=is_house,
        owner=owner,
        created_by=owner,
        **_picked(entry, METHOD_FIELDS),
    )
    method.full_clean()
    method.save()
    _publish(method, entry, owner, number=1, note="First edition")


def _update(method: Method, entry: MethodEntry, owner: User) -> bool:
    """True when the entry's text or particulars differ and were brought up to date."""
    current = method.current_version
    particulars, text = _picked(entry, METHOD_FIELDS), _picked(entry, TEXT_FIELDS)
    stale = _differs(method, particulars)
    for name, value in particulars.items():
        setattr(method, name, value)
    if current is None or _differs(current, text):
        number = 1 + (current.number if current else 0)
        _publish(method, entry, owner, number=number, note="Updated with the portal")
        return True
    if stale:
        method.version += 1
        method.save()
    return stale


def _publish(
    method: Method, entry: MethodEntry, owner: User, *, number: int, note: str
) -> None:
    version = MethodVersion(
        method=method,
        number=number,
        change_note=note,
        author=owner,
        created_by=owner,
        state=MethodVersion.State.PUBLISHED,
        published_at=now(),
        published_by=owner,
        review_due_on=today() + REVIEW_AFTER,
        **_picked(entry, TEXT_FIELDS),
    )
    version.full_clean()
    version.save()
    method.current_version = version
    method.version += 1
    method.save()


def _picked(entry: MethodEntry, names: tuple[str, ...]) -> dict:
    return {name: getattr(entry, name) for name in names}


def _differs(row: Method | MethodVersion, values: dict) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())
