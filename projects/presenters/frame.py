"""What project pages print, prepared so that templates need no logic."""

from django.urls import NoReverseMatch, reverse

from projects.models import Handover, Project, Status, Visibility
from projects.permissions import Standing, standing_of
from projects.selectors import current_aim, open_handover
from qiportal.accounts.models import User

TONES = {
    Status.IDEA: "outline",
    Status.ACTIVE: "strong",
    Status.RESTING: "quiet",
}
NAV = (
    ("overview", "Overview", "project_home"),
    ("details", "Details", "project_details"),
    ("drivers", "Aim and drivers", "driver_diagram"),
    ("ideas", "Change ideas", "project_ideas"),
    ("people", "People", "project_people"),
    ("methods", "Methods", "project_methods"),
    ("barriers", "Barriers", "project_barriers"),
    ("history", "History", "project_history"),
)


def address(name: str, *args) -> str:
    """The address of a page, or "" where that page is not part of this portal."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def status_tag(project: Project) -> dict:
    return {
        "text": project.get_status_display(),
        "tone": TONES.get(project.status, "plain"),
    }


def _tags(project: Project) -> list[dict]:
    tags = [status_tag(project)]
    if project.visibility == Visibility.TEAM:
        tags.append({"text": "Our team only", "tone": "outline"})
    if project.visibility == Visibility.DRAFT:
        tags.append({"text": "Draft, members only", "tone": "outline"})
    if project.is_public_data:
        tags.append({"text": "Public data", "tone": "outline"})
    return tags


def _nav(project: Project, stands: Standing, current: str) -> list[dict]:
    hidden = set()
    if not stands.sees_history:
        hidden.add("history")
    return [
        {
            "label": label,
            "url": reverse(name, args=[project.reference]),
            "current": key == current,
        }
        for key, label, name in NAV
        if key not in hidden
    ]


def project_crumbs(project: Project, *, inner: bool) -> list[dict]:
    """Parents of a project page: the list and, below the overview, the project."""
    crumbs = [{"label": "Projects", "url": reverse("project_list")}]
    if inner:
        crumbs.append({"label": project.title, "url": project.get_absolute_url()})
    return crumbs


def _offer(offer: Handover | None, actor: User, stands: Standing) -> dict | None:
    """The handover notice, for its receiver and for those who lead."""
    if offer is None or not (offer.to_user_id == actor.pk or stands.can_lead):
        return None
    mine = offer.to_user_id == actor.pk
    reference = offer.project.reference
    return {
        "text": f"{offer.from_user} asks you to lead this project."
        if mine
        else f"{offer.to_user} was asked to lead this project and has not answered.",
        "url": reverse("handover_answer" if mine else "handover", args=[reference]),
        "label": "Answer" if mine else "See the offer",
    }


def project_frame(
    project: Project,
    actor: User,
    current: str = "overview",
    stands: Standing | None = None,
) -> dict:
    """What `projects/frame.html` prints around every page of a project.

    Costs two queries: the actor's relations (unless given as `stands`), and a
    handover on offer.
    """
    stands = stands or standing_of(actor, project)
    offer = open_handover(project)
    return {
        "project": project,
        "crumbs": project_crumbs(project, inner=current != "overview"),
        "nav": _nav(project, stands, current),
        "tags": _tags(project),
        "relations": stands.relations,
        "can_write": stands.can_write,
        "can_lead": stands.can_lead,
        "can_delete_rows": stands.can_delete_rows,
        "may_join": stands.may_join and not project.is_closed,
        "in_team": stands.in_team,
        "offer": _offer(offer, actor, stands),
    }


TASK_HINTS = {
    "Complete the aim": "How much, for whom, by when",
    "Name your team": "Colleagues, a sponsor, a coach",
    "Say what drives the problem": "A driver diagram, written as an outline",
    "Add a measure": "One number you can count every week will do",
    "Plan a first test": "Small: one person, one shift",
}


def _task(label: str, url: str, done: bool) -> dict:
    return {
        "label": label,
        "url": url,
        "done": done,
        "status": "Done" if done else "To do",
        "hint": TASK_HINTS[label],
    }


def done_tasks(project: Project, actor: User | None = None) -> list[dict]:
    """What may follow after registering; nothing of it has to.

    With `actor`, only what that person may do.
    """
    reference = project.reference
    aim = current_aim(project)
    stands = standing_of(actor, project) if actor else None
    leads, writes = (stands.can_lead, stands.can_write) if stands else (True, True)
    members = project.members.filter(left_on=None).values("user").distinct().count()
    has_drivers = project.drivers.filter(deleted_at=None).exists()
    known = [
        (leads, "Complete the aim", "project_aim", bool(aim and aim.is_smart)),
        (leads, "Name your team", "project_people", members > 1),
        (writes, "Say what drives the problem", "driver_diagram", has_drivers),
        (writes, "Add a measure", "measure_new", False),
        (writes, "Plan a first test", "cycle_new", False),
    ]
    return [
        _task(label, url, done)
        for allowed, label, name, done in known
        if allowed and (url := address(name, reference))
    ]
