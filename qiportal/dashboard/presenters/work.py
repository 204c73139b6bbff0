"""My work: what is mine to do next, in one list and three big buttons."""

from datetime import date

from django.urls import reverse

from pdsa.models import Cycle, Measure, Task
from projects.models import Project
from qiportal.accounts.mail import line_of
from qiportal.accounts.models import User
from qiportal.core.dates import LONDON, plain, today
from qiportal.dashboard.selectors import Desk, desk_of
from qiportal.dashboard.selectors.due import following
from training.models import Application, Session

MOST = 6
STAGE_WORDS = {
    "plan": ("Plan and start the test", "not started"),
    "do": ("Say what happened", "test under way"),
    "study": ("Study what came of it", "waiting for study"),
    "act": ("Decide: adopt, adapt or drop", "waiting for a decision"),
}
STAGE_FORMS = {"do": "cycle_do", "study": "cycle_study", "act": "cycle_act"}


def work_context(user: User) -> dict:
    """Everything My work prints."""
    desk = desk_of(user)
    todo = [*_cycles(desk), *_values(desk), *_tasks(desk)]
    return {
        "desk": desk,
        "todo": todo[:MOST],
        "more": max(len(todo) - MOST, 0),
        "actions": actions(user, desk),
        "bookings": [
            _booking(row, row.session) for row in desk.bookings if row.session
        ],
        "news": [
            {"text": line_of(row).title, "url": row.reference, "at": row.created_at}
            for row in desk.notices
        ],
        "needs_unit": user.home_unit_id is None,
        "joinable": [_joinable(project) for project in desk.team_projects],
    }


def _cycles(desk: Desk) -> list[dict]:
    rows = []
    for cycle in desk.cycles:
        label, status = STAGE_WORDS[cycle.stage]
        rows.append(
            {
                "label": f"{label}: {cycle.ramp.title}, test {cycle.number}",
                "url": cycle_url(cycle, STAGE_FORMS.get(cycle.stage, "cycle_detail")),
                "hint": cycle.ramp.project.title,
                "status": status,
            }
        )
    return rows


def cycle_url(cycle: Cycle, name: str = "cycle_detail") -> str:
    return reverse(name, args=[cycle.ramp.project.reference, cycle.pk])


def next_due(measure: Measure) -> date | None:
    """The first day the next number can be known; None for those of events.

    A day's figure is asked for on the day, all others when their period is over:
    November's on 1 December.
    """
    state = getattr(measure, "state", None)
    last = state.last_at if state else None
    if measure.frequency == "event":
        return None
    if last is None:
        return today()
    missing = following(last, measure.frequency)
    if measure.frequency == "daily":
        return missing
    return following(missing, measure.frequency)


def _values(desk: Desk) -> list[dict]:
    due = [(day, m) for m in desk.measures if (day := next_due(m)) and day <= today()]
    return [
        {
            "label": f"Add a number: {measure.name}",
            "url": value_url(measure),
            "hint": measure.project.title,
            "status": _due_words(day, measure),
        }
        for day, measure in sorted(due, key=lambda pair: (pair[0], pair[1].pk))
    ]


def value_url(measure: Measure) -> str:
    return reverse("point_add", args=[measure.project.reference, measure.pk])


def _due_words(day: date, measure: Measure) -> str:
    state = getattr(measure, "state", None)
    if state is None or state.last_at is None:
        return "first number"
    days = (today() - day).days
    return "due today" if days == 0 else f"late by {days} day{'' if days == 1 else 's'}"


def _tasks(desk: Desk) -> list[dict]:
    return [
        {
            "label": task.what,
            "url": cycle_url(task.cycle) if task.cycle else _project_url(task),
            "hint": task.project.title,
            "status": _task_words(task),
        }
        for task in desk.tasks
    ]


def _project_url(task: Task) -> str:
    return task.project.get_absolute_url()


def _task_words(task: Task) -> str:
    if task.due_on is None:
        return "to do"
    days = (today() - task.due_on).days
    if days > 0:
        return f"late by {days} day{'' if days == 1 else 's'}"
    return "due today" if days == 0 else f"by {plain(task.due_on)}"


def _booking(row: Application, session: Session) -> dict:
    starts = session.starts_at.astimezone(LONDON)
    return {
        "label": row.course.title,
        "url": reverse("session_detail", args=[row.session_id]),
        "when": f"{plain(starts.date())}, {starts:%H:%M}",
        "venue": session.venue,
        "status": row.get_status_display(),
    }


def _joinable(project: Project) -> dict:
    return {
        "title": project.title,
        "url": project.get_absolute_url(),
        "meta": f"{project.reference}, {project.unit.name}",
    }


def actions(user: User, desk: Desk) -> list[dict]:
    """The three big buttons: the daily work, or a newcomer's three ways to begin."""
    if desk.is_new:
        return _first_steps(user)
    return [
        _button("Add a number", _number_place(user, desk), "number", "Today's value"),
        _button("Add to a test", _test_place(user, desk), "test", "What happened"),
        _button("We’re stuck", _stuck_place(desk), "hand", "Say what would help"),
    ]


def _button(label: str, url: str, icon: str, hint: str) -> dict:
    return {"label": label, "url": url, "icon": icon, "hint": hint}


def _number_place(user: User, desk: Desk) -> str:
    """The one measure there is, the team's page, or the project."""
    if len(desk.measures) == 1:
        return value_url(desk.measures[0])
    return _hub(user, desk)


def _test_place(user: User, desk: Desk) -> str:
    """The form of the one test under way; with several, where one chooses."""
    running = [cycle for cycle in desk.cycles if cycle.stage in ("plan", "do")]
    if len(running) == 1:
        return cycle_url(running[0], "cycle_do")
    here = {cycle.ramp.project.unit_id for cycle in running}
    if here == {user.home_unit_id}:
        return f"{_hub(user, desk)}#tests"
    if desk.projects:
        return desk.projects[0].get_absolute_url()
    return reverse("project_list")


def _stuck_place(desk: Desk) -> str:
    if len(desk.projects) == 1:
        return reverse("barrier_raise", args=[desk.projects[0].reference])
    return f"{reverse('project_list')}?mine=on"


def _hub(user: User, desk: Desk) -> str:
    if user.home_unit:
        return reverse("team_page", args=[user.home_unit.code])
    if desk.projects:
        return desk.projects[0].get_absolute_url()
    return reverse("project_list")


def _first_steps(user: User) -> list[dict]:
    team = (
        _button(
            "See what your team is doing",
            reverse("team_page", args=[user.home_unit.code]),
            "user",
            "Join a project in one tap",
        )
        if user.home_unit
        else _button(
            "Choose your team", reverse("pick_unit"), "user", "It takes one minute"
        )
    )
    return [
        _button("Start something", reverse("project_new"), "plus", "In three minutes"),
        team,
        _button("Learn how", reverse("training_list"), "test", "Courses near you"),
    ]
