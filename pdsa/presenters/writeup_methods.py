"""The methods of a write-up: context, what was changed, how it was measured."""

from collections.abc import Sequence

from django.urls import reverse

from pdsa.charts import DECIDED, Reading
from pdsa.charts.words import notes
from pdsa.fidelity import cycle_rules
from pdsa.models import Cycle, Measure
from pdsa.presenters.ramps import ramp_svg, state_word
from pdsa.presenters.writeup_blocks import (
    Section,
    ask,
    counted,
    facts,
    figure,
    gap,
    gap_for,
    heading,
    items,
    told,
)
from pdsa.presenters.writeup_intro import done_words
from pdsa.selectors.cycles import compared_predictions, is_prior, outcome_of
from pdsa.selectors.writeup import Writeup
from pdsa.units import shown, unit_of
from projects.models import ChangeIdea, Relation
from projects.presenters import address
from qiportal.core.dates import local_day, plain


def _day(day) -> str:
    return plain(day) if day else ""


def context(paper: Writeup) -> Section:
    hint = "Where this happened, and what about the place mattered."
    project = paper.project
    now = {row.user_id for row in paper.members if row.left_on is None}
    rows = [
        ("Place", project.unit.name),
        ("Registered", _day(project.registered_on)),
        ("Started", _day(project.started_on)),
        ("Planned end", _day(project.target_end_on)),
        ("Closed", _day(project.closed_on)),
        ("Status", project.get_status_display()),
        ("People in the project now", len(now) or None),
    ]
    found = [facts(rows)]
    if paper.barriers:
        found.append(items([_barrier(row) for row in paper.barriers], "In the way"))
    wish = "Describe the place: size, patients, staffing, what else changed meanwhile."
    return Section("context", "Context", hint, [*found, ask(wish)])


def _barrier(barrier) -> str:
    if barrier.outcome:
        day = plain(local_day(barrier.resolved_at))
        return f"{barrier.text} Resolved on {day}: {barrier.outcome}"
    return f"{barrier.text} Still open."


def interventions(paper: Writeup) -> Section:
    hint = "What was changed, in enough detail for others to try it; drops included."
    found: list[dict] = []
    if ideas := paper.ideas:
        found += [heading("Change ideas"), *(_idea(paper, idea) for idea in ideas)]
    else:
        none = "No change idea is written down."
        found.append(gap_for(paper, none, "idea_new", "Add one"))
    for ramp in paper.ramps:
        found += _ramp(ramp)
    if not paper.cycles:
        none = "No test is planned or logged."
        found.append(gap_for(paper, none, "cycle_new", "Plan a test"))
    return Section("interventions", "Interventions", hint, found)


def _idea(paper: Writeup, idea: ChangeIdea) -> dict:
    driver = idea.driver
    tests = sum(cycle.ramp.change_idea_id == idea.pk for cycle in paper.cycles)
    rows = [
        ("State", idea.get_status_display()),
        ("The team’s reason", idea.because),
        ("Driver", driver.text if driver and driver.deleted_at is None else ""),
        ("Tests", tests or "None yet"),
        ("Why so decided", idea.why),
        ("Would try again if", idea.would_try_if),
    ]
    return facts(rows, title=idea.title, inner=True)


def _ramp(cycles: list[Cycle]) -> list[dict]:
    ramp = cycles[0].ramp
    lead = f"{counted(len(cycles), 'test')}, each linked to the one before."
    found = [heading(f"Ramp: {ramp.title}", lead if len(cycles) > 1 else "")]
    found.append(figure(ramp_svg(cycles), scrolls=f"Picture of the ramp {ramp.title}"))
    return [*found, *(_test(cycle) for cycle in cycles)]


def _test(cycle: Cycle) -> dict:
    """One test, from plan to decision; what was left empty is left out."""
    done = "" if cycle.actual_n is None else str(cycle.actual_n)
    if done and cycle.planned_n:
        done = f"{done} of {cycle.planned_n} planned"
    rows = [
        ("Purpose", cycle.get_purpose_display()),
        ("Scale", cycle.get_scale_display() if cycle.scale else ""),
        ("Carried over from the test before", cycle.carried_learning),
        ("Plan", cycle.plan),
        ("Data plan", cycle.data_plan),
        ("Expected", expected(cycle)),
        ("Done", done),
        ("Carried out", cycle.get_conduct_display()),
        ("What happened", cycle.observations),
        ("Problems", cycle.problems),
        ("Result", cycle.results),
        ("Compared with what was expected", compared(cycle)),
        ("Learned", cycle.learned),
        ("Surprises", cycle.surprises),
        ("Decision", _decision(cycle)),
        ("The team’s reason", cycle.why),
    ]
    title = f"Test {cycle.number}: {cycle.objective}"
    return facts(rows, title=title, day=cycle.do_on, inner=True)


def _decision(cycle: Cycle) -> str:
    if not cycle.decision or cycle.act_decided_at is None:
        return f"None yet: {state_word(cycle)}"
    day = plain(local_day(cycle.act_decided_at))
    return f"{DECIDED[Cycle.Decision(cycle.decision)].capitalize()}, {day}"


def expected(cycle: Cycle) -> str:
    """What was expected; said so where it was written after the test began."""
    rows = [
        row.statement
        if is_prior(cycle, row)
        else f"{row.statement} (written after the test began)"
        for row in compared_predictions(cycle)
    ]
    return "\n".join(rows)


