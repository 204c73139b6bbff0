"""Template tags and filters for the whole portal: `{% load qi %}`."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.safestring import SafeString

from qiportal.core import dates, text
from qiportal.core.forms import field_errors

register = template.Library()
UNKNOWN = "cannot say yet"


@register.simple_tag(takes_context=True)
def query_with(context, **changes) -> str:
    """The present query string with some parameters set, or removed by None."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def _day(value: date | datetime) -> date:
    return dates.local_day(value) if isinstance(value, datetime) else value


@register.filter
def nhs_date(value: date | datetime | None) -> str:
    """23 November 2026"""
    return dates.plain(_day(value)) if value else ""


@register.filter
def nhs_day(value: date | datetime | None) -> str:
    """Mon 23 Nov"""
    return f"{_day(value):%a} {_day(value).day} {_day(value):%b}" if value else ""


@register.filter
def nhs_month(value: date | datetime | None) -> str:
    """November 2026"""
    return f"{_day(value):%B %Y}" if value else ""


@register.filter
def nhs_datetime(value: datetime | None) -> str:
    """23 November 2026, 02:04, London time"""
    if not value:
        return ""
    return f"{nhs_date(value)}, {value.astimezone(dates.LONDON):%H:%M}"


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """1,234.5. Without `decimals` trailing noughts go; None is "cannot say yet"."""
    if value is None or value == "":
        return UNKNOWN
    amount = Decimal(str(value))
    if decimals is None:
        return f"{amount.normalize():,f}"
    step = Decimal(1).scaleb(-int(decimals))
    return f"{amount.quantize(step, ROUND_HALF_UP):,f}"


@register.filter
def percent(value: float | Decimal | None, decimals: int = 0) -> str:
    """42% from 0.42; None is "cannot say yet"."""
    if value is None or value == "":
        return UNKNOWN
    return f"{number(Decimal(str(value)) * 100, decimals)}%"


@register.filter
def item(mapping, key):
    """One entry of a dictionary, or None."""
    return mapping.get(key)


@register.filter
def error_target(field: BoundField) -> str:
    """The id that an error summary links to: the control, or its first option."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def plain_errors(field: BoundField) -> list[str]:
    """A field's messages in words that say how to fix it."""
    return field_errors(field)


@register.filter
def render_markdown(value: str | None, heading_level: int = 2) -> SafeString:
    """Markdown as safe HTML."""
    return text.render_markdown(value, heading_level)


@register.filter
def cells(row: list, columns: list) -> list[tuple]:
    """A table row as (column, cell) pairs."""
    return list(zip(columns, row, strict=True))


@register.filter
def cell_text(cell) -> str:
    """What a table prints: numbers with commas, dates in words, a dash for nothing."""
    if cell is None:
        return "–"
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        return number(cell)
    return nhs_date(cell) if isinstance(cell, date) else cell


@register.simple_tag
def page_numbers(page_obj: Page) -> list:
    """Page numbers around the present one, with an ellipsis for the rest."""
    paginator = page_obj.paginator
    return list(
        paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    )
