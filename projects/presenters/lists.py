"""Rows of the project list, of its exports and of look-alikes."""

from collections.abc import Iterable

from django.forms import Form
from django.http import QueryDict
from django.urls import reverse

from projects.models import Project, Status, Visibility
from projects.presenters.frame import status_tag
from projects.selectors import deleted_projects, memberships_of
from qiportal.accounts.models import User
from qiportal.core.dates import local_day
from qiportal.core.undo import kept_days
from qiportal.organisation.selectors import same_team

FILTERS = ("q", "status", "unit", "method", "mine", "quiet", "stuck")
TABS = (
    ("all", "All projects", "project_list", ""),
    ("mine", "My projects", "project_list", "?mine=on"),
    ("programmes", "Programmes", "programme_list", ""),
    ("dropped", "Tried and dropped", "ideas_dropped", ""),
    ("deleted", "Deleted", "projects_deleted", ""),
)
EXPORT_HEADER = (
    *("Reference", "Title", "Status", "Unit", "Unit code", "Lead", "Method"),
    *("Registered", "Started", "Planned end", "Closed", "Last activity"),
    *("Problem", "Learning"),
)


def list_tabs(current: str) -> list[dict]:
    """The list's own navigation."""
    return [
        {"label": label, "url": reverse(name) + query, "current": key == current}
        for key, label, name, query in TABS
    ]


def _leads(project: Project) -> str:
    return ", ".join(row.user.display_name for row in project.leads)


def list_rows(projects: Iterable[Project]) -> list[dict]:
    """What one row of the list prints."""
    return [
        {
            "title": project.title,
            "url": project.get_absolute_url(),
            "reference": project.reference,
            "unit": project.unit.name,
            "tag": status_tag(project),
            "private": ""
            if project.visibility == Visibility.TRUST
            else project.get_visibility_display(),
            "lead": _leads(project) or "Nobody yet",
            "last": local_day(project.last_activity_at),
        }
        for project in projects
    ]


def export_rows(projects: Iterable[Project]) -> list[tuple]:
    """Rows of the CSV and XLSX files, in the order of EXPORT_HEADER."""
    return [
        (
            project.reference,
            project.title,
            project.get_status_display(),
            project.unit.name,
            project.unit.code,
            _leads(project),
            project.method.title if project.method else "",
            project.registered_on,
            project.started_on,
            project.target_end_on,
            project.closed_on,
            local_day(project.last_activity_at),
            project.problem,
            project.learning,
        )
        for project in projects
    ]


def query_of(data: QueryDict) -> str:
    """The filters in use as a query string, without page numbers or strays."""
    kept = QueryDict(mutable=True)
    for name in FILTERS:
        if value := data.get(name, ""):
            kept[name] = value
    return kept.urlencode()


def drawer_is_open(form: Form) -> bool:
    """The drawer opens by itself when one of its filters is in use or wrong."""
    inside = FILTERS[2:]
    return any(form[name].data or form[name].errors for name in inside)


def undo_notice(actor: User, reference: str) -> dict | None:
    """The banner after a deletion, for who may undo it."""
    if not reference:
        return None
    project = deleted_projects(actor).filter(reference=reference).first()
    if project is None:
        return None
    return {
        "text": f"{project.title} is deleted. It can be brought back for "
        f"{kept_days()} days.",
        "url": reverse("project_restore", args=[reference]),
    }


def _why(project: Project) -> str:
    """What a look-alike in this state is good for, in a few words."""
    if project.status == Status.STOPPED:
        return "Stopped. See what they learned before you start."
    if project.is_closed:
        return "Finished. Build on what worked."
    if project.status == Status.RESTING:
        return "Resting. They may welcome somebody who carries on."
    return "Going on now. Working together may be quicker."


def lookalike_rows(
    projects: list[Project], actor: User, *, chosen: str = ""
) -> list[dict]:
    """Look-alikes with what one can do about each: join, or build on."""
    mine = memberships_of(actor, projects)
    home = actor.home_unit
    return [
        {
            "title": project.title,
            "reference": project.reference,
            "url": project.get_absolute_url(),
            "unit": project.unit.name,
            "lead": _leads(project),
            "tag": status_tag(project),
            "why": _why(project),
            "mine": project.pk in mine,
            "may_join": project.pk not in mine
            and not project.is_closed
            and project.visibility != Visibility.DRAFT
            and same_team(home=home, owner=project.unit),
            "join_url": reverse("project_join", args=[project.reference]),
            "chosen": project.reference == chosen,
        }
        for project in projects
    ]
