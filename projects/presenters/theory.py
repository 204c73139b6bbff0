"""Where a driver or an idea stands, in words and as an address."""

from django.urls import reverse

from projects.models import ChangeIdea, Driver, Project
from projects.selectors import deleted_theory, driver_row, idea_row, shown_driver

MOST_LETTERS = 50


def node_key(row: Driver | ChangeIdea) -> str:
    """The name of a row within the diagram: driver-3, idea-7."""
    return f"{'driver' if isinstance(row, Driver) else 'idea'}-{row.pk}"


def node_url(row: Driver | ChangeIdea) -> str:
    """The diagram, with this row in view and its buttons at hand."""
    key = node_key(row)
    return f"{reverse('driver_diagram', args=[row.project.reference])}?at={key}#{key}"


def place_words(row: Driver | ChangeIdea) -> str:
    """ "“Bell in reach” is now 2 of 3 under “Call bells”." """
    others = driver_row(row) if isinstance(row, Driver) else idea_row(row)
    number = [other.pk for other in others].index(row.pk) + 1
    return f"“{_short(row)}” is now {number} of {len(others)} {_under(row)}."


def _short(row: Driver | ChangeIdea) -> str:
    """A row's first words: enough to know it by."""
    text = str(row)
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rstrip()}…"


def _under(row: Driver | ChangeIdea) -> str:
    if isinstance(row, Driver):
        return (
            f"under “{_short(row.parent)}”"
            if row.parent
            else "among the primary drivers"
        )
    driver = shown_driver(row)
    return f"under “{_short(driver)}”" if driver else "among the ideas without a driver"


def undo_url(row: Driver | ChangeIdea) -> str:
    """The diagram, offering to bring a deleted row back."""
    diagram = reverse("driver_diagram", args=[row.project.reference])
    return f"{diagram}?undo={node_key(row)}"


def deleted_rows(project: Project) -> list[dict]:
    """What can be brought back, the last deleted first."""
    drivers, ideas = deleted_theory(project)
    rows = sorted([*drivers, *ideas], key=lambda row: row.deleted_at, reverse=True)
    return [
        {
            "key": node_key(row),
            "text": str(row),
            "at": row.deleted_at,
            "url": _restore_url(row, project.reference),
        }
        for row in rows
    ]


def _restore_url(row: Driver | ChangeIdea, reference: str) -> str:
    if isinstance(row, Driver):
        return reverse("driver_restore", args=[reference, row.pk])
    return f"{reverse('idea_restore', args=[reference, row.pk])}?from=drivers"
