"""Turning people's Markdown into safe HTML: the one place that marks text safe."""

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    *("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "h2", "h3", "h4", "h5", "h6", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}


def markdown_html(text: str, heading_level: int) -> str:
    """Markdown with tables; its highest heading becomes `heading_level`."""
    return markdown.markdown(
        text,
        extensions=["tables", "sane_lists", "toc"],
        extension_configs={"toc": {"baselevel": heading_level, "marker": ""}},
    )


def render_markdown(text: str | None, heading_level: int = 2) -> SafeString:
    """Markdown as HTML that holds nothing but the allowed tags and links.

    Scripts, styles, images, frames, event attributes and other link schemes are
    dropped. Headings start at `heading_level`, so that a page keeps its one h1.
    """
    html = nh3.clean(
        markdown_html(text or "", heading_level),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308 - cleaned by the allow-list above
