"""Title, abstract and introduction of a write-up."""

from pdsa.presenters.writeup_blocks import (
    Section,
    ask,
    counted,
    cut,
    diagram,
    facts,
    gap_for,
    items,
    listed,
    text,
)
from pdsa.selectors.writeup import Writeup
from projects.charts import driver_sheets
from projects.models import Relation
from projects.selectors import Branch
from qiportal.core.dates import plain

AUTHORS = (Relation.LEAD, Relation.MEMBER)
THANKED = (Relation.SPONSOR, Relation.COACH)


def title(paper: Writeup) -> Section:
    project = paper.project
    hint = "Says that this is improvement work, what it is about and where."
    people = facts([("Reference", project.reference), *_people(paper)])
    patients = _now(paper, (Relation.PATIENT_PARTNER,))
    found = [text(project.title), people]
    if patients:
        found.append(ask("Ask patient partners whether they want to be named."))
    return Section("title", "Title", hint, found)


def _now(paper: Writeup, relations) -> list:
    rows = [row for row in paper.members if row.relation in relations]
    return list({row.user_id: row for row in rows}.values())


def _people(paper: Writeup) -> list[tuple[str, object]]:
    """Authors and those to thank; a patient partner is shown no list of people."""
    if not paper.place.stands.sees_people:
        return []
    groups = (("Team", AUTHORS), ("Sponsor and coach", THANKED))
    rows: list[tuple[str, object]] = [
        (label, ", ".join(row.user.display_name for row in _now(paper, relations)))
        for label, relations in groups
    ]
    partners = len(_now(paper, (Relation.PATIENT_PARTNER,)))
    return [*rows, ("Patient partners", partners or None)]


def abstract(paper: Writeup) -> Section:
    hint = "The whole report in a few lines, in the form your journal or meeting asks."
    aim = paper.theory.aim
    rows = [
        ("Problem", _first(paper.project.problem)),
        ("Aim", aim.statement if aim else ""),
        ("What was done", done_words(paper)),
        ("Measured", ", ".join(measure.name for measure in paper.measures)),
        ("Learned", _first(paper.project.learning)),
    ]
    return Section("abstract", "Abstract", hint, [facts(rows), ask(ABSTRACT)])


ABSTRACT = "Turn these lines into your abstract and add the main result in numbers."


def _first(said: str) -> str:
    """The first paragraph of a text, shortened."""
    return cut(said.strip().split("\n")[0], 300)


def done_words(paper: Writeup) -> str:
    """How much was tested, and when; "" before the first test."""
    days = sorted(cycle.do_on for cycle in paper.started if cycle.do_on)
    if not paper.started:
        return ""
    ramps = len({cycle.ramp_id for cycle in paper.started})
    said = f"{counted(len(paper.started), 'test')} in {counted(ramps, 'ramp')}"
    if not days:
        return said
    first, last = plain(days[0]), plain(days[-1])
    when = f"on {first}" if first == last else f"between {first} and {last}"
    return f"{said}, {when}"


def problem(paper: Writeup) -> Section:
    hint = "What was wrong, how often, and for whom it matters."
    said = paper.project.problem.strip()
    none = "The problem is not written down."
    found = text(said) if said else _charter_gap(paper, none, "Write the problem")
    return Section("problem", "Problem description", hint, [found])


def _charter_gap(paper: Writeup, said: str, label: str) -> dict:
    return gap_for(paper, said, "project_edit", label, lead=True)


def knowledge(paper: Writeup) -> Section:
    hint = "What was already known about the problem, with references."
    used = [
        f"{use.method.title}: {use.used_for}" if use.used_for else use.method.title
        for use in paper.methods
    ]
    found = [items(used, "Library entries the team used")] if used else []
    if not used:
        none = "No library entry is attached to the project."
        found.append(gap_for(paper, none, "project_methods", "Attach one"))
    wish = "Add what earlier studies and similar projects found, with references."
    return Section("knowledge", "Available knowledge", hint, [*found, ask(wish)])


def rationale(paper: Writeup) -> Section:
    hint = "The theory: why the team expected its changes to help."
    found = []
    if said := paper.project.rationale.strip():
        found.append(text(said))
    else:
        none = "Why a change should help is not written down."
        found.append(_charter_gap(paper, none, "Write it"))
    if paper.project.method:
        found.append(facts([("Improvement method", paper.project.method)]))
    return Section("rationale", "Rationale", hint, [*found, *_diagram(paper)])


def _diagram(paper: Writeup) -> list[dict]:
    """The driver diagram as a picture and in words."""
    theory = paper.theory
    if theory.is_empty:
        none = "There is no driver diagram."
        return [gap_for(paper, none, "driver_diagram", "Draw it")]
    pictures = [diagram(sheet) for sheet in driver_sheets(theory)]
    words = [_in_words(branch) for branch in theory.branches]
    in_words = [items(words, "Drivers, from the diagram")] if words else []
    return [*pictures, *in_words]


def _in_words(branch: Branch) -> str:
    below = [inner.driver.text for inner in branch.branches]
    return f"{branch.driver.text}: {'; '.join(below)}" if below else branch.driver.text


def aims(paper: Writeup) -> Section:
    hint = "What the project set out to achieve: how much, for whom, by when."
    aim = paper.theory.aim
    if aim is None:
        none = "No aim has been written."
        found = [gap_for(paper, none, "project_aim", "Write the aim", lead=True)]
    else:
        found = [text(aim.statement), facts(_aim_rows(aim))]
        if not aim.is_smart:
            none = f"The aim does not say {listed(_unsaid(aim))}."
            label = "Complete the aim"
            found.append(gap_for(paper, none, "project_aim", label, lead=True))
    return Section("aims", "Specific aims", hint, found)


def _aim_rows(aim) -> list[tuple[str, object]]:
    unit = aim.unit_text if aim.unit_text == "%" else f" {aim.unit_text}".rstrip()

    def value(number) -> str:
        return "" if number is None else f"{number.normalize():f}{unit}"

    return [
        ("Measure of success", aim.quantity),
        ("For whom", aim.population),
        ("Where", aim.place),
        ("From", value(aim.baseline)),
        ("To", value(aim.target)),
        ("By", plain(aim.target_on) if aim.target_on else ""),
    ]


def _unsaid(aim) -> list[str]:
    parts = [
        (aim.direction and aim.quantity, "what should rise or fall"),
        (aim.target is not None, "how far"),
        (aim.population, "for whom"),
        (aim.target_on, "by when"),
    ]
    return [words for said, words in parts if not said]
