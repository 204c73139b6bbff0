"""Absolute addresses: always on PUBLIC_URL, whatever host a request named.

A link to another host would break credentials that a client stores by host.
"""

from urllib.parse import urlencode

from django.conf import settings

API = "/api/v1/"


def public_url(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def api_url(path: str = "", **query: object) -> str:
    """An address of the API: `path` is relative to /api/v1/."""
    tail = f"?{urlencode(query)}" if query else ""
    return public_url(f"{API}{path}{tail}")
