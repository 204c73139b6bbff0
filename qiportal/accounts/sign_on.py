"""The trust's single sign-on as allauth wants it configured. No models here."""


def providers(*, issuer: str, client_id: str, secret: str) -> dict:
    """One OpenID Connect provider, or none when no issuer is set."""
    if not issuer:
        return {}
    app = {
        "provider_id": "trust",
        "name": "Trust single sign-on",
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
