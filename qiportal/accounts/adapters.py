"""How allauth makes accounts here: nobody signs up alone; single sign-on may."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.shortcuts import render


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The first single sign-on makes the account."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return True

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        first, last = data.get("first_name") or "", data.get("last_name") or ""
        user.full_name = data.get("name") or f"{first} {last}".strip() or user.email
        return user


def locked_out(request, credentials=None, *args, **kwargs):
    """The page shown while an account and address are locked after wrong tries."""
    return render(request, "accounts/locked_out.html", status=429)
