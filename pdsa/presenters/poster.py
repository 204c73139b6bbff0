"""A project on one page: aim, problem, theory, tests, charts, learning, next steps.

The page is a sheet of A3, so texts are cut to what it holds; the write-up has them all.
"""

from django.urls import reverse

from pdsa.charts import Reading, chart_svg, small_chart
from pdsa.models import Cycle, Measure
from pdsa.presenters.ramps import ramp_svg
from pdsa.presenters.writeup import readings_of
from pdsa.presenters.writeup_blocks import cut
from pdsa.presenters.writeup_results import decided_words, next_steps
from pdsa.selectors.writeup import Writeup
from projects.charts import driver_picture
from projects.models import Relation
from qiportal.core.dates import plain, today
from qiportal.core.pdf import pdf_available

PROBLEM, SENTENCE, LINE = 520, 230, 170
MOST_CHARTS, MOST_LEARNED, MOST_NEXT, MOST_IDEAS = 3, 4, 4, 6
KINDS = (Measure.Kind.OUTCOME, Measure.Kind.PROCESS, Measure.Kind.BALANCING)


def poster_context(paper: Writeup) -> dict:
    """What the sheet prints."""
    project, theory = paper.project, paper.theory
    ref = [project.reference]
    return {
        "project": project,
        "aim": cut(theory.aim.statement, 260) if theory.aim else "",
        "problem": cut(project.problem, PROBLEM),
        "people": _names(paper),
        "picture": None if theory.is_empty else driver_picture(theory),
        "ramp": _ramp(paper),
        "ideas": _ideas(paper),
        "decided": decided_words(paper),
        "charts": _charts(paper),
        "learned": _learned(paper),
        "next": _next(paper),
        "made_on": plain(today()),
        "writeup_url": reverse("writeup", args=ref),
        "pdf_url": reverse("poster_pdf", args=ref) if pdf_available() else "",
    }


def _names(paper: Writeup) -> str:
    """The team now; a patient partner is neither named nor shown other people."""
    if not paper.place.stands.sees_people:
        return ""
    team = (Relation.LEAD, Relation.MEMBER)
    now = [r for r in paper.members if r.left_on is None and r.relation in team]
    return cut(", ".join(dict.fromkeys(r.user.display_name for r in now)), 160)


def _ramp(paper: Writeup) -> dict | None:
    """The ramp with the most tests; of equals the newest."""
    longest: list[Cycle] = []
    for ramp in paper.ramps:
        longest = ramp if len(ramp) >= len(longest) else longest
    if not longest:
        return None
    return {"title": longest[0].ramp.title, "svg": ramp_svg(longest)}


def _ideas(paper: Writeup) -> list[dict]:
    rows = [
        {"title": cut(idea.title, 90), "state": idea.get_status_display().lower()}
        for idea in paper.ideas
    ]
    return rows[:MOST_IDEAS]


def _charts(paper: Writeup) -> list[dict]:
    """Outcome before process before balancing; one chart alone is drawn large."""
    found = sorted(readings_of(paper), key=_kind)[:MOST_CHARTS]
    alone = len(found) == 1
    return [
        {
            "name": reading.measure.name,
            "svg": chart_svg(reading) if alone else small_chart(reading),
            "sentence": cut(reading.sentence, SENTENCE),
        }
        for reading in found
    ]


def _kind(reading: Reading) -> int:
    return KINDS.index(reading.measure.kind)


def _learned(paper: Writeup) -> list[str]:
    """What was written on closing, then the newest tests' learning."""
    closing = paper.project.learning
    first = [cut(closing, 360)] if closing else []
    said = [c.learned for c in reversed(paper.started) if c.learned not in closing]
    tests = dict.fromkeys(cut(line, LINE) for line in said)
    return [*first, *tests][:MOST_LEARNED]


def _next(paper: Writeup) -> list[str]:
    """Open tests, days on which to look again, ideas to try."""
    opened, waiting = (rows for _, rows in next_steps(paper))
    checks = [
        f"{plain(idea.sustain_check_on)}: does “{idea.title}” last?"
        for idea in paper.ideas
        if idea.sustain_check_on
    ]
    ideas = [f"To try: {title}" for title in waiting]
    return [cut(line, LINE) for line in [*opened, *checks, *ideas]][:MOST_NEXT]
