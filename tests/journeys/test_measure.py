"""Amina adds a measure, types a number, pastes two columns and reads the chart."""

from datetime import timedelta

import pytest

from pdsa.models import DataPoint, Measure
from qiportal.core.dates import today
from tests.journeys.scene import falls_project
from tests.journeys.walk import WAYS, begin, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FALLS = [7, 6, 8, 7, 6, 7, 8, 6, 3, 2, 3, 2, 3, 2, 1]
MONDAY = today() - timedelta(days=today().weekday())


def columns():
    """Fifteen weeks before this one, as two columns copied from a spreadsheet."""
    first = MONDAY - timedelta(weeks=len(FALLS))
    days = [first + timedelta(weeks=week) for week in range(len(FALLS))]
    rows = zip(days, FALLS, strict=True)
    return "\n".join(f"{day:%d/%m/%Y}\t{falls}" for day, falls in rows)


def add_measure(hand):
    hand.link("Add a measure")
    look(hand, "measure-empty")
    hand.write("What is it called?", "Falls at night")
    hand.choose("Outcome")
    hand.choose("A count")
    hand.write("How exactly is it counted?", "Falls reported between 21:00 and 07:00.")
    hand.choose("Lower is better")
    hand.pick("How often is there a number?", "Weekly")
    look(hand, "measure-filled")
    hand.button("Save")


def add_number(hand):
    look(hand, "measure-no-numbers")
    hand.day("Week beginning", MONDAY)
    hand.write("Number", "2")
    hand.button("Add a number")
    hand.sees("Your number is saved.")
    look(hand, "measure-one-number")


def paste(hand, wrong=False):
    rows = columns()
    hand.put(
        "Paste your columns here",
        f"Week\tFalls\n{rows}\n23/11\tmany" if wrong else rows,
    )
    if wrong:
        look(hand, "paste-preview")
    hand.button("Check the numbers")


@pytest.mark.parametrize("way", WAYS)
def test_from_a_definition_to_a_chart(way, visit, frontline):
    project = falls_project(frontline)
    hand = begin(visit, way, frontline)
    hand.visitor.open(project.get_absolute_url())
    add_measure(hand)
    add_number(hand)

    hand.link("Paste numbers")
    look(hand, "paste-empty")
    paste(hand, wrong=True)
    hand.sees("1 row cannot be read.")
    look(hand, "paste-wrong")
    assert DataPoint.objects.count() == 1
    paste(hand)
    hand.sees("All 15 rows can be read.")
    look(hand, "paste-right")
    hand.button("Save 15 numbers")
    look(hand, "measure-chart")

    measure = Measure.objects.get()
    assert DataPoint.objects.filter(measure=measure).count() == 16
    figure = hand.page.locator("figure")
    figure.locator(".plotly .main-svg").first.wait_for()
    ticks = figure.locator(".xtick text").all_text_contents()
    assert len(ticks) == len(set(ticks)) > 1
    sentence = figure.locator("figcaption").inner_text()
    assert "Falls at night" in sentence
    assert "median" in sentence.lower()
    hand.press(figure.locator("summary").filter(has_text="Show the numbers"))
    rows = figure.locator("table tbody tr")
    assert rows.count() == 16
    assert "run chart" in figure.inner_text().lower()
    look(hand, "measure-chart-table")


def test_the_chart_without_javascript(visit, frontline):
    project = falls_project(frontline)
    hand = begin(visit, "phone", frontline, javascript=False)
    hand.visitor.open(f"/pdsa/{project.reference}/measures/new/")
    hand.write("What is it called?", "Falls at night")
    hand.choose("Outcome")
    hand.choose("A count")
    hand.write("How exactly is it counted?", "Falls reported between 21:00 and 07:00.")
    hand.choose("Lower is better")
    hand.pick("How often is there a number?", "Weekly")
    hand.button("Save")
    hand.link("Paste numbers")
    paste(hand)
    hand.button("Save 15 numbers")

    figure = hand.page.locator("figure")
    drawing = figure.locator("svg:visible")
    assert drawing.count() == 1
    assert drawing.locator("polyline, path").count() >= 1
    assert "Falls at night" in figure.locator("figcaption").inner_text()
    assert hand.visitor.sideways() <= 0
    assert hand.visitor.problems == []
    hand.visitor.picture("journey-measure-no-script")
