"""Results and discussion of a write-up. Sentences say when, never why."""

from collections import Counter
from collections.abc import Sequence

from pdsa.benefits import number_text
from pdsa.charts import DECIDED, Reading, chart_svg
from pdsa.models import BenefitClaim, Cycle, Measure
from pdsa.presenters.benefits import STRONGEST_FIRST, kind_text
from pdsa.presenters.ramps import state_word
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
    listed,
    text,
    told,
)
from pdsa.presenters.writeup_methods import measure_url
from pdsa.selectors.cycles import compared_predictions, outcome_of
from pdsa.selectors.writeup import Writeup
from projects.models import ChangeIdea
from qiportal.core.dates import plain


def test_name(cycle: Cycle) -> str:
    name = f"{cycle.ramp.title}, test {cycle.number}"
    return f"{name}, {plain(cycle.do_on)}" if cycle.do_on else name


def results(paper: Writeup, readings: Sequence[Reading]) -> Section:
    hint = "What happened, in numbers and in words, with what was not found."
    found: list[dict] = []
    for reading in readings:
        url = measure_url(reading.measure)
        drawn = figure(chart_svg(reading), reading.sentence, url)
        found += [heading(reading.measure.name), drawn]
    found += [_without_numbers(paper, m) for m in paper.measures if _bare(paper, m)]
    if not paper.measures:
        none = "There are no numbers, as there is no measure."
        found.append(gap_for(paper, none, "measure_new", "Add a measure"))
    marks = readings[0].cycles if readings else ()
    if marks:
        axis = [f"{mark.number}: {_marked(mark.cycle)}" for mark in marks]
        found.append(items(axis, "Tests on the time axis, by number"))
    more = [*_decisions(paper), *_benefits(paper)]
    return Section("results", "Results", hint, [*found, *more])


def _bare(paper: Writeup, measure: Measure) -> bool:
    return not paper.series[measure.pk].known


def _without_numbers(paper: Writeup, measure: Measure) -> dict:
    may = paper.place.stands.can_write
    url = measure_url(measure, "point_add") if may else ""
    return gap(f"{measure.name}: no number yet.", url, "Add a number")


def _marked(cycle: Cycle) -> str:
    return f"{test_name(cycle)}, {state_word(cycle)}"


def decided_words(paper: Writeup) -> str:
    """ "Of 7 tests, 1 was adopted, 5 adapted, 1 dropped"; "" where none is decided."""
    found = Counter(cycle.decision for cycle in paper.cycles if cycle.decision)
    if not found:
        return ""
    words = [f"{found[d]} {DECIDED[d]}" for d in Cycle.Decision if found[d]]
    return f"Of {counted(found.total(), 'decided test')}: {', '.join(words)}."


def _decisions(paper: Writeup) -> list[dict]:
    said = decided_words(paper)
    return [told(said)] if said else []


def _benefits(paper: Writeup) -> list[dict]:
    """What the team says got better, by its evidence; nothing is added up."""
    found = []
    for proof in STRONGEST_FIRST:
        rows = [_benefit(c) for c in paper.benefits if c.evidence == proof]
        if rows:
            found.append(items(rows, f"Benefits: {proof.label.lower()}"))
    return found


def _benefit(claim: BenefitClaim) -> str:
    number = number_text(claim)
    if not number:
        return f"{claim} ({kind_text(claim)})"
    against = f"; compared with: {claim.baseline}" if claim.baseline else ""
    return f"{claim} {number} ({kind_text(claim)}{against})"


def summary(paper: Writeup) -> Section:
    hint = "The main findings, set against the aim."
    project = paper.project
    found: list[dict] = []
    if project.learning.strip():
        found.append(text(project.learning, "What the team wrote when it closed"))
    elif project.is_closed:
        none = "What was learned is not written down."
        found.append(gap_for(paper, none, "project_status", "Write it", lead=True))
    else:
        none = "The project is open. What was learned is written when it closes."
        label = "Close the project"
        found.append(gap_for(paper, none, "project_status", label, lead=True))
    learned = [f"{test_name(c)}: {c.learned}" for c in paper.started if c.learned]
    if learned:
        found.append(items(learned, "Learned, test by test"))
    return Section("summary", "Summary", hint, [*found, ask(SUMMARY)])


SUMMARY = "Set the findings against the aim: was it met, in part, or not?"


def interpretation(paper: Writeup) -> Section:
    hint = (
        "What the findings may mean, next to what was expected and what others found."
    )
    outcomes = [
        (cycle, row, outcome)
        for cycle in paper.cycles
        for row in compared_predictions(cycle)
        if (outcome := outcome_of(row))
    ]
    found: list[dict] = []
    if outcomes:
        counts = Counter(o.get_outcome_display() for _, _, o in outcomes)
        words = [f"{n} “{word.lower()}”" for word, n in counts.items()]
        said = f"{counted(len(outcomes), 'expectation')} compared: {listed(words)}."
        found.append(told(said))
    surprises = [f"{test_name(c)}: {c.surprises}" for c in paper.started if c.surprises]
    if surprises:
        found.append(items(surprises, "What surprised the team"))
    if not found:
        found.append(told("No expectation has been compared with what came."))
    wish = (
        "Discuss why the findings and the expectations agree or differ, what else "
        "happened at the time, and what it cost."
    )
    return Section("interpretation", "Interpretation", hint, [*found, ask(wish)])


def conclusions(paper: Writeup) -> Section:
    hint = "Whether it is useful, will last, could spread, and what comes next."
    ideas = paper.ideas
    kept = (ChangeIdea.Status.ADOPTED, ChangeIdea.Status.ADAPTED)
    found = [
        facts([("Check that it lasts", _checked(idea))], title=f"Kept: {idea.title}")
        if idea.sustain_check_on
        else told(f"Kept: {idea.title}. No date is set to check that it lasts.")
        for idea in ideas
        if idea.status in kept
    ]
    found += [items(rows, label) for label, rows in next_steps(paper) if rows]
    wish = "Say what you would tell another team, and what you will do next."
    return Section("conclusions", "Conclusions", hint, [*found, ask(wish)])


def _checked(idea: ChangeIdea) -> str:
    return plain(idea.sustain_check_on) if idea.sustain_check_on else ""


def next_steps(paper: Writeup) -> list[tuple[str, list[str]]]:
    """Tests not decided yet, and ideas not tried."""
    opened = [
        f"{cycle.ramp.title}, test {cycle.number}: {cycle.objective}"
        for cycle in paper.cycles
        if not cycle.decision
    ]
    tried = {cycle.ramp.change_idea_id for cycle in paper.cycles}
    waiting = [
        idea.title
        for idea in paper.ideas
        if idea.status == ChangeIdea.Status.PROPOSED and idea.pk not in tried
    ]
    return [("Tests that are open", opened), ("Ideas not tried yet", waiting)]


def funding(paper: Writeup) -> Section:
    hint = "Who paid, and whether they had a say."
    wish = "Name the funding, or say that there was none. The portal does not ask."
    return Section("funding", "Funding", hint, [ask(wish)])
