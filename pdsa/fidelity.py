"""Rules of method, F1-F12: what was seen of the method in a test and in its ramp.

Pure functions over rows at hand. They prompt and never police: no score, no pass mark.
Sources: Taylor 2014 (BMJ Qual Saf), Knudsen 2019 (BMC Health Serv Res), McNicholas
2019 (BMJ Qual Saf); reference rates are context with their own denominators.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pdsa.models import Cycle, Ramp
from pdsa.selectors.cycles import compared_predictions, is_prior, outcome_of

State = Literal["met", "not_yet", "not_applicable"]
SMALL_SCALE = 4
POINTS_IN_A_ROW = 3
MONTH_DAYS = 31


@dataclass(frozen=True)
class Rule:
    """What a rule looks for, in the portal's words, and how often others show it."""

    code: str
    label: str
    prompt: str
    rate: str = ""


@dataclass(frozen=True)
class Finding:
    """One rule applied to one test or ramp."""

    rule: Rule
    state: State

    @property
    def code(self) -> str:
        return self.rule.code


RULES = {
    rule.code: rule
    for rule in [
        Rule(
            "F1",
            "All four stages written down",
            "Write down the stage that is still empty.",
            "71.0% (299 of 421 NHS tests, McNicholas 2019)",
        ),
        Rule(
            "F2",
            "Studied after doing",
            "Finish Do, then look at what it shows.",
            "84.6% (McNicholas 2019)",
        ),
        Rule(
            "F3",
            "Learning written down",
            "Write what you learned, in a sentence.",
            "98.3% (McNicholas 2019)",
        ),
        Rule(
            "F4",
            "Expectation before the test",
            "Write what you expect before you start.",
            "12.2% (of 421 NHS tests, McNicholas 2019)",
        ),
        Rule(
            "F5",
            "Compared with what was expected",
            "Say for each expectation whether it came true.",
        ),
        Rule("F6", "One change at a time", "Choose the one change this test is about."),
        Rule(
            "F7",
            "Starts small",
            "Could the first test be smaller: one patient, one shift?",
        ),
        Rule(
            "F8",
            "More than one test",
            "Plan the next test from what you learned.",
            "54.5% of tests (Knudsen 2019)",
        ),
        Rule(
            "F9",
            "Each test builds on the one before",
            "Start the next test from the one before it, with what it taught.",
            "14 of 73 projects (Taylor 2014)",
        ),
        Rule(
            "F10",
            "Grows step by step",
            "If it worked small, try it one step larger.",
            "29.7% (19 of 64 projects, Knudsen 2019)",
        ),
        Rule(
            "F11",
            "Numbers over time",
            "Add numbers at least monthly: three in a row make a start.",
            "45.3% (29 of 64 projects, Knudsen 2019)",
        ),
        Rule(
            "F12",
            "Says why it should work",
            "Say why this change should help, or link it to a driver.",
        ),
    ]
}


def _finding(code: str, met: bool, applies: bool = True) -> Finding:
    state: State = "met" if met else "not_yet"
    return Finding(RULES[code], state if applies else "not_applicable")


def tests_a_change(cycle: Cycle) -> bool:
    """Whether a change is tested; a test may just collect information."""
    collects = cycle.purpose == Cycle.Purpose.COLLECT
    return not collects or cycle.ramp.change_idea_id is not None


def cycle_rules(cycle: Cycle) -> list[Finding]:
    """F1-F6. Needs `ramp` and the predictions with outcomes at hand.

    `other_ideas`, if annotated, saves reading `other_change_ideas`.
    """
    changing = tests_a_change(cycle)
    predictions = list(cycle.predictions.all())
    compared = compared_predictions(cycle)
    return [
        _finding("F1", is_documented(cycle)),
        _finding("F2", cycle.study_started_at is not None),
        _finding("F3", has_learned(cycle)),
        _finding("F4", any(is_prior(cycle, row) for row in predictions), changing),
        _finding("F5", bool(compared) and all(map(outcome_of, compared)), changing),
        _finding("F6", has_one_change(cycle), changing),
    ]


