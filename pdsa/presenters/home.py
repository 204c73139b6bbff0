"""The project's home page."""

from django.urls import reverse

from pdsa.charts import cycle_marks, reading_make, small_chart
from pdsa.fidelity import cycle_rules, next_prompt, points_in_a_row, ramp_rules
from pdsa.models import Cycle, Measure
from pdsa.presenters.ramps import is_wide, ramp_svg, state_word
from pdsa.selectors import Home, by_ramp
from pdsa.units import shown
from projects.models import ChangeIdea
from qiportal.core.dates import today

IDEA_TONES = {
    ChangeIdea.Status.TESTING: "strong",
    ChangeIdea.Status.ADOPTED: "outline",
    ChangeIdea.Status.ABANDONED: "quiet",
}
STAGE_ACTIONS = {
    "plan": ("cycle_do", "Start it"),
    "do": ("cycle_do", "Add to it"),
    "study": ("cycle_study", "Study it"),
    "act": ("cycle_act", "Decide"),
}
MOST_RAMPS = 6


def home_context(home: Home) -> dict:
    """Everything the page prints besides its frame."""
    logs = home.stands.can_write or (
        home.stands.may_join and not home.project.is_closed
    )
    groups = by_ramp(home.cycles)
    return {
        "aim": home.aim,
        "prompt": prompt_of(home, groups) if logs else None,
        "actions": actions_of(home) if logs else [],
        "can_log": logs,
        "ramps": [ramp_card(home, cycles) for cycles in groups[:MOST_RAMPS]],
        "more_cycles": home.more_cycles + sum(map(len, groups[MOST_RAMPS:])),
        "measures": measure_cards(home),
        "more_measures": home.more_measures,
        "ideas": [idea_row(home, idea) for idea in home.ideas],
        "tasks": [task_row(task) for task in home.tasks],
        "people": people_of(home),
    }


def place(home: Home, *more) -> list:
    return [home.project.reference, *more]


def cycle_url(home: Home, cycle: Cycle, name: str = "cycle_detail") -> str:
    return reverse(name, args=place(home, cycle.pk))


def open_cycles(home: Home) -> list[Cycle]:
    """Tests that are not decided, the newest first."""
    return [cycle for cycle in reversed(home.cycles) if not cycle.decision]


def prompt_of(home: Home, groups: list[list[Cycle]]) -> dict | None:
    """The one thing that would help the project most now."""
    steps = (_aim_prompt, _measure_prompt, _cycle_prompt)
    for step in steps:
        if found := step(home):
            return found
    return _ramp_prompt(home, groups)


def _prompt(text: str, url: str, label: str) -> dict:
    return {"text": text, "url": url, "label": label}


def _aim_prompt(home: Home) -> dict | None:
    if home.aim or not home.stands.can_lead:
        return None
    url = reverse("project_aim", args=place(home))
    return _prompt("Say what you want to achieve, and by when.", url, "Write the aim")


def _measure_prompt(home: Home) -> dict | None:
    if home.measures or not home.stands.can_write:
        return None
    url = reverse("measure_new", args=place(home))
    text = "How will you know that a change is an improvement?"
    return _prompt(text, url, "Add a measure")


def _cycle_prompt(home: Home) -> dict | None:
    """The newest open test's next step; a first test where there is none."""
    opened = open_cycles(home)
    if not home.cycles and home.stands.can_write:
        url = reverse("cycle_new", args=place(home))
        return _prompt("Start small: one patient, one shift.", url, "Plan a first test")
    if not opened:
        return None
    cycle = opened[0]
    name, label = STAGE_ACTIONS[cycle.stage]
    said = next_prompt(cycle, cycle_rules(cycle)) or STAGE_PROMPTS[cycle.stage]
    text = f"{cycle.ramp.title}, test {cycle.number}: {said}"
    return _prompt(text, cycle_url(home, cycle, name), label)


STAGE_PROMPTS = {
    "plan": "it is planned. Log what happens when you try it.",
    "do": "it is under way. Log what you see.",
    "study": "what did it show?",
    "act": "adopt, adapt or drop it?",
}


def _ramp_prompt(home: Home, groups: list[list[Cycle]]) -> dict | None:
    if not groups:
        return None
    cycles = groups[0]
    days = [[p.period_start for p in s.known] for s in home.series.values()]
    found = ramp_rules(cycles[0].ramp, cycles, data_over_time=points_in_a_row(days))
    last = cycles[-1]
    said = next_prompt(last, [*cycle_rules(last), *found])
    if not said or last.decision == Cycle.Decision.ABANDON:
        return None
    return _prompt(
        f"{cycles[0].ramp.title}: {said}", cycle_url(home, last), "See the test"
    )


