"""A project on one page: aim, problem, theory, tests, charts, learning, next steps.

The page is a sheet of A3, so texts are cut to what it holds; the write-up has them all.
"""

import re
from copy import copy
from dataclasses import replace

from django.urls import reverse

from pdsa.charts import Reading, small_chart
from pdsa.models import Cycle, Measure
from pdsa.presenters.ramps import ramp_svg
from pdsa.presenters.writeup import readings_of
from pdsa.presenters.writeup_blocks import cut
from pdsa.presenters.writeup_results import decided_words, next_steps
from pdsa.selectors.writeup import Writeup
from projects.charts import driver_picture
from projects.models import Relation
from projects.selectors import Branch, Theory
from qiportal.core.dates import plain, today
from qiportal.core.pdf import pdf_available

AIM, PROBLEM, CLOSING, SENTENCE, LINE, NAME = 220, 420, 300, 230, 120, 60
IN_DIAGRAM = 130
MOST_CHARTS, MOST_LEARNED, MOST_NEXT, MOST_IDEAS = 3, 3, 3, 4
ROOM = 100  # millimetres that texts and the diagram share; beyond, all is set smaller
LETTERS = 13  # letters a millimetre of the sheet's height holds
DIAGRAM_WIDTH, DIAGRAM_HEIGHT = 257, 74
SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z])")
KINDS = (Measure.Kind.OUTCOME, Measure.Kind.PROCESS, Measure.Kind.BALANCING)


def poster_context(paper: Writeup) -> dict:
    """What the sheet prints."""
    project, theory = paper.project, paper.theory
    ref = [project.reference]
    words = _words(paper)
    picture = None if theory.is_empty else _diagram(theory)
    return {
        "project": project,
        **words,
        "is_dense": _height(picture, project.title, *words.values()) > ROOM,
        "picture": picture,
        "ramp": _ramp(paper),
        "decided": decided_words(paper),
        "charts": _charts(paper),
        "made_on": plain(today()),
        "writeup_url": reverse("writeup", args=ref),
        "pdf_url": reverse("poster_pdf", args=ref) if pdf_available() else "",
    }


def _diagram(theory: Theory) -> dict:
    """The diagram; without its change ideas where it would be too high to be read.

    A long aim is cut in it, as it stands above in full.
    """
    aim = copy(theory.aim)
    if aim:
        aim.statement = cut(aim.statement, IN_DIAGRAM)
    whole = driver_picture(replace(theory, aim=aim))
    if _drawn(whole) <= DIAGRAM_HEIGHT:
        return whole
    tops = [
        Branch(branch.driver, [Branch(inner.driver) for inner in branch.branches])
        for branch in theory.branches
    ]
    return driver_picture(Theory(aim, tops, [])) if tops else whole


def _drawn(picture: dict) -> float:
    """How high a picture is when it is as wide as its box, in millimetres."""
    return DIAGRAM_WIDTH * picture["height"] / picture["width"]


def _height(picture: dict | None, *said: str | list[str]) -> float:
    """About how high texts and diagram are on the sheet, in millimetres."""
    letters = sum(len(t if isinstance(t, str) else "".join(t)) for t in said)
    if picture is None:
        return letters / LETTERS
    return letters / LETTERS + min(_drawn(picture), DIAGRAM_HEIGHT)


def _words(paper: Writeup) -> dict:
    """The texts that may be long, each cut to its box."""
    aim = paper.theory.aim
    return {
        "aim": cut(aim.statement, AIM) if aim else "",
        "problem": cut(paper.project.problem, PROBLEM),
        "people": _names(paper),
        "ideas": _ideas(paper),
        "learned": _learned(paper),
        "next": _next(paper),
    }


def _names(paper: Writeup) -> str:
    """The team now; a patient partner is neither named nor shown other people."""
    if not paper.place.stands.sees_people:
        return ""
    team = (Relation.LEAD, Relation.MEMBER)
    now = [r for r in paper.members if r.left_on is None and r.relation in team]
    return cut(", ".join(dict.fromkeys(r.user.display_name for r in now)), LINE)


def _ramp(paper: Writeup) -> dict | None:
    """The ramp with the most tests; of equals the newest."""
    longest: list[Cycle] = []
    for ramp in paper.ramps:
        longest = ramp if len(ramp) >= len(longest) else longest
    if not longest:
        return None
    return {"title": cut(longest[0].ramp.title, NAME), "svg": ramp_svg(longest)}


def _ideas(paper: Writeup) -> list[str]:
    """Those tried first, then those still to try."""
    tried = sorted(paper.ideas, key=lambda idea: idea.status == idea.Status.PROPOSED)
    return [
        f"{cut(idea.title, NAME)}: {idea.get_status_display().lower()}"
        for idea in tried[:MOST_IDEAS]
    ]


def _charts(paper: Writeup) -> list[dict]:
    """Outcome before process before balancing; small drawings have large letters."""
    return [
        {
            "name": cut(reading.measure.name, NAME),
            "svg": small_chart(reading),
            "sentence": whole_sentences(reading.sentence, SENTENCE),
        }
        for reading in sorted(readings_of(paper), key=_kind)[:MOST_CHARTS]
    ]


def whole_sentences(said: str, most: int) -> str:
    """The first sentences that fit, at least one."""
    first, *others = SENTENCE_END.split(said)
    for sentence in others:
        if len(first) + len(sentence) >= most:
            break
        first = f"{first} {sentence}"
    return first


def _kind(reading: Reading) -> int:
    return KINDS.index(reading.measure.kind)


def _learned(paper: Writeup) -> list[str]:
    """What was written on closing, then the newest tests' learning."""
    closing = paper.project.learning
    first = [cut(closing, CLOSING)] if closing else []
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
