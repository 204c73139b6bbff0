"""Single sign-on that says so when the trust's provider cannot be reached."""

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from requests import RequestException


@login_not_required
def sign_on(request, provider_id):
    """Sends the browser to the provider; a page with words while it is down."""
    try:
        return openid_connect.login(request, provider_id)
    except RequestException:
        context = {"reason": "down"}
        return render(request, "accounts/sso_refused.html", context, status=503)
