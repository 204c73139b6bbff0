"""Details, people, aim, drivers and ideas of one project."""

from django.urls import reverse

from projects.aims import checks, parts_of, sentence
from projects.models import Aim, ChangeIdea, Project, ProjectMember
from projects.permissions import can_restore, standing_of
from projects.presenters.frame import address
from projects.selectors import (
    Theory,
    current_aim,
    past_people,
    project_ideas,
    project_people,
)
from qiportal.accounts.models import User
from qiportal.core.dates import plain

UNKNOWN = "Not written yet"
IDEA_TONES = {
    ChangeIdea.Status.PROPOSED: "outline",
    ChangeIdea.Status.TESTING: "strong",
    ChangeIdea.Status.ABANDONED: "quiet",
}
GROUPS = (
    ("To try", (ChangeIdea.Status.PROPOSED, ChangeIdea.Status.TESTING)),
    ("Kept", (ChangeIdea.Status.ADOPTED, ChangeIdea.Status.ADAPTED)),
    ("Tried and dropped", (ChangeIdea.Status.ABANDONED,)),
)


def _day(value) -> str:
    return plain(value) if value else ""


def _row(key: str, value: object, url: str = "") -> dict:
    return {"key": key, "value": str(value or UNKNOWN), "url": url}


def details(project: Project, actor: User) -> dict:
    """The charter as summary rows, with links for those who may change it."""
    stands = standing_of(actor, project)
    ref = [project.reference]
    edit = reverse("project_edit", args=ref) if stands.can_lead else ""
    aim_url = reverse("project_aim", args=ref) if stands.can_lead else ""
    aim = current_aim(project)
    charter = [
        _row("Problem", project.problem, edit),
        _row("Aim", aim.statement if aim else "", aim_url),
        _row("Why a change should help", project.rationale, edit),
        _row("Method", project.method or "", edit),
        _row("Why this method", project.reason_if_other, edit),
    ]
    if not project.reason_if_other:
        charter.pop()
    return {
        "charter": charter,
        "record": _record(project, stands.can_lead),
        "can_delete": stands.can_delete_project,
        "can_restore": can_restore(actor, project),
    }


def _record(project: Project, leads: bool) -> list[dict]:
    ref = [project.reference]
    edit = reverse("project_edit", args=ref) if leads else ""
    status = reverse("project_status", args=ref) if leads else ""
    rows = [
        _row("Status", project.get_status_display(), status),
        _row("Learning", project.learning, status),
        _row("Unit", project.unit, edit),
        _row("Who may see it", project.get_visibility_display(), edit),
        _row("Registered", _day(project.registered_on)),
        _row("Started", _day(project.started_on), edit),
        _row("Planned end", _day(project.target_end_on), edit),
        _row("Closed", _day(project.closed_on)),
    ]
    optional = ("Learning", "Started", "Planned end", "Closed")
    return [
        row for row in rows if row["key"] not in optional or row["value"] != UNKNOWN
    ]


def people_rows(project: Project, actor: User) -> dict:
    """Who is in the project; a patient partner sees the leads and their own row."""
    stands = standing_of(actor, project)
    rows = project_people(project)
    if not stands.sees_people:
        rows = [row for row in rows if row.user_id == actor.pk or row.is_lead]
    return {
        "now": [_person(row, actor) for row in rows],
        "past": list(past_people(project)[:30]) if stands.sees_people else [],
        "can_leave": any(row.user_id == actor.pk for row in rows),
        "has_sponsor": any(row.relation == "sponsor" for row in rows),
        "is_partial": not stands.sees_people,
    }


def _person(row: ProjectMember, actor: User) -> dict:
    return {
        "id": row.pk,
        "name": row.user.display_name,
        "email": row.user.email,
        "job": row.user.job_title,
        "unit": row.user.home_unit.name if row.user.home_unit else "",
        "relation": row.get_relation_display(),
        "since": row.joined_on,
        "is_me": row.user_id == actor.pk,
        "is_active": row.user.is_active,
    }


def aim_checks(aim: Aim | None) -> list[dict]:
    return checks(parts_of(aim))


def aim_values(aim: Aim) -> dict:
    """The stored aim under the names of the form's fields, for the conflict page."""
    parts = parts_of(aim)
    own = "" if aim.statement == sentence(parts) else aim.statement
    return {**vars(parts), "own_words": own}


def driver_hints(theory: Theory) -> list[str]:
    """One or two plain prompts about the shape of the diagram; never a refusal."""
    hints = []
    primaries = len(theory.branches)
    if primaries == 1:
        hints.append("One primary driver so far. Most diagrams have two to five.")
    if primaries > 5:
        hints.append(f"{primaries} primary drivers. Could some be one?")
    if theory.loose:
        hints.append(
            f"{len(theory.loose)} change ideas hang on no driver yet."
            if len(theory.loose) > 1
            else "One change idea hangs on no driver yet."
        )
    return hints


def idea_groups(project: Project, actor: User) -> list[dict]:
    """Ideas to try, kept and dropped, each with what may be done about it."""
    knows = standing_of(actor, project).sees_dropped_names
    test = address("cycle_new", project.reference)
    ideas = list(project_ideas(project))
    groups = []
    for title, states in GROUPS:
        rows = [_idea(i, knows, test) for i in ideas if i.status in states]
        if rows:
            groups.append({"title": title, "ideas": rows})
    return groups


def _idea(idea: ChangeIdea, knows_team: bool, test_url: str) -> dict:
    dropped = idea.status == ChangeIdea.Status.ABANDONED
    shows_name = knows_team or not dropped
    return {
        "id": idea.pk,
        "title": idea.title,
        "because": idea.because,
        "driver": living_driver(idea),
        "why": idea.why,
        "would_try_if": idea.would_try_if,
        "dropped": dropped,
        "by": idea.created_by.display_name if shows_name else "",
        "tag": {
            "text": idea.get_status_display(),
            "tone": IDEA_TONES.get(idea.status, "plain"),
        },
        "test_url": f"{test_url}?idea={idea.pk}" if test_url and not dropped else "",
    }


def idea_values(idea: ChangeIdea) -> dict:
    """A stored idea as the initial values of its form."""
    names = ("title", "because", "version")
    return {name: getattr(idea, name) for name in names} | {"driver": idea.driver_id}


def living_driver(idea: ChangeIdea) -> str:
    """The text of the idea's driver, unless that was deleted."""
    driver = idea.driver
    return driver.text if driver and driver.deleted_at is None else ""
