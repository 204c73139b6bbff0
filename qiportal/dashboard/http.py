"""A request of somebody signed in, as every page of the dashboard gets it."""

from django.http import HttpRequest

from qiportal.accounts.models import User


class SignedRequest(HttpRequest):
    """Names the type of `user`; LoginRequiredMiddleware keeps everybody else out."""

    user: User
