"""Small charts and the matrix in a real browser: accessible, no wider than the window,
the matrix on a screen, its list on a phone."""

import pytest
from django.urls import reverse

from tests.browser import BOTH
from tests.pdsa.test_browser import clean
from tests.pdsa.test_multiples import (
    CALM,
    FALLEN,
    RISEN,
    measure_with,
    programme_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def programme(project):
    """A programme of one project whose measures stand in many places."""
    measure_with(project, RISEN, name="Bell in reach", target=11)
    measure_with(project, FALLEN, name="Checked each hour", kind="process", target=90)
    measure_with(project, RISEN, name="Hours awake", direction="neither")
    measure_with(project, CALM, name="Sleep", kind="balancing", target=1)
    measure_with(project, [*CALM] * 2, name="Falls", chart_type="run")
    measure_with(project, CALM[:9], name="Young")
    measure_with(project, [], name="Without a number")
    return programme_of(project)


def pages(project, programme):
    code = project.unit.code
    matrix_list = reverse("unit_matrix_list", args=[code])
    return {
        "charts-unit": reverse("unit_multiples", args=[code]),
        "charts-project": reverse("measure_charts", args=[project.reference]),
        "charts-programme": reverse("programme_multiples", args=[programme.pk]),
        "matrix": reverse("unit_matrix", args=[code]),
        "matrix-list": f"{matrix_list}?show=not_enough",
        "matrix-list-empty": f"{matrix_list}?show=concern_low.pass",
        "programmes": reverse("programme_list"),
        "programme": reverse("programme_detail", args=[programme.pk]),
    }


def test_pages_filled(visit, project, programme, lead):
    visitor = visit(lead, widths=(*BOTH, 320))
    for name, path in pages(project, programme).items():
        clean(visitor, path, name)


def test_pages_empty(visit, project, lead):
    visitor = visit(lead, widths=BOTH)
    code = project.unit.code
    clean(visitor, reverse("unit_multiples", args=[code]), "charts-none")
    clean(visitor, reverse("unit_matrix", args=[code]), "matrix-none")
    clean(visitor, reverse("programme_list"), "programmes-none")


def test_a_phone_opens_a_place_without_scripts(visit, project, programme, lead):
    path = reverse("unit_matrix", args=[project.unit.code])
    page = visit(lead, width=390, javascript=False).open(path)
    assert page.get_by_role("table").is_hidden()
    word = "Usual variation; will consistently pass"
    page.get_by_text(word, exact=True).click()
    page.get_by_role("link", name="Sleep").click()
    page.get_by_role("heading", name="Sleep").wait_for()


def test_an_icon_of_the_matrix_is_named_and_large_enough(
    visit, project, programme, lead
):
    page = visit(lead).open(reverse("unit_matrix", args=[project.unit.code]))
    name = f"Bell in reach: {project.unit.name}, {project.reference}"
    link = page.get_by_role("table").get_by_role("link", name=name)
    box = link.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    link.click()
    page.get_by_role("heading", name="Bell in reach").wait_for()


def test_on_paper_the_matrix_needs_no_colour(visit, project, programme, lead):
    page = visit(lead, width=390).open(reverse("unit_matrix", args=[project.unit.code]))
    page.emulate_media(media="print")
    assert page.get_by_role("table").is_visible()
    read = "(icon) => [...'color --qi-spc-fill --qi-spc-letter'.split(' ')].map("
    read += "(name) => getComputedStyle(icon).getPropertyValue(name).trim())"
    for family in ("improvement", "concern", "neutral", "pass", "fail"):
        icon = page.locator(f".qi-spc--{family}").first
        assert icon.evaluate(read) == ["rgb(0, 0, 0)", "#fff", "#000"], family
