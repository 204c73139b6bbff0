"""What every page frame needs: names, navigation, the demo notice, the version."""

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from qiportal.core.undo import kept_days

SERVICE_NAME = "QI Portal"
DEMO_NOTICE = (
    "Invented people and projects. The second sign-in step is off; "
    "only this computer can open the portal."
)
NAVIGATION = (
    ("My work", "/", ()),
    ("Projects", "/projects/", ("/projects/", "/pdsa/")),
    ("Library", "/library/", ("/library/",)),
    ("Training", "/training/", ("/training/",)),
    ("Surveys", "/surveys/", ("/surveys/",)),
    ("Board", "/board/", ("/board/",)),
)


def nav_items(path: str) -> list[dict]:
    """The six header links; the one whose section holds `path` is current."""
    return [
        {
            "label": label,
            "url": url,
            "current": path == url or any(path.startswith(p) for p in prefixes),
        }
        for label, url, prefixes in NAVIGATION
    ]


def trust_logo() -> str:
    """The address of the trust's own logo: an absolute path, or a static file."""
    logo = settings.TRUST_LOGO
    return logo if not logo or logo.startswith("/") else static(logo)


def portal(request: HttpRequest) -> dict:
    """Context processor: values that base.html prints on every page."""
    return {
        "service_name": SERVICE_NAME,
        "trust_name": settings.TRUST_NAME,
        "trust_logo": trust_logo(),
        "demo_banner": DEMO_NOTICE if settings.DEMO else "",
        "nav_items": nav_items(request.path),
        "app_version": settings.VERSION,
        "undo_days": str(kept_days()),
    }
