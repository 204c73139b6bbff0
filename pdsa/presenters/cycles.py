"""A test's own page: stages, expectations, fidelity, what may be done next."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from pdsa.fidelity import RULES, cycle_rules, next_prompt, segments
from pdsa.models import Cycle, Prediction
from pdsa.presenters.home import task_row
from pdsa.presenters.ramps import SCALES, state_word
from pdsa.selectors.cycles import compared_predictions, is_amendment, outcome_of
from pdsa.selectors.talk import tasks_of
from qiportal.core.dates import local_day, plain
from qiportal.core.templatetags.qi import number

ORDER = ("plan", "do", "study", "act")
LABELS = {"plan": "Plan", "do": "Do", "study": "Study", "act": "Act"}
WRITE_UP = {
    "plan": "cycle_plan",
    "do": "cycle_finish",
    "study": "cycle_study",
    "act": "cycle_act",
}
NEXT_STEP = {
    "plan": ("Log what happened", "cycle_do"),
    "do": ("Add to this test", "cycle_do"),
    "study": ("Study it", "cycle_study"),
    "act": ("Decide", "cycle_act"),
    "done": ("Plan the next test", "cycle_next"),
}


def cycle_title(cycle: Cycle) -> str:
    return f"{cycle.ramp.title}, test {cycle.number}"


def url_of(cycle: Cycle, name: str) -> str:
    return reverse(name, args=[cycle.ramp.project.reference, cycle.pk])


def _dated(cycle: Cycle) -> dict[str, tuple[date | None, datetime | None]]:
    """Per stage: the day the team states, and the server's stamp of its end."""
    return {
        "plan": (local_day(cycle.plan_started_at), cycle.plan_started_at),
        "do": (cycle.do_on, cycle.do_finished_at),
        "study": (cycle.study_on, cycle.study_finished_at),
        "act": (_day(cycle.act_decided_at), cycle.act_decided_at),
    }


