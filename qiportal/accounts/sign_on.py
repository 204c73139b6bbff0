"""The trust's single sign-on as allauth wants it configured. No models here."""

from urllib.parse import urlsplit


def providers(
    *, issuer: str, client_id: str, secret: str, email_is_proof: bool = False
) -> dict:
    """One OpenID Connect provider, or none when no issuer is set.

    `email_is_proof` says that the issuer vouches for each address although it sends
    no `email_verified` claim; only then is an existing account found by its address.
    """
    if not issuer:
        return {}
    app = {
        "provider_id": "trust",
        "name": "Trust single sign-on",
        "client_id": client_id,
        "secret": secret,
        "settings": {
            "server_url": issuer.rstrip("/"),
            "verified_email": email_is_proof,
        },
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def origin(url: str) -> str:
    """Scheme and host of an address: what the page policy lets a form end up at."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else ""
