"""Output shaping of the pages about people and their roles."""

from collections.abc import Iterable

from django.urls import reverse

from qiportal.accounts.models import RoleAssignment, User
from qiportal.core.dates import plain, today


def people_table(users: list[User], roles: dict[int, list[str]]) -> dict:
    """The list of accounts."""
    columns = ["Name", "E-mail address", "Team", "Roles", "Account"]
    rows = [
        [
            {"text": user.display_name, "url": reverse("user_detail", args=[user.pk])},
            user.email,
            str(user.home_unit or "None"),
            ", ".join(roles.get(user.pk, [])) or ("" if user.is_service else "Staff"),
            account_state(user),
        ]
        for user in users
    ]
    return {
        "caption": "People",
        "caption_hidden": True,
        "columns": [{"label": label} for label in columns],
        "rows": rows,
    }


def account_state(user: User) -> str:
    """Whether and how an account can be used, in words."""
    if not user.is_active:
        day = f" on {plain(user.left_on)}" if user.left_on else ""
        return f"Deactivated{day}"
    return "Service account" if user.is_service else "Can sign in"


def account_rows(user: User) -> list[dict]:
    """The summary list of one account."""
    rows = [
        ("E-mail address", user.email),
        ("Team", str(user.home_unit or "None")),
        ("Job title", user.job_title or "Not given"),
        ("Staff group", user.get_staff_group_display() or "Not given"),
        ("Account", account_state(user)),
    ]
    if user.responsible:
        rows.append(("Answers for it", user.responsible.display_name))
    return [{"key": key, "value": value} for key, value in rows]


def role_rows(assignments: Iterable[RoleAssignment]) -> list[dict]:
    """Roles with their time, and which of them can be ended."""
    return [
        {
            "role": row.get_role_display(),
            "since": plain(row.starts_on),
            "until": plain(row.ends_on) if row.ends_on else "",
            "by": row.granted_by.display_name if row.granted_by else "the command line",
            "is_over": bool(row.ends_on and row.ends_on <= today()),
            "end_url": reverse("role_end", args=[row.user_id, row.pk]),
        }
        for row in assignments
    ]


def deactivate_page(user: User) -> dict:
    """The question before an account is ended."""
    return {
        "title": "Deactivate this account",
        "question": f"{user.display_name} ({user.email})",
        "consequences": [
            "Signed out at once, and cannot sign in again.",
            "All roles end. API tokens the person answers for stop working.",
            "The name stays on what the person did. Projects stay with their team.",
        ],
        "submit_label": "Deactivate",
        "cancel_url": reverse("user_detail", args=[user.pk]),
    }


def second_step_page(user: User) -> dict:
    """The question before a lost second factor is taken off."""
    return {
        "title": "Remove the second step",
        "question": f"{user.display_name} ({user.email})",
        "consequences": [
            "For a lost phone. Be sure that it is really this person who asks.",
            "The codes of the old phone and the recovery codes stop working.",
            "A new second step is set up at the next sign-in if the role needs one.",
        ],
        "submit_label": "Remove the second step",
        "cancel_url": reverse("user_detail", args=[user.pk]),
    }


def role_end_page(assignment: RoleAssignment) -> dict:
    """The question before a role is ended."""
    return {
        "title": "End this role",
        "question": f"{assignment.user.display_name}: {assignment.get_role_display()}",
        "consequences": ["It ends at once, also where the person is signed in now."],
        "submit_label": "End the role",
        "cancel_url": reverse("user_detail", args=[assignment.user_id]),
    }
