"""allauth's pages, less those by which people would change who they are.

Accounts and addresses are made by a sysadmin or by single sign-on, so signing up,
changing one's address and connecting another sign-on answer 404.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import include, path, re_path

from qiportal.accounts.views.sign_on import sign_on


@login_not_required
def closed(request, **kwargs):
    raise Http404("This page does not exist here.")


urlpatterns = [
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed),
    path("password/set/", closed),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", closed),
    path("login/code/confirm/", closed),
    path("3rdparty/", closed),
    path("3rdparty/signup/", closed),
    path("oidc/<str:provider_id>/login/", sign_on, name="openid_connect_login"),
    path("", include("allauth.urls")),
]
