"""Write-up, poster and portfolio in a real browser: on both screens and as printed."""

import re
from datetime import date

import pytest
from django.urls import reverse

from projects.services import aim_set
from qiportal.core.dates import add_months
from tests.browser import BOTH
from tests.factories import (
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    DriverFactory,
    MeasureFactory,
    RampFactory,
)
from tests.pdsa.test_browser import clean
from tests.pdsa.test_portfolio import attended, wrote
from tests.pdsa.test_writeup import dropped

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = "handover "
SHEET = re.compile(rb"/Type\s*/Page\b(?!s)")
BOX = re.compile(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)")


def pages_of(project):
    ref = [project.reference]
    return {
        "write-up": reverse("writeup", args=ref),
        "poster": reverse("project_poster", args=ref),
        "portfolio": reverse("portfolio"),
    }


@pytest.fixture
def crowded(project, lead):
    """More of everything than a poster holds, each text as long as it may be."""
    crowd(project, lead)
    return project


def crowd(project, lead, words=400):
    project.problem, project.learning = WORD * words, WORD * words
    project.title = (WORD * words)[:150]
    project.save()
    aim_set(project=project, statement=(WORD * words)[:990], by=lead)
    for n in range(4):
        top = DriverFactory(project=project, text=f"Driver {n} {WORD * 8}")
        for inner in range(3):
            driver = DriverFactory(
                project=project, parent=top, level="secondary", text=f"{inner} {WORD}"
            )
            title = (f"Idea {n} {inner} {WORD * words}")[:150]
            idea = ChangeIdeaFactory(project=project, driver=driver, title=title)
    ramp = RampFactory(project=project, change_idea=idea, title=(WORD * words)[:150])
    for number in range(1, 13):
        cycle = CycleFactory(ramp=ramp, number=number, scale=1 + number % 7)
        cycle.objective = (WORD * words)[:300]
        cycle.save()
        if number < 10:
            dropped(cycle, lead)
    for n in range(3):
        measure = MeasureFactory(project=project, name=(f"{n} {WORD * words}")[:150])
        for row in range(30):
            day = add_months(date(2024, 1, 1), row)
            DataPointFactory(measure=measure, period_start=day, numerator=5 + row % 4)
    attended(lead)
    wrote(lead)


def test_pages_empty_and_crowded(visit, project, lead, request):
    visitor = visit(lead, widths=BOTH)
    for name, path in pages_of(project).items():
        clean(visitor, path, f"{name}-empty")
    request.getfixturevalue("crowded")
    for name, path in pages_of(project).items():
        clean(visitor, path, name)


def printed(visitor, path):
    """(pages, width and height of the first in points) as the browser prints it."""
    visitor.open(path)
    body = visitor.page.pdf(prefer_css_page_size=True)
    return len(SHEET.findall(body)), tuple(float(n) for n in BOX.search(body).groups())


@pytest.mark.parametrize("words", [0, 4, 7, 10, 400])
def test_the_poster_is_one_sheet_of_a3_whatever_is_in_it(words, visit, project, lead):
    if words:
        crowd(project, lead, words)
    pages, (width, height) = printed(visit(lead), pages_of(project)["poster"])
    assert pages == 1
    assert (round(width / 10), round(height / 10)) == (119, 84)


def test_the_period_of_the_portfolio_without_scripts(visit, crowded, lead):
    visitor = visit(lead, javascript=False)
    page = visitor.open(pages_of(crowded)["portfolio"])
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_label("To").fill("2020-12-31")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_text("No test planned.").is_visible()
    assert page.get_by_text("1 January 2020 to 31 December 2020").is_visible()


def test_a_heading_of_the_contents_leads_to_its_part(visit, project, lead):
    visitor = visit(lead)
    page = visitor.open(pages_of(project)["write-up"])
    page.get_by_role("navigation", name="Headings of the write-up").get_by_role(
        "link", name="Limitations"
    ).click()
    assert page.url.endswith("#limitations")
    assert page.locator("#limitations").bounding_box()["y"] < 300
