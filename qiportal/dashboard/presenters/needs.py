"""What waits for somebody senior: barriers with owner and age."""

from django.core.paginator import Paginator
from django.db.models import QuerySet

from projects.models import Barrier
from qiportal.core.dates import local_day, today

PER_PAGE = 50


def age_text(barrier: Barrier) -> str:
    """ "raised today", "waiting 1 day", "waiting 34 days"."""
    days = (today() - local_day(barrier.raised_at)).days
    if days <= 0:
        return "raised today"
    return f"waiting {days} day{'' if days == 1 else 's'}"


def needs_row(barrier: Barrier) -> dict:
    return {
        "barrier": barrier,
        "project": barrier.project,
        "type": barrier.get_type_display(),
        "age": age_text(barrier),
        "owner": barrier.owner.display_name if barrier.owner else "",
    }


def needs_context(barriers: QuerySet[Barrier], page: str | None) -> dict:
    """The list page's context: one page of rows, longest waiting first."""
    found = Paginator(barriers, PER_PAGE).get_page(page)
    return {"page_obj": found, "rows": [needs_row(barrier) for barrier in found]}
