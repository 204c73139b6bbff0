"""Output shaping of the account page."""

from django.urls import reverse

from qiportal.accounts.import_kinds import kinds_for
from qiportal.accounts.models import User
from qiportal.accounts.permissions import Perm, has_permission
from qiportal.accounts.presenters.desk import object_words


def profile_rows(user: User) -> list[dict]:
    """What the account page says about its owner."""
    edit = reverse("profile")
    rows = [
        {"key": "Name", "value": user.full_name},
        {"key": "E-mail address", "value": user.email},
        {"key": "Team", "value": str(user.home_unit or "Not chosen yet")},
        {"key": "Job title", "value": user.job_title or "Not given", "url": edit},
        {
            "key": "Staff group",
            "value": user.get_staff_group_display() or "Not given",
            "url": edit,
        },
    ]
    if user.site:
        rows.append({"key": "Site", "value": user.site.name, "url": edit})
    roles = ", ".join(user.role_labels) or "Staff"
    return [*rows, {"key": "Role", "value": roles}]


def desk_links(user: User) -> list[dict]:
    """Pages for those who run the portal: only what this user may open."""
    desks = [
        (Perm.PEOPLE_MANAGE, "People", "user_list", "accounts and roles"),
        (Perm.UNITS_MANAGE, "Units", "unit_list", "the structure of the trust"),
        (Perm.AUDIT_READ, "Audit log", "audit_log", "who did what, and when"),
        (Perm.JOBS_RUN, "Jobs", "job_list", "nightly figures and other work"),
    ]
    links = [
        {"label": label, "url": reverse(name), "text": text}
        for permission, label, name, text in desks
        if has_permission(user, permission)
    ]
    if kinds_for(user):
        imports = {"label": "Imports", "url": reverse("import_list")}
        links.append({**imports, "text": "rows from CSV and XLSX files"})
    return links


def my_data_table(rows: dict[str, list[dict]]) -> dict:
    """How many rows of each kind name the person."""
    return {
        "caption": "What it is",
        "columns": [{"label": "Kind"}, {"label": "Rows", "numeric": True}],
        "rows": [[object_words(label), len(found)] for label, found in rows.items()],
    }
