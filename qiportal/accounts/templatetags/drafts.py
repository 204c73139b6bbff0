"""`{% load drafts %}`: marks a form as one whose typing is kept."""

from typing import Any

from django import template

from qiportal.accounts.drafts import DRAFT_FIELD
from qiportal.accounts.typed import draft_pass

register = template.Library()


@register.inclusion_tag("accounts/draft_form.html")
def draft_form(key: str, object_key: object = "") -> dict[str, Any]:
    """Attributes of the form tag; none without a key."""
    return {"key": key, "object_key": object_key}


@register.inclusion_tag("accounts/draft_field.html", takes_context=True)
def draft_field(context, key: str, object_key: object = "") -> dict[str, str]:
    """The form's pass, so that its text outlives the session; none for a stranger."""
    user = getattr(context.get("request"), "user", None)
    if not (key and user and user.is_authenticated):
        return {}
    return {"name": DRAFT_FIELD, "value": draft_pass(user, key, object_key)}
