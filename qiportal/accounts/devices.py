"""The mark "this is my own phone", which gives staff a longer session (T15).

The mark is a signed cookie that names its user. It is read at sign-in only; what
counts afterwards is the session.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

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
    """Marks this device as the signed-in user's own."""
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
    """Forgets the mark; the session gets the short lifetime at once."""
    request.session[SESSION_KEY] = False
    request.session.set_expiry(0)
    response.delete_cookie(COOKIE, samesite="Lax")


def is_own_phone(request: HttpRequest) -> bool:
    return bool(request.session.get(SESSION_KEY))


def _marked_user_id(request: HttpRequest) -> int | None:
    try:
        return signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT.total_seconds()
        )
    except signing.BadSignature:
        return None
