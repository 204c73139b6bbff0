"""The Content-Security-Policy of every page."""

from csp.constants import NONCE, NONE, SELF

# plotly.js makes an empty <style> and fills it by insertRule: only the empty one passes
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def content_policy(*, sign_in: str, https: bool) -> dict:
    """Our own files only; forms may also post to the `sign_in` provider, if any."""
    directives = {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, EMPTY_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, sign_in] if sign_in else [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
    if https:
        directives["upgrade-insecure-requests"] = True
    return {"DIRECTIVES": directives}
