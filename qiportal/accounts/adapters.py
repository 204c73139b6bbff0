"""How allauth signs people in here: nobody makes an account alone; SSO may."""

import logging
from http import HTTPStatus
from smtplib import SMTPException
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.shortcuts import render
from django.urls import reverse

from qiportal.accounts.audit import audit_record
from qiportal.accounts.devices import remember_device
from qiportal.accounts.mail.aside import AsideBackend
from qiportal.accounts.services.people import user_of_sign_on
from qiportal.core.dates import now
from qiportal.core.http import client_ip

log = logging.getLogger(__name__)
RECENTLY_S = 300


class PortalBackend(AuthenticationBackend):
    """Sign-in by e-mail and password; service accounts and leavers never."""

    def user_can_authenticate(self, user) -> bool:
        return user.is_active and not user.is_service


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def get_client_ip(self, request) -> str:
        return client_ip(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from PUBLIC_URL, so that a forged Host header cannot steer it."""
        uid, _, temp_key = key.partition("-")
        path = reverse("account_reset_password_from_key", args=[uid, temp_key])
        return settings.PUBLIC_URL + path

    def render_mail(self, template_prefix, email, context, headers=None):
        """Sent beside the request, so that no page waits for a mail server."""
        message = super().render_mail(template_prefix, email, context, headers)
        message.connection = AsideBackend()
        return message

    def send_mail(self, template_prefix, email, context) -> None:
        """A mail server that is down must not break or reveal anything."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.error("Mail could not be sent: %s", type(error).__name__)

    def pre_login(self, request, user, **kwargs):
        """allauth itself looks at `is_active` only."""
        if user.is_service:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app, **kwargs) -> bool:
        """Whoever signed in within the last five minutes is not asked again."""
        methods = self.request.session.get("account_authentication_methods", [])
        newest = max((method["at"] for method in methods), default=0)
        if now().timestamp() - newest < RECENTLY_S:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def post_login(self, request, user, **kwargs):
        """Whoever has no unit yet picks one first, then goes where they wanted."""
        remember_device(request, user)
        response = super().post_login(request, user, **kwargs)
        if user.home_unit_id is None and response.status_code == HTTPStatus.FOUND:
            query = urlencode({"next": response.url})
            response["Location"] = f"{reverse('pick_unit')}?{query}"
        return response


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The first single sign-on makes the account, with the name the trust knows."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return True

    def pre_social_login(self, request, sociallogin) -> None:
        """Stops, with words, where no account can be found or made."""
        if sociallogin.is_existing:
            return
        email = sociallogin.user.email
        if not email:
            raise ImmediateHttpResponse(_refused(request, "no_email"))
        if user_of_sign_on(email):
            raise ImmediateHttpResponse(_refused(request, "unproven"))

    def save_user(self, request, sociallogin, form=None):
        user = super().save_user(request, sociallogin, form)
        audit_record(type="user.created_by_sign_on", target=user, by=user)
        return user

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        user.email = (user.email or "").lower()
        first, last = data.get("first_name") or "", data.get("last_name") or ""
        name = data.get("name") or f"{first} {last}".strip() or user.email
        user.full_name = name[:120]
        return user


def _refused(request, reason: str):
    return render(request, "accounts/sso_refused.html", {"reason": reason}, status=403)


def axes_username(request, credentials=None) -> str:
    """What django-axes counts wrong tries by: the e-mail address as typed, folded."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username")
    return str(given or request.POST.get("login") or "").strip().lower()[:254]


def locked_out(request, credentials=None, *args, **kwargs):
    """The page shown while an account and address are locked after wrong tries."""
    return render(request, "accounts/locked_out.html", status=429)
