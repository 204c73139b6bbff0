"""Ten charts in a real browser: on a screen, on a phone, printed without colour.

Each is kept as a picture among the artefacts, to be looked at.
"""

import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from pdsa import services
from pdsa.models import Measure
from qiportal.core.dates import add_months, now
from tests.browser import BOTH
from tests.factories import (
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    PhaseFactory,
    RampFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START = date(2024, 1, 1)
USUAL = [14, 11, 16, 12, 15, 13, 10, 14, 17, 12, 13, 15]
PAPER = {"width": 794, "height": 1123}


def measure_of(project, name, values, *, skip=(), step=None, sizes=None, **given):
    """A measure with a number a month, or one each `step` days."""
    options = {"chart_type": "xmr", "data_type": "value", **given}
    measure = MeasureFactory(project=project, name=name, **options)
    for row, value in enumerate(values):
        far = sum(values[: row + 1]) if step == "event" else 0
        day = START + timedelta(days=far) if far else add_months(START, row)
        if row not in skip:
            DataPointFactory(
                measure=measure,
                period_start=day,
                numerator=Decimal(value),
                denominator=sizes[row] if sizes else None,
            )
    return measure


def target(measure, value, by):
    services.target_set(measure=measure, value=Decimal(value), from_date=START, by=by)


def with_tests(project, days):
    """Decided and open tests of one ramp, begun on these days."""
    idea = ChangeIdeaFactory(project=project, title="Bell check at each handover")
    ramp = RampFactory(project=project, change_idea=idea, title=idea.title)
    moment = now()
    for number, day in enumerate(days, start=1):
        decision = ["adapt", "abandon", "adopt"][number % 3] if number < 5 else ""
        CycleFactory(
            ramp=ramp,
            number=number,
            do_on=day,
            study_on=day + timedelta(days=9) if decision else None,
            plan_started_at=moment,
            do_started_at=moment,
            do_finished_at=moment if decision else None,
            study_started_at=moment if decision else None,
            study_finished_at=moment if decision else None,
            act_decided_at=moment if decision else None,
            decision=decision,
        )
    return list(ramp.cycles.all())


def shift(project, by):
    return measure_of(project, "Falls", [*USUAL, 6, 8, 5, 9, 7, 6, 8, 5, 7])


def trend(project, by):
    rising = [10, 11, 12, 13, 14, 15, 16, 17]
    return measure_of(project, "Days to letter", USUAL + rising)


def rebase(project, by):
    values = [*USUAL, 7, 6, 8, 5, 7, 6, 8, 6, 5, 7, 6, 8, 7]
    measure = measure_of(project, "Falls after the rebase", values)
    cycles = with_tests(project, [date(2024, 11, 4), date(2025, 1, 9)])
    PhaseFactory(measure=measure, starts_on=START, freeze_after_n=12)
    services.phase_add(
        measure=measure,
        starts_on=date(2025, 1, 1),
        label="Bell check on all bays",
        reason="Every handover checks the bells since 2 January; the sheet shows it",
        cycle=cycles[1],
        by=by,
    )
    target(measure, 8, by)
    return measure


def p_chart(project, by):
    sizes = [42, 18, 61, 35, 90, 24, 55, 12, 70, 44, 31, 66, 20, 58, 47, 39]
    shares = [0.7, 0.78, 0.72, 0.66, 0.74, 0.75, 0.69, 0.83, 0.7, 0.75, 0.71, 0.68]
    shares += [0.7, 0.4, 0.72, 0.69]
    values = [round(n * share) for n, share in zip(sizes, shares, strict=True)]
    given = {"data_type": "proportion", "chart_type": "p", "direction": "up"}
    name = "Bells within reach"
    return measure_of(project, name, values, sizes=sizes, decimals=1, **given)


def few_points(project, by):
    return measure_of(project, "Pressure ulcers", USUAL[:9])


def rare_events(project, by):
    days = [31, 12, 54, 8, 40, 22, 17, 63, 28, 35, 19, 44, 120, 90, 150]
    given = {"data_type": "time_between", "chart_type": "t", "frequency": "event"}
    name = "Days between falls with harm"
    given |= {"direction": "up", "unit_of_measure": "days"}
    return measure_of(project, name, days, step="event", **given)


def target_met(project, by):
    measure = measure_of(project, "Minutes to triage", USUAL)
    target(measure, 24, by)
    return measure


def target_missed(project, by):
    measure = measure_of(project, "Minutes to first dose", USUAL)
    target(measure, 3, by)
    return measure


def missing_months(project, by):
    return measure_of(project, "Complaints", USUAL + USUAL[:4], skip=(3, 8, 9))


def annotated(project, by):
    days = [(3, 4), (3, 25), (4, 2), (6, 18), (9, 10), (9, 16)]
    with_tests(project, [date(2024, month, day) for month, day in days])
    values = [*USUAL, 13, 9, 12, 10]
    return measure_of(project, "Bells out of reach", values, chart_type="run")


def always_full(project, by):
    sizes = [20 + row % 5 for row in range(14)]
    given = {"data_type": "proportion", "chart_type": "p", "direction": "up"}
    measure = measure_of(project, "Consent forms", sizes, sizes=sizes, **given)
    target(measure, "0.95", by)
    return measure


CHARTS = {
    "shift": (shift, "A shift of 9 points below the mean"),
    "trend": (trend, "part of a rising trend of 8 points"),
    "rebase": (rebase, "The target of 8"),
    "p-chart": (p_chart, "16 monthly points"),
    "few-points": (few_points, "Trial limits: 9 points, 12 needed."),
    "rare-events": (rare_events, "15 points"),
    "target-met": (target_met, "it will be consistently met"),
    "target-missed": (target_missed, "missed unless the process changes"),
    "missing-months": (missing_months, "3 missing"),
    "annotated": (annotated, "No unusual run"),
    "always-100": (always_full, "Every point lies on the centre line."),
}


def sound(visitor, name):
    visitor.picture(f"chart-{name}")
    assert (name, visitor.axe()) == (name, [])
    assert visitor.sideways() <= 0
    assert visitor.problems == []


def printed(visitor, name):
    """As a black-and-white printer would: the drawn picture, no colour."""
    page = visitor.page
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    page.evaluate("document.documentElement.style.filter = 'grayscale(1)'")
    assert page.locator("[data-qi-chart-static] svg").first.is_visible()
    assert page.locator("[data-qi-chart-plot]").is_hidden()
    assert page.locator(".qi-chart__sentence").is_visible()
    visitor.picture(f"chart-{name}-print")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_on_screen_on_a_phone_and_on_paper(name, visit, project, lead):
    build, words = CHARTS[name]
    measure = build(project, lead)
    services.measure_state_refresh(measure=Measure.objects.get(pk=measure.pk))
    path = reverse("measure_detail", args=[project.reference, measure.pk])
    for width in (390, 1366):
        visitor = visit(lead, width=width)
        page = visitor.open(path)
        page.locator("[data-qi-chart-plot] svg.main-svg").first.wait_for()
        assert words in page.locator(".qi-chart__sentence").inner_text()
        page.get_by_text("Show the numbers").click()
        rows = page.locator(".qi-chart__data tbody tr")
        assert rows.count() == len(page.locator(".qi-chart__data tbody th").all())
        assert rows.count() >= measure.points.count()
        page.get_by_text("Show the numbers").click()
        sound(visitor, name)
    printed(visitor, name)


# --- the chart at work ----------------------------------------------------------------


@pytest.fixture
def falls(project, lead):
    return shift(project, lead)


def path_of(measure):
    return reverse("measure_detail", args=[measure.project.reference, measure.pk])


def opened(page, words):
    """Opens a fold by keyboard."""
    page.locator("summary").filter(has_text=words).press("Enter")


@pytest.mark.parametrize("width", [390, 1366])
def test_a_chart_is_saved_as_a_png_with_name_and_sentence(width, visit, falls, lead):
    visitor = visit(lead, width=width)
    page = visitor.open(path_of(falls))
    page.locator("[data-qi-chart-plot] svg.main-svg").first.wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Picture (PNG)").click()
    download = waiting.value
    assert download.suggested_filename.endswith(f"measure-{falls.pk}.png")
    picture = Image.open(download.path())
    assert (picture.format, picture.size) == ("PNG", (2400, 1240))
    assert len(picture.convert("RGB").getcolors(1_000_000)) > 50
    if folder := os.environ.get("CI_ARTEFACTS"):
        screens = Path(folder, "screens")
        screens.mkdir(parents=True, exist_ok=True)
        picture.save(screens / f"chart-download-{width}.png")
    assert visitor.problems == []


def test_dates_are_chosen_by_keyboard_on_a_phone_without_scripts(visit, falls, lead):
    visitor = visit(lead, width=390, javascript=False)
    page = visitor.open(path_of(falls))
    assert page.locator("svg.qi-svg--phone").is_visible()
    assert page.locator("svg.qi-svg--full").is_hidden()
    opened(page, "Draw some dates only")
    page.locator("#id_from").fill("2024-06-01")
    page.locator("#id_to").fill("2025-03-31")
    page.get_by_role("button", name="Draw", exact=True).press("Enter")
    page.get_by_text("Drawn: Jun 2024 to Mar 2025.").wait_for()
    visitor.picture("chart-dates-no-script")
    assert visitor.sideways() <= 0


def test_chosen_dates_and_wrong_ones_are_clean_pages(visit, falls, lead):
    visitor = visit(lead, widths=BOTH)
    page = visitor.open(f"{path_of(falls)}?from=2024-09-01&to=2025-03-31")
    page.locator("[data-qi-chart-plot] svg.main-svg").first.wait_for()
    visitor.assert_clean("chart-dates")
    page = visitor.open(f"{path_of(falls)}?from=2025-09-01&to=2025-03-31")
    page.get_by_role("alert").wait_for()
    visitor.assert_clean("chart-dates-wrong")


def test_from_the_suggestion_to_a_rebase_and_back(visit, falls, lead):
    visitor = visit(lead)
    page = visitor.open(path_of(falls))
    page.locator(".qi-next").get_by_role("link", name="Start a new phase").click()
    assert page.get_by_label("From which day?").input_value() == "2025-01-01"
    page.get_by_label("Name").fill("Bell check")
    page.get_by_label("What changed, and how do you know?").fill("All bays since then")
    page.get_by_role("button", name="Save").click()
    page.locator("[data-qi-chart-plot]").get_by_text("Jan 2025: Bell check").wait_for()
    assert page.get_by_text("Consider a step change").count() == 0
    page.locator("button").filter(has_text="Bell check").click()
    page.get_by_text("Undone by Lena Hart").wait_for()
    assert visitor.problems == []


def test_every_number_is_reached_by_keyboard(visit, falls, lead):
    page = visit(lead).open(path_of(falls))
    opened(page, "Show the numbers")
    region = page.get_by_role("region", name="Falls: all numbers")
    page.keyboard.press("Tab")
    assert region.evaluate("(node) => node === document.activeElement")
    row = region.get_by_role("row", name="Sep 2025").inner_text()
    assert "unusual, better: part of a shift below the mean" in row
