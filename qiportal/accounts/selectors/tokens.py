"""Reads of API tokens."""

from datetime import timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from qiportal.accounts.models import ApiToken, User
from qiportal.core.dates import now, today


def own_token_count(user: User) -> int:
    """How many working tokens the user answers for."""
    return ApiToken.objects.owned_by(user).working_at(now()).count()


def tokens_for(actor: User) -> QuerySet[ApiToken]:
    """The tokens the actor may see, newest first, with their use in 30 days."""
    tokens = ApiToken.objects.visible_to(actor).with_people()
    return with_recent_requests(tokens).order_by("-pk")


def token_or_404(actor: User, prefix: str) -> ApiToken:
    """A token the actor may end: their own, or any for a sysadmin."""
    return get_object_or_404(
        ApiToken.objects.visible_to(actor).with_people(), prefix=prefix
    )


def own_token_or_404(actor: User, prefix: str) -> ApiToken:
    """A token the actor answers for and so may renew."""
    return get_object_or_404(
        ApiToken.objects.owned_by(actor).with_people(), prefix=prefix
    )


def with_recent_requests(tokens: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
    """The tokens, each with `recent_requests` of the last 30 days."""
    recent = Q(days__day__gt=today() - timedelta(days=30))
    return tokens.annotate(
        recent_requests=Coalesce(Sum("days__requests", filter=recent), 0)
    )