def _day(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None


def stages(cycle: Cycle) -> list[dict]:
    """The four stages for the stepper. Late writing is visible, and welcome."""
    now_at = ORDER.index(cycle.stage) if cycle.stage in ORDER else 4
    dated = _dated(cycle)
    return [
        {
            "letter": stage[0].upper(),
            "label": LABELS[stage],
            "state": _stage_state(at, now_at),
            "date": dated[stage][0] if at <= now_at else None,
            "note": _late_note(*dated[stage]),
            "url": f"{url_of(cycle, 'cycle_detail')}#{stage}" if at <= now_at else "",
        }
        for at, stage in enumerate(ORDER)
    ]


def _stage_state(at: int, now_at: int) -> str:
    return "done" if at < now_at else "current" if at == now_at else "todo"


def _late_note(stated: date | None, stamp: datetime | None) -> str:
    """Says when a stage was written up on another day than it happened."""
    if stated is None or stamp is None or local_day(stamp) == stated:
        return ""
    return f"Written up {plain(local_day(stamp))}"


def expectation_rows(cycle: Cycle) -> list[dict]:
    """Every prediction ever made, oldest first: nothing is overwritten."""
    rows = list(cycle.predictions.all())
    replaced = {row.supersedes_id for row in rows}
    counted = {row.pk for row in compared_predictions(cycle)}
    return [_expectation(cycle, row, replaced, counted) for row in rows]


def _expectation(
    cycle: Cycle, row: Prediction, replaced: set, counted: set[int]
) -> dict:
    outcome = outcome_of(row)
    amends = is_amendment(cycle, row)
    word = "Changed after the test began" if amends else ""
    if row.pk in replaced and not word:
        word = "Replaced before the test began"
    return {
        "question": row.question,
        "statement": row.statement,
        "value": "" if row.value is None else number(row.value),
        "direction": row.get_direction_display() if row.direction else "",
        "because": row.because,
        "confidence": row.confidence,
        "saved_at": row.first_saved_at,
        "word": word,
        "compared": row.pk in counted,
        "outcome": outcome.get_outcome_display() if outcome else "",
        "outcome_note": outcome.note if outcome else "",
    }


def plan_rows(cycle: Cycle) -> list[dict]:
    idea = cycle.ramp.change_idea
    rows = [
        ("Change", idea.title if idea else "None yet: information is collected"),
        ("Why it should work", idea.because if idea else ""),
        ("Kind of test", cycle.get_purpose_display()),
        ("What we do", cycle.plan),
        ("How large", cycle.get_scale_display() if cycle.scale else ""),
        ("How many times", cycle.planned_n or ""),
        ("When", _span(cycle.planned_start_on, cycle.planned_end_on)),
        ("What is noted down", cycle.data_plan),
        ("Carried over from the test before", cycle.carried_learning),
    ]
    return _filled(rows)


def cycle_tasks(cycle: Cycle) -> list[dict]:
    """Who does what in one test; the page has said which test it is."""
    tasks = tasks_of(cycle.ramp.project, cycle)
    return [task_row(task) | {"done_at": task.done_at, "test": ""} for task in tasks]


def _span(start: date | None, end: date | None) -> str:
    days = [plain(day) for day in (start, end) if day]
    return " to ".join(days)


def _filled(rows: list[tuple]) -> list[dict]:
    return [{"key": key, "value": str(value)} for key, value in rows if value]


def do_rows(cycle: Cycle) -> list[dict]:
    planned = f" of {cycle.planned_n} planned" if cycle.planned_n else ""
    done = "" if cycle.actual_n is None else f"{cycle.actual_n}{planned}"
    return _filled(
        [
            ("When", plain(cycle.do_on) if cycle.do_on else ""),
            ("How many times", done),
            ("How it went", cycle.get_conduct_display() if cycle.conduct else ""),
            ("What we saw", cycle.observations),
            ("Problems and the unexpected", cycle.problems),
        ]
    )


def study_rows(cycle: Cycle) -> list[dict]:
    return _filled(
        [
            ("When", plain(cycle.study_on) if cycle.study_on else ""),
            ("What we found", cycle.results),
            ("What we learned", cycle.learned),
            ("What surprised us", cycle.surprises),
        ]
    )


def act_rows(cycle: Cycle) -> list[dict]:
    idea = cycle.ramp.change_idea
    adopted = cycle.decision == Cycle.Decision.ADOPT and idea
    owner = idea.standard_work_owner if adopted and idea else None
    check = idea.sustain_check_on if adopted and idea else None
    dropped = cycle.decision == Cycle.Decision.ABANDON and idea
    return _filled(
        [
            ("Decision", cycle.get_decision_display() if cycle.decision else ""),
            ("Why", cycle.why),
            ("We would try it again if", idea.would_try_if if dropped and idea else ""),
            ("Who looks after it", owner.display_name if owner else ""),
            ("Check that it still works", plain(check) if check else ""),
        ]
    )


def progress_text(cycle: Cycle) -> str:
    """ "2 of 5 done" while a test is under way."""
    if cycle.stage != "do" or cycle.actual_n is None:
        return ""
    return f"{cycle.actual_n} of {cycle.planned_n or 'any number'} done"


def saved_text(cycle: Cycle) -> str:
    """What the ward reads after saving an observation."""
    said = [f"Saved. {progress_text(cycle)}".strip(".") + "."]
    if cycle.planned_end_on:
        said.append(f"Study is due {cycle.planned_end_on:%A %-d %B}.")
    if rows := compared_predictions(cycle):
        said.append(f"You expected: {rows[0].statement}.")
    return " ".join(said)


def cycle_context(cycle: Cycle, *, can_write: bool, ramp: list[Cycle]) -> dict:
    """Everything the page of one test prints besides its frame."""
    findings = cycle_rules(cycle)
    label, name = NEXT_STEP[cycle.stage]
    return {
        "cycle": cycle,
        "title": cycle_title(cycle),
        "stages": stages(cycle),
        "segments": segments(findings),
        "rates": [
            {"key": RULES[f.code].label, "value": RULES[f.code].rate}
            for f in findings
            if RULES[f.code].rate
        ],
        "prompt": next_prompt(cycle, findings),
        "expectations": expectation_rows(cycle),
        "sections": sections(cycle, can_write),
        "next": {"label": label, "url": url_of(cycle, name)} if can_write else None,
        "progress": progress_text(cycle),
        "siblings": sibling_rows(cycle, ramp),
    }


def sections(cycle: Cycle, can_write: bool) -> list[dict]:
    """The four stages' texts, and where to change them."""
    rows = {
        "plan": plan_rows(cycle),
        "do": do_rows(cycle),
        "study": study_rows(cycle),
        "act": act_rows(cycle),
    }
    changeable = {
        "plan": cycle.do_started_at is None,
        "do": cycle.do_started_at is not None,
        "study": cycle.study_started_at is not None,
        "act": cycle.act_decided_at is not None,
    }
    return [
        {
            "id": stage,
            "heading": LABELS[stage],
            "rows": rows[stage],
            "change_url": url_of(cycle, WRITE_UP[stage])
            if can_write and changeable[stage]
            else "",
        }
        for stage in ORDER
        if rows[stage]
    ]


def sibling_rows(cycle: Cycle, ramp: Iterable[Cycle]) -> list[dict]:
    return [
        {
            "number": other.number,
            "objective": other.objective,
            "state": state_word(other),
            "scale": SCALES.get(other.scale or 0, ""),
            "url": reverse(
                "cycle_detail", args=[cycle.ramp.project.reference, other.pk]
            ),
            "current": other.pk == cycle.pk,
        }
        for other in ramp
    ]


def cycle_rows(cycles: Iterable[Cycle]) -> dict:
    """The list of all tests of a project, newest first."""
    return {
        "caption": "Tests, newest first",
        "caption_hidden": True,
        "columns": [
            {"label": name} for name in ("Test", "What we want to find out", "When")
        ]
        + [{"label": "State"}],
        "rows": [
            [
                {"text": cycle_title(cycle), "url": url_of(cycle, "cycle_detail")},
                cycle.objective,
                plain(cycle.do_on) if cycle.do_on else "not yet",
                state_word(cycle),
            ]
            for cycle in cycles
        ],
    }