def is_documented(cycle: Cycle) -> bool:
    """All four stages have text and a date."""
    stages = [
        (cycle.objective or cycle.plan, cycle.plan_started_at),
        (cycle.observations, cycle.do_on),
        (cycle.results or cycle.learned, cycle.study_on),
        (cycle.why, cycle.act_decided_at),
    ]
    return all(text and at for text, at in stages)


def _bare(text: str) -> str:
    return " ".join(text.lower().split()).strip(" .")


def has_learned(cycle: Cycle) -> bool:
    """Something was learned, and it is not the plan said again."""
    learned = _bare(cycle.learned)
    return bool(learned) and learned not in (_bare(cycle.plan), _bare(cycle.objective))


def has_one_change(cycle: Cycle) -> bool:
    """Exactly one change idea is tested."""
    others = getattr(cycle, "other_ideas", None)
    if others is None:
        others = len(cycle.other_change_ideas.all())
    return cycle.ramp.change_idea_id is not None and not others


def ramp_rules(
    ramp: Ramp, cycles: Sequence[Cycle], *, data_over_time: bool
) -> list[Finding]:
    """F7-F12 over a ramp's living cycles, in order of number.

    `data_over_time` says whether the project has numbers in a row: `points_in_a_row`.
    """
    testing = [cycle for cycle in cycles if tests_a_change(cycle)]
    first = testing[0].scale if testing else None
    idea = ramp.change_idea
    return [
        _finding("F7", bool(first and first <= SMALL_SCALE), bool(testing)),
        _finding("F8", len(cycles) > 1),
        _finding("F9", is_linked(cycles)),
        _finding("F10", scale_grows(cycles)),
        _finding("F11", data_over_time),
        _finding("F12", bool(idea and (idea.driver_id or idea.because.strip()))),
    ]


def is_linked(cycles: Sequence[Cycle]) -> bool:
    """Each later test follows one of the ramp, carries its learning, and starts after
    that one's Study."""
    known = {cycle.pk: cycle for cycle in cycles}
    return len(cycles) > 1 and all(_follows(cycle, known) for cycle in cycles[1:])


def _follows(cycle: Cycle, known: dict[int, Cycle]) -> bool:
    before = known.get(cycle.previous_id or 0)
    if before is None or not cycle.carried_learning.strip():
        return False
    starts = cycle.do_started_at
    studied = before.study_started_at
    return studied is not None and (starts is None or starts >= studied)


def scale_grows(cycles: Sequence[Cycle]) -> bool:
    """The scale never falls and rises at least once, up to the adopting test."""
    scales: list[int] = []
    for cycle in cycles:
        if cycle.scale:
            scales.append(cycle.scale)
        if cycle.decision == Cycle.Decision.ADOPT:
            break
    pairs = list(zip(scales, scales[1:], strict=False))
    never_falls = all(later >= before for before, later in pairs)
    return never_falls and any(later > before for before, later in pairs)


def points_in_a_row(days_by_measure: Iterable[Sequence[date]]) -> bool:
    """Some measure has three numbers in a row, each at most a month after the last."""
    return any(_row_of_points(days) >= POINTS_IN_A_ROW for days in days_by_measure)


def _row_of_points(days: Sequence[date]) -> int:
    """The longest row of ascending days with gaps of at most a month."""
    best = length = min(len(days), 1)
    for before, after in zip(days, days[1:], strict=False):
        length = length + 1 if (after - before).days <= MONTH_DAYS else 1
        best = max(best, length)
    return best


SHOWN = ("F6", "F4", "F2", "F5", "F3")
DUE = {
    "plan": ("F6", "F4", "F7", "F12"),
    "do": ("F4",),
    "study": ("F5", "F3"),
    "act": ("F5", "F3"),
    "done": ("F5", "F3", "F8", "F9", "F10", "F11"),
}


def segments(findings: Iterable[Finding]) -> list[dict]:
    """Five findings as neutral segments. F1 is what the stage stepper shows."""
    found = {finding.code: finding for finding in findings}
    return [
        {"label": found[code].rule.label, "state": found[code].state}
        for code in SHOWN
        if code in found
    ]


def next_prompt(cycle: Cycle, findings: Iterable[Finding]) -> str:
    """The one thing worth saying now, or ""."""
    found = {finding.code: finding for finding in findings}
    for code in DUE[cycle.stage]:
        if code in found and found[code].state == "not_yet":
            return RULES[code].prompt
    return ""
