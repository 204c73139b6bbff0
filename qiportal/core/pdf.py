"""Print pages as files: one HTML file with its styles inside, and PDF where possible.

A PDF needs the `pdf` extra and Pango on the machine. Everywhere else the print page
itself is the way: every browser can save it as a PDF.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.utils.http import content_disposition_header

PICTURE = re.compile(r"<svg\b[^>]*>")


@cache
def pdf_available() -> bool:
    """True when weasyprint can be loaded: the extra is installed and Pango is there."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):  # OSError: the library is there, Pango is not
        return False
    return True


def standalone(html: str, css: Iterable[str]) -> str:
    """A page with the named static style sheets inside, so that it stands alone."""
    styles = "".join(_text(name) for name in css)
    return html.replace("</head>", f"<style>{styles}</style></head>", 1)


def pdf_bytes(html: str, css: Iterable[str], picture_css: str) -> bytes:
    """A page as a PDF; nothing is fetched from anywhere.

    Pictures in a page do not take its style sheets there, so each carries its own.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    own = f"<style>{_text(picture_css)}</style>"
    styled = PICTURE.sub(lambda tag: f"{tag[0]}{own}", standalone(html, css))
    base = f"{settings.PUBLIC_URL}/"
    nothing = URLFetcher(allowed_protocols=())
    return HTML(string=styled, base_url=base, url_fetcher=nothing).write_pdf()


def file_response(
    name: str, body: bytes | str, content_type: str, *, download: bool = True
) -> HttpResponse:
    """A file made for one person now: never kept by a browser or a proxy."""
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(download, name)
    response["Cache-Control"] = "no-store"
    return response


def _text(name: str) -> str:
    """The text of a static file."""
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"There is no static file {name}.")
    return Path(found).read_text(encoding="utf-8")
