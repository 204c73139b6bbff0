"""A project's write-up: a draft in the order of the SQUIRE 2.0 guideline.

Headings are the guideline's; what stands under them is what the team entered, and the
portal's own counts. Where nothing was entered it says so.
"""

from django.urls import reverse

from pdsa.charts import Reading, cycle_marks, reading_make
from pdsa.presenters import writeup_intro as intro
from pdsa.presenters import writeup_methods as methods
from pdsa.presenters import writeup_results as results
from pdsa.presenters.writeup_blocks import Part, Section, counted
from pdsa.presenters.writeup_limits import limitations
from pdsa.selectors.writeup import Writeup
from qiportal.core.dates import plain, today
from qiportal.core.pdf import pdf_available

SQUIRE = "https://www.squire-statement.org/"


def readings_of(paper: Writeup) -> list[Reading]:
    """Readings of the measures that have numbers, with the tests on their axis."""
    marks = cycle_marks(paper.cycles)
    found = [reading_make(paper.series[m.pk], marks) for m in paper.measures]
    return [reading for reading in found if reading.series.known]


def parts_of(paper: Writeup) -> list[Part]:
    """The report, part by part."""
    readings = readings_of(paper)
    return [
        Part("Title and abstract", [intro.title(paper), intro.abstract(paper)]),
        Part("Introduction", _introduction(paper)),
        Part("Methods", _methods(paper, readings)),
        Part("Results", [results.results(paper, readings)]),
        Part("Discussion", _discussion(paper, readings)),
        Part("Other information", [results.funding(paper)]),
    ]


def _introduction(paper: Writeup) -> list[Section]:
    makers = (intro.problem, intro.knowledge, intro.rationale, intro.aims)
    return [make(paper) for make in makers]


def _methods(paper: Writeup, readings: list[Reading]) -> list[Section]:
    first = (methods.context, methods.interventions, methods.study, methods.measures)
    found = [make(paper) for make in first]
    return [*found, methods.analysis(paper, readings), methods.ethics(paper)]


def _discussion(paper: Writeup, readings: list[Reading]) -> list[Section]:
    return [
        results.summary(paper),
        results.interpretation(paper),
        limitations(paper, readings),
        results.conclusions(paper),
    ]


def made_on(paper: Writeup) -> str:
    """Where the text comes from, with its day."""
    return (
        f"Put together on {plain(today())} from what was entered in "
        f"{paper.project.reference}. A draft for its authors, not a finished report."
    )


def writeup_context(paper: Writeup) -> dict:
    """What the page prints."""
    parts = parts_of(paper)
    gaps = sum(section.gaps for part in parts for section in part.sections)
    ref = [paper.project.reference]
    return {
        "project": paper.project,
        "parts": parts,
        "made_on": made_on(paper),
        "gaps": gaps,
        "gap_words": f"{counted(gaps, 'thing')} not entered yet" if gaps else "",
        "squire_url": SQUIRE,
        "poster_url": reverse("project_poster", args=ref),
        "text_url": reverse("writeup_text", args=ref),
        "html_url": reverse("writeup_html", args=ref),
        "pdf_url": reverse("writeup_pdf", args=ref) if pdf_available() else "",
    }
