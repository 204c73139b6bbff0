"""Signing in where it goes wrong: a provider that is down, a page open too long."""

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from requests import RequestException

from qiportal.accounts.typed import typed_keep


@login_not_required
def sign_on(request, provider_id):
    """Sends the browser to the provider; a page with words while it is down."""
    try:
        return openid_connect.login(request, provider_id)
    except RequestException:
        context = {"reason": "down"}
        return render(request, "accounts/sso_refused.html", context, status=503)


@login_not_required
def open_too_long(request, reason=""):
    """A form of an earlier session is refused; what was typed in it is kept."""
    context = {"kept": typed_keep(request), "address": request.get_full_path()}
    return render(request, "403_csrf.html", context, status=403)
