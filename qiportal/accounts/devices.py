"""The mark "this is my own phone" (T15): a longer session for staff, and unsent text
may stay on the device (static/js/kept.js).

The mark is a signed cookie that names its user. It is read at sign-in only; what
counts afterwards is the session. It outlives a sign-out, the unsent text does not.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User

COOKIE = "qi_own_phone"
SALT = "qiportal.own_phone"
KEPT = timedelta(days=365)
SESSION_KEY = "own_phone"


def remember_device(request: HttpRequest, user: User) -> None:
    """At sign-in: a marked device keeps its session, any other until it is closed."""
    marked = _marked_user_id(request) == user.pk
    request.session[SESSION_KEY] = marked
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if marked else 0)


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Marks this device as the signed-in user's own; audited where that is news."""
    _note(request, "device.marked_own", is_own=True)
    request.session[SESSION_KEY] = True
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)
    response.set_cookie(
        COOKIE,
        signing.dumps(request.user.pk, salt=SALT),
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def unmark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Forgets the mark; the session gets the short lifetime at once. Audited."""
    _note(request, "device.marked_shared", is_own=False)
    request.session[SESSION_KEY] = False
    request.session.set_expiry(0)
    response.delete_cookie(COOKIE, samesite="Lax")


def is_own_phone(request: HttpRequest) -> bool:
    return bool(request.session.get(SESSION_KEY))


def _note(request: HttpRequest, type: str, *, is_own: bool) -> None:
    if is_own_phone(request) != is_own:
        audit_record(type=type, target=request.user, by=request.user)


def _marked_user_id(request: HttpRequest) -> int | None:
    try:
        return signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT.total_seconds()
        )
    except signing.BadSignature:
        return None
