"""Output shaping of the token pages."""

from collections.abc import Iterable

from django.urls import reverse

from qiportal.accounts.models import ApiToken, User
from qiportal.core.dates import local_day, now, plain
from qiportal.core.templatetags.qi import nhs_datetime


def token_state(token: ApiToken) -> tuple[str, str]:
    """A token's state in words, and the tone of its tag."""
    if token.revoked_at:
        return "Ended", "quiet"
    if token.expires_at <= now():
        return "Expired", "quiet"
    if token.replaced_by_id:
        return "Replaced, works until it expires", "outline"
    return "Works", "strong"


def token_cards(tokens: Iterable[ApiToken], actor: User) -> list[dict]:
    """Each token with its state and what the actor may do with it."""
    return [_card(token, actor) for token in tokens]


def _card(token: ApiToken, actor: User) -> dict:
    words, tone = token_state(token)
    works = not token.revoked_at and token.expires_at > now()
    is_own = token.user.responsible_id == actor.pk
    return {
        "token": token,
        "state": words,
        "tone": tone,
        "rows": _rows(token),
        "renew_url": _url("token_renew", token)
        if works and is_own and not token.replaced_by_id
        else "",
        "end_url": _url("token_end", token) if works else "",
    }


def _url(name: str, token: ApiToken) -> str:
    return reverse(name, args=[token.prefix])


def _rows(token: ApiToken) -> list[dict]:
    used = nhs_datetime(token.last_used_at) if token.last_used_at else "Never"
    return [
        {"key": "Id", "value": token.prefix},
        {"key": "Answers for it", "value": str(token.user.responsible)},
        {"key": "May do", "value": ", ".join(token.scopes)},
        {"key": "Units", "value": str(token.unit) if token.unit else "Whole trust"},
        {"key": "Expires", "value": nhs_datetime(token.expires_at)},
        {"key": "Last used", "value": used},
        {"key": "Requests in 30 days", "value": f"{token.recent_requests:,}"},
    ]


def renew_page(token: ApiToken) -> dict:
    """The question before a token is renewed."""
    return {
        "title": "Renew this token",
        "question": f"{token.name} ({token.prefix})",
        "consequences": [
            "You get a new token with the same rights. It is shown once.",
            "The old one works 24 hours more, so that you can change your tools.",
            f"Both end on {plain(local_day(token.expires_at))} at the latest; only a "
            "system administrator can give a longer time.",
        ],
        "submit_label": "Renew it",
        "cancel_url": reverse("api_tokens"),
    }


def revoke_page(token: ApiToken) -> dict:
    """The question before a token is ended."""
    return {
        "title": "End this token",
        "question": f"{token.name} ({token.prefix})",
        "consequences": [
            "It stops working at once, and whatever uses it stops too.",
            "This cannot be undone. A new token can be issued.",
        ],
        "submit_label": "End it now",
        "cancel_url": reverse("api_tokens"),
    }
