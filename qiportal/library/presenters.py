"""Output shaping of the library's pages."""

import difflib
from collections.abc import Iterable

from django.urls import reverse

from qiportal.core.dates import local_day, plain, today
from qiportal.library.models import Method, MethodVersion
from qiportal.library.services import TEXT_FIELDS

LABELS = {
    "summary": "In one sentence",
    "when_to_use": "When to use it",
    "when_not_to_use": "When not to use it",
    "steps": "Steps",
    "mistakes": "Common mistakes",
    "example": "Example",
    "source": "Source",
    "source_url": "Address of the source",
    "licence": "Licence",
}


def grouped(entries: Iterable[Method]) -> list[dict]:
    """Entries by category, in the library's order; empty categories are left out."""
    groups: dict[str, list[Method]] = {value: [] for value in Method.Category.values}
    for entry in entries:
        groups[entry.category].append(entry)
    return [
        {"label": Method.Category(value).label, "entries": found}
        for value, found in groups.items()
        if found
    ]


def facts(method: Method, version: MethodVersion | None) -> list[dict]:
    """The side column of an entry."""
    rows = [
        ("Kind", method.get_category_display()),
        ("Family", method.get_family_display()),
        ("Level", method.get_level_display()),
        ("Time", method.time_needed or "Not given"),
        ("People", method.people_needed or "Not given"),
        ("Used by", use_words(method.projects_using)),
    ]
    if version and version.published_at:
        rows.append(("Version", version_words(version)))
        rows.append(("Review by", review_words(version)))
        rows.append(("Owner", method.owner.display_name))
    return [{"key": key, "value": value} for key, value in rows]


def use_words(count: int) -> str:
    """How many projects attached an entry."""
    if count == 0:
        return "No project yet"
    return "1 project" if count == 1 else f"{count} projects"


def version_words(version: MethodVersion) -> str:
    day = plain(local_day(version.published_at))
    return f"{version.number}, {day}"


def review_words(version: MethodVersion) -> str:
    late = " (late)" if version.review_due_on < today() else ""
    return plain(version.review_due_on) + late


def version_table(method: Method, versions: Iterable[MethodVersion]) -> dict:
    """All versions of an entry with their notes."""
    columns = ["Version", "State", "Published", "By", "What changed"]
    rows = [
        [
            {"text": f"Version {version.number}", "url": version_url(method, version)},
            version.get_state_display(),
            plain(local_day(version.published_at)) if version.published_at else "",
            (version.published_by or version.author).display_name,
            version.change_note,
        ]
        for version in versions
    ]
    return {
        "caption": "Versions",
        "caption_hidden": True,
        "columns": [{"label": label} for label in columns],
        "rows": rows,
    }


def version_url(method: Method, version: MethodVersion) -> str:
    return reverse("library_version", args=[method.slug, version.number])


def differences(new: MethodVersion, old: MethodVersion | None) -> list[dict]:
    """Per changed field, its lines marked same, added or removed."""
    changed = []
    for name in TEXT_FIELDS:
        before = getattr(old, name) if old else ""
        after = getattr(new, name)
        if before != after:
            lines = line_diff(before, after)
            changed.append({"label": LABELS[name], "lines": lines})
    return changed


def line_diff(before: str, after: str) -> list[dict]:
    """Lines of two texts in order: {kind: same | added | removed, text}."""
    kinds = {" ": "same", "+": "added", "-": "removed"}
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [
        {"kind": kinds[line[0]], "text": line[2:]} for line in lines if line[0] in kinds
    ]


def review_table(entries: Iterable[Method]) -> dict:
    """Entries to look at again, by the day their review is due."""
    rows = [
        [
            {"text": entry.title, "url": reverse("library_detail", args=[entry.slug])},
            review_words(entry.current_version),
            entry.owner.display_name,
        ]
        for entry in entries
    ]
    return {
        "caption": "Reviews due",
        "columns": [{"label": label} for label in ("Entry", "Review by", "Owner")],
        "rows": rows,
    }


def draft_table(drafts: Iterable[MethodVersion]) -> dict:
    """What is being written."""
    rows = [
        [
            {
                "text": draft.method.title,
                "url": reverse("library_draft", args=[draft.method.slug]),
            },
            draft.get_state_display(),
            draft.author.display_name,
            plain(local_day(draft.updated_at)),
        ]
        for draft in drafts
    ]
    labels = ("Entry", "State", "Written by", "Last changed")
    return {
        "caption": "Being written",
        "columns": [{"label": label} for label in labels],
        "rows": rows,
    }


def publish_initial() -> dict:
    """Two years until the next look, as the seed entries have it."""
    return {"review_due_on": today().replace(day=1).replace(year=today().year + 2)}
