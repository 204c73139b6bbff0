"""What people typed and have not saved yet (INTERFACE A3).

Written by the browser while somebody types, so it is not audited: a draft is nobody's
record yet, is read by its author alone and goes when the form is saved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.models import Draft, User
from qiportal.accounts.safe_forms import TICK, hospital_pattern
from qiportal.core.identifiers import strip_refused

DRAFT_FIELD = "_draft"
NOT_KEPT = {"csrfmiddlewaretoken", "submission_id", "_object", DRAFT_FIELD, TICK}
VERSION = "version"  # kept: a text begun on an older row must meet the newer one
MAX_FIELDS = 500
MAX_CHARACTERS = 200_000
MAX_DRAFTS = 100


@transaction.atomic
def draft_save(
    *,
    user: User,
    form_key: str,
    object_key: str = "",
    fields: Mapping[str, Sequence[str]],
) -> Draft | None:
    """Keeps the fields, less patient identifiers and passwords; None when all empty.

    Raises ValidationError when there are too many fields or too much text.
    """
    kept = {name: list(values) for name, values in fields.items() if _is_kept(name)}
    size = sum(len(value) for values in kept.values() for value in values)
    if len(kept) > MAX_FIELDS or size > MAX_CHARACTERS:
        raise ValidationError("This draft is too long to keep.")
    if not _has_text(kept):
        draft_discard(user=user, form_key=form_key, object_key=object_key)
        return None
    payload = {name: [_clean(value) for value in kept[name]] for name in kept}
    draft, _ = Draft.objects.update_or_create(
        user=user,
        form_key=form_key,
        object_key=object_key,
        defaults={"payload": payload},
    )
    _drop_oldest(user)
    return draft


@transaction.atomic
def draft_discard(*, user: User, form_key: str, object_key: str = "") -> bool:
    """Throws a draft away: call it when the form is saved. True if there was one."""
    found = Draft.objects.filter(user=user, form_key=form_key, object_key=object_key)
    return bool(found.delete()[0])


def draft_of(user: User, form_key: str, object_key: str = "") -> Draft | None:
    """The user's own draft of a form, for the banner and its time."""
    drafts = Draft.objects.filter(user=user, form_key=form_key)
    return drafts.filter(object_key=object_key).first()


def initial_for(user: User, form_key: str, object_key: str = "") -> dict[str, Any]:
    """What `as_initial` makes of the user's draft of a form, if there is one."""
    draft = draft_of(user, form_key, object_key)
    return as_initial(draft.payload if draft else {})


def as_initial(fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Sent fields as `initial` of a form: one value, or a list where there are more."""
    return {
        name: given[0] if len(given) == 1 else given for name, given in fields.items()
    }


def _has_text(fields: Mapping[str, Sequence[str]]) -> bool:
    own = (values for name, values in fields.items() if name != VERSION)
    return any(value.strip() for values in own for value in values)


def _is_kept(name: str) -> bool:
    is_odd = "\x00" in name or len(name) > 200
    field = name.rpartition("-")[2]  # of a row of a formset
    return field not in NOT_KEPT and "password" not in name.lower() and not is_odd


def _clean(text: str) -> str:
    return strip_refused(text.replace("\x00", ""), hospital_pattern=hospital_pattern())


def _drop_oldest(user: User) -> None:
    keep = Draft.objects.filter(user=user).order_by("-saved_at", "-pk")
    old = list(keep.values_list("pk", flat=True)[MAX_DRAFTS:])
    Draft.objects.filter(pk__in=old).delete()
