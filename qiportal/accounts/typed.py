"""What somebody typed survives a session that ended, also without JavaScript.

A form that saves drafts carries a pass: its user, form and object, signed. When it is
sent after the session ended, or from a page of an earlier session, the pass lets the
text become its user's draft, and nothing else: it opens no session, reads nothing and
saves no record.
"""

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from qiportal.accounts.drafts import DRAFT_FIELD, draft_save
from qiportal.accounts.models import User

SALT = "qiportal.draft_pass"


def draft_pass(user: User, form_key: str, object_key: object = "") -> str:
    """The pass of one user's form; `object_key` as the form's draft is kept under."""
    return signing.dumps([user.pk, form_key, _text(object_key)], salt=SALT)


def draft_named(request: HttpRequest) -> dict[str, str]:
    """Form and object of the sent form's pass, for a page that shows its text again."""
    found = _read(request)
    if found is None:
        return {}
    return {"draft_key": found[1], "draft_object": found[2]}


def typed_keep(request: HttpRequest) -> bool:
    """Keeps the text of a form that came too late, as a draft of whom it was made for.

    False, and nothing kept, without a good pass or when the account has ended.
    """
    found = _read(request) if request.method == "POST" else None
    user = found and User.objects.filter(pk=found[0], is_active=True).first()
    if not (found and user):
        return False
    fields = dict(request.POST.lists())
    try:
        draft_save(user=user, form_key=found[1], object_key=found[2], fields=fields)
    except ValidationError:  # too long to keep, which typing it had already said
        return False
    return True


def _text(object_key: object) -> str:
    return "" if object_key is None else str(object_key)


def _read(request: HttpRequest) -> tuple[int, str, str] | None:
    try:
        user_id, form_key, object_key = signing.loads(
            request.POST.get(DRAFT_FIELD, ""),
            salt=SALT,
            max_age=settings.DRAFT_PASS_AGE,
        )
    except signing.BadSignature:
        return None
    return user_id, form_key, object_key