def actions_of(home: Home) -> list[dict]:
    """The big buttons: a number, a test, a plan."""
    actions = []
    if home.measures:
        one = len(home.measures) == 1
        url = reverse("point_add", args=place(home, home.measures[0].pk))
        actions.append(
            {
                "label": "Add a number",
                "hint": home.measures[0].name if one else "Choose the measure",
                "url": url if one else "#measures",
            }
        )
    running = [c for c in open_cycles(home) if c.stage in ("plan", "do")]
    if running:
        one = len(running) == 1
        cycle = running[0]
        hint = f"{cycle.ramp.title}, test {cycle.number}" if one else "Choose the test"
        url = cycle_url(home, cycle, "cycle_do") if one else "#tests"
        actions.append({"label": "Add to a test", "hint": hint, "url": url})
    if home.stands.can_write:
        url = reverse("cycle_new", args=place(home))
        hint = "One change, small, soon"
        actions.append({"label": "Plan a test", "hint": hint, "url": url})
    return actions


def ramp_card(home: Home, cycles: list[Cycle]) -> dict:
    """A ramp: its picture and its tests."""
    ramp = cycles[0].ramp
    return {
        "title": ramp.title,
        "because": ramp.change_idea.because if ramp.change_idea else "",
        "svg": ramp_svg(cycles),
        "wide": is_wide(cycles),
        "tests": [test_row(home, cycle) for cycle in reversed(cycles)],
    }


def test_row(home: Home, cycle: Cycle) -> dict:
    done = f"{cycle.actual_n} of {cycle.planned_n} done" if cycle.planned_n else ""
    running = cycle.stage == "do" and cycle.actual_n is not None
    name, label = STAGE_ACTIONS.get(cycle.stage, ("", ""))
    return {
        "number": cycle.number,
        "objective": cycle.objective,
        "url": cycle_url(home, cycle),
        "state": state_word(cycle).capitalize(),
        "day": cycle.do_on or cycle.planned_start_on,
        "is_planned": not cycle.do_on,
        "progress": done if running else "",
        "open": not cycle.decision,
        "action_url": cycle_url(home, cycle, name) if name else "",
        "action": label,
    }


def measure_cards(home: Home) -> list[dict]:
    """Each measure with its newest number, a small chart and its sentence."""
    marks = cycle_marks(home.cycles)
    cards = []
    for measure in home.measures:
        measure.project = home.project
        reading = reading_make(home.series[measure.pk], marks)
        known = reading.series.known
        cards.append(
            {
                "name": measure.name,
                "kind": measure.get_kind_display(),
                "url": reverse("measure_detail", args=place(home, measure.pk)),
                "add_url": reverse("point_add", args=place(home, measure.pk)),
                "value": latest(measure, known),
                "svg": small_chart(reading) if known else None,
                "sentence": reading.sentence if known else "",
            }
        )
    return cards


def latest(measure: Measure, known: list) -> str:
    return shown(measure, known[-1].value) if known else ""


def idea_row(home: Home, idea: ChangeIdea) -> dict:
    tests = sum(cycle.ramp.change_idea_id == idea.pk for cycle in home.cycles)
    new = reverse("cycle_new", args=place(home))
    return {
        "title": idea.title,
        "because": idea.because,
        "status": idea.get_status_display(),
        "tone": IDEA_TONES.get(ChangeIdea.Status(idea.status), "plain"),
        "driver": idea.driver.text if idea.driver else "",
        "tests": tests,
        "test_url": "" if tests else f"{new}?idea={idea.pk}",
    }


def task_row(task) -> dict:
    late = task.due_on is not None and task.due_on < today()
    return {
        "id": task.pk,
        "what": task.what,
        "who": task.who.display_name,
        "where": task.where,
        "due": task.due_on,
        "late": late,
        "test": f"{task.cycle.ramp.title}, test {task.cycle.number}"
        if task.cycle
        else "",
    }


def people_of(home: Home) -> list[dict]:
    """Names by part in the project; none for a patient partner."""
    if not home.stands.sees_people:
        return []
    parts: dict[str, list[str]] = {}
    for row in home.members:
        parts.setdefault(row.get_relation_display(), []).append(row.user.display_name)
    order = ["Lead", "Member", "Patient partner", "Coach", "Sponsor"]
    found = [(part, parts[part]) for part in order if part in parts]
    return [{"key": part, "value": "\n".join(names)} for part, names in found]
