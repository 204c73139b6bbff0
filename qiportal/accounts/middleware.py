"""Session lifetimes, the second factor of privileged roles (SECURITY T15), and what
keeps typed text with the person who typed it (INTERFACE A3)."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect

from qiportal.accounts.devices import is_own_phone
from qiportal.accounts.permissions import is_privileged
from qiportal.accounts.typed import typed_keep
from qiportal.core.dates import now

LIFETIMES = {
    "staff": (timedelta(hours=14), timedelta(minutes=60)),
    "own_phone": (timedelta(days=30), timedelta(days=7)),
    "privileged": (timedelta(hours=12), timedelta(minutes=30)),
}

WITHOUT_SECOND_FACTOR = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "accessibility",
    "healthz",
    "readyz",
}


def lifetime_of(request) -> tuple[timedelta, timedelta]:
    """(absolute, idle) lifetime of this session; privileged roles get no extra."""
    if is_privileged(request.user):
        return LIFETIMES["privileged"]
    return LIFETIMES["own_phone" if is_own_phone(request) else "staff"]


class SessionLifetimeMiddleware:
    """Signs a person out when the session is too old or was idle too long."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and self.is_over(request):
            logout(request)
        return self.get_response(request)

    @staticmethod
    def is_over(request) -> bool:
        stamp, session = now().timestamp(), request.session
        absolute, idle = lifetime_of(request)
        started = session.setdefault("started", stamp)
        seen = session.get("seen", stamp)
        if stamp - started > absolute.total_seconds():
            return True
        if stamp - seen > idle.total_seconds():
            return True
        if stamp - seen > 60 or "seen" not in session:
            session["seen"] = stamp
        return False


KEPT = (
    "You were signed out before this was saved. What you typed is kept: sign in, and "
    "it is back in the form."
)


class PageOwnerMiddleware:
    """Requests by a page's script name whose page it is, in the header QI-User.

    Answered 412 while somebody else is signed in, so that nobody's text is saved under
    another name; a sign-in in place by somebody else is ended again at once. A script
    cannot read where it is redirected to: it is told in QI-Location.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        owner = request.headers.get("QI-User")
        if owner is None:
            return self.get_response(request)
        if self.is_somebody_else(request, owner):
            return HttpResponse(status=412)
        response = self.get_response(request)
        if self.is_somebody_else(request, owner):
            logout(request)
            return HttpResponse(status=412)
        return self.told(response)

    @staticmethod
    def is_somebody_else(request, owner: str) -> bool:
        return request.user.is_authenticated and str(request.user.pk) != owner

    @staticmethod
    def told(response):
        if 300 <= response.status_code < 400 and "Location" in response:
            response["QI-Location"] = response["Location"]
            del response["Location"]
            response.status_code = 204
        return response


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in; text sent too late is kept as its user's draft."""

    def handle_no_permission(self, request, view_func):
        is_script = "QI-User" in request.headers  # which keeps its text itself
        if not is_script and typed_keep(request):
            messages.info(request, KEPT)
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Sends a privileged local account to set up its second factor first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if not (settings.MFA_REQUIRED and user.is_authenticated):
            return None
        if self.is_exempt(request) or not is_privileged(user):
            return None
        if self.has_second_factor(request):
            return None
        return redirect("mfa_activate_totp")

    @staticmethod
    def is_exempt(request) -> bool:
        """What a person needs to sign in, out, and to set up the second factor."""
        return request.resolver_match.view_name in WITHOUT_SECOND_FACTOR

    @staticmethod
    def has_second_factor(request) -> bool:
        """Single sign-on brings its own; a local account needs one of ours."""
        methods = request.session.get("account_authentication_methods", [])
        if any(method.get("method") == "socialaccount" for method in methods):
            return True
        return is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