def compared(cycle: Cycle) -> str:
    found = [outcome_of(row) for row in compared_predictions(cycle)]
    rows = [f"{row.get_outcome_display()}. {row.note}".strip() for row in found if row]
    return "\n".join(rows)


def study(paper: Writeup) -> Section:
    hint = "How the team judged whether its changes mattered, and not something else."
    found = [told(f"Logged: {done_words(paper)}.")] if paper.started else []
    found += [told(line) for line in _method_lines(paper.started)]
    if charted(paper):
        found.append(
            told(
                "Measures are charted over time and the tests are marked on the time "
                "axis. The charts show when something changed, not why."
            )
        )
    if not found:
        found.append(told("Nothing has been tested or measured yet."))
    wish = "Say what else could explain the numbers, and how you looked for it."
    title = "Study of the interventions"
    return Section("study", title, hint, [*found, ask(wish)])


def charted(paper: Writeup) -> list[Measure]:
    return [m for m in paper.measures if paper.series[m.pk].known]


METHOD_LINES = {
    "F4": "An expectation was written before the test began in {met} of {of} tests.",
    "F2": "What happened was studied after the doing in {met} of {of} tests.",
    "F5": "Every expectation was compared with what came in {met} of {of} tests.",
}


def _method_lines(cycles: Sequence[Cycle]) -> list[str]:
    """How the tests were done, counted over the tests that were begun."""
    found: dict[str, list[str]] = {code: [] for code in METHOD_LINES}
    for cycle in cycles:
        for finding in cycle_rules(cycle):
            if finding.code in found and finding.state != "not_applicable":
                found[finding.code].append(finding.state)
    return [
        METHOD_LINES[code].format(met=states.count("met"), of=len(states))
        for code, states in found.items()
        if states
    ]


def measures(paper: Writeup) -> Section:
    hint = "What was counted, exactly how, from where and how often."
    found = [_measure(measure) for measure in paper.measures]
    if not found:
        none = "There is no measure."
        found.append(gap_for(paper, none, "measure_new", "Add a measure"))
    for kind, word in (("outcome", "an outcome"), ("balancing", "a balancing")):
        if paper.measures and all(m.kind != kind for m in paper.measures):
            none = f"There is not {word} measure."
            found.append(gap_for(paper, none, "measure_new", "Add one"))
    return Section("measures", "Measures", hint, found)


def _measure(measure: Measure) -> dict:
    target = getattr(measure, "target_now", None)
    rows = [
        ("Kind", measure.get_kind_display()),
        ("Operational definition", measure.operational_definition),
        ("How many", measure.numerator_def),
        ("Out of", measure.denominator_def),
        ("Unit", unit_of(measure)),
        ("Direction", measure.get_direction_display()),
        ("How often", measure.get_frequency_display()),
        ("Source", measure.source),
        ("Collected by", measure.collector),
        ("Target now", shown(measure, target) if target is not None else ""),
    ]
    return facts(rows, title=measure.name)


def analysis(paper: Writeup, readings: Sequence[Reading]) -> Section:
    hint = "How numbers were turned into findings: charts, rules, limits."
    found: list[dict] = []
    for reading in readings:
        lines = [*notes(reading), *_phases(reading), *_left_out(reading)]
        found += [items(lines, reading.measure.name)]
    if not readings:
        found.append(told("No chart has been drawn yet: there are no numbers."))
    wish = "Add how observations and interviews were read, if you used any."
    return Section("analysis", "Analysis", hint, [*found, ask(wish)])


def _phases(reading: Reading) -> list[str]:
    return [
        f"Phase “{phase.label}” from {plain(phase.starts_on)}: {phase.reason}"
        for phase in reading.series.phases
    ]


def _left_out(reading: Reading) -> list[str]:
    return [
        f"{plain(point.period_start)} is left out of the limits: "
        f"{point.exclusion_reason}"
        for point in reading.series.known
        if point.is_excluded
    ]


def ethics(paper: Writeup) -> Section:
    hint = "How people’s interests were looked after, and who had a say."
    partners = {
        row.user_id for row in paper.members if row.relation == Relation.PATIENT_PARTNER
    }
    found = [items([_rating(row) for row in paper.coproduction], LADDER)]
    if not paper.coproduction:
        url = address("project_coproduction", paper.project.reference)
        url = url if paper.place.stands.can_write else ""
        none = "How far patients shaped the work is not recorded."
        found = [gap(none, url, "Record it")]
    if partners:
        here = counted(len(partners), "patient partner")
        found.append(told(f"{here} took part in the project."))
    else:
        none = "No patient partner is named."
        found.append(gap_for(paper, none, "project_people", "Add one", lead=True))
    wish = (
        "Say whether the work was reviewed or exempt from ethics review, by whom, and "
        "how privacy and consent were handled. The portal holds no patient details."
    )
    return Section("ethics", "Ethical considerations", hint, [*found, ask(wish)])


LADDER = "Patient involvement (ladder by Think Local Act Personal)"


def _rating(row) -> str:
    said = f"{row.get_stage_display()}: {row.get_rung_display()}, {plain(row.on)}"
    return f"{said}. {row.evidence}" if row.evidence else said


def measure_url(measure: Measure, name: str = "measure_detail") -> str:
    return reverse(name, args=[measure.project.reference, measure.pk])
