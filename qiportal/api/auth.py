"""Who asks: one token in three forms, what it opens, and how often it may ask."""

import base64
import binascii
import math
import time
from typing import Any

from django.core.cache import cache
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from qiportal.accounts.models import ApiToken
from qiportal.accounts.tokens import TooManyBadTokens, token_authenticate
from qiportal.api.problems import SIGN_IN, ApiProblem
from qiportal.core.http import client_ip

PER_MINUTE = 120
STREAMS = 2
STREAM_SECONDS = 600
HOW = "Send the token as Bearer, X-API-Key, or Basic with its id as the user."


def token_text(request: Request) -> str | None:
    """The token a request carries; None without one.

    Raises AuthenticationFailed for a header that cannot be read.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return request.headers.get("X-API-Key")
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        return _basic(rest.strip())
    raise AuthenticationFailed(HOW)


def _basic(encoded: str) -> str:
    """The password of HTTP Basic; the user must be the token's id."""
    try:
        user, _, password = (
            base64.b64decode(encoded, validate=True).decode().partition(":")
        )
    except (binascii.Error, UnicodeDecodeError) as error:
        raise AuthenticationFailed(HOW) from error
    if password.split("_", 2)[1:2] != [user]:
        raise AuthenticationFailed(
            "With Basic, the user is the token's id and the password the whole token."
        )
    return password


class TokenAuthentication(BaseAuthentication):
    """Recognises a working token; `request.auth` is its row."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        raw = token_text(request)
        if raw is None:
            return None
        try:
            token = token_authenticate(raw, client_ip(request))
        except TooManyBadTokens as error:
            raise Throttled(error.retry_after) from error
        if token is None:
            raise AuthenticationFailed("The token is wrong, expired or revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return SIGN_IN


class SessionReading(BaseAuthentication):
    """The browser's session, for pages about the API that only read."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated or not user.is_active:
            return None
        return user, None


class HasScope(BasePermission):
    """A token with the scope the view names; "" means any token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            return False
        scope = view.scope_of(request)
        if scope and scope not in request.auth.scopes:
            raise ApiProblem("forbidden-scope", f"This needs the scope {scope}.")
        return True


class SignedInOrToken(BasePermission):
    """Anybody signed in, by session or token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


class TokenRate(BaseThrottle):
    """120 requests in any 60 seconds for each token, counted in this process."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            return True
        key, self.now = f"api-rate:{request.auth.pk}", time.time()
        recent = [at for at in cache.get(key, []) if at > self.now - 60]
        self.first = recent[0] if recent else self.now
        allowed = len(recent) < PER_MINUTE
        if allowed:
            recent.append(self.now)
            cache.set(key, recent, timeout=60)
        left = PER_MINUTE - len(recent)
        request._request.rate = (left, math.ceil(self.wait()))
        return allowed

    def wait(self) -> float:
        return max(0.0, self.first + 60 - self.now)


class StreamSlot:
    """One of the two streams a token may read at once. Release it exactly once.

    Counted in this process; a stream that was cut off without a word frees its place
    after ten minutes.
    """

    def __init__(self, token: ApiToken):
        self.key = f"api-streams:{token.pk}"
        cache.add(self.key, 0, timeout=STREAM_SECONDS)
        if cache.incr(self.key) > STREAMS:
            self.release()
            raise ApiProblem(
                "throttled", f"At most {STREAMS} streams at once.", wait=10
            )

    def release(self) -> None:
        try:
            cache.decr(self.key)
        except ValueError:  # its ten minutes were over
            return
