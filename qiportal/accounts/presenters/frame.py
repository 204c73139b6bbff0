"""What every account page shares."""

from django.urls import reverse


def crumbs(*parents: tuple[str, str]) -> list[dict]:
    """Breadcrumbs of an account page: label and URL name of each page above it."""
    line = [("Your account", "account_home"), *parents]
    return [{"label": label, "url": reverse(name)} for label, name in line]
