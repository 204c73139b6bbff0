"""Pages of the log in a real browser: accessible, no wider than the window, at work
without scripts."""

from datetime import date

import pytest
from django.urls import reverse

from pdsa import services
from pdsa.models import Cycle, DataPoint
from projects.services import aim_set
from qiportal.core.dates import add_months, today
from tests.browser import BOTH
from tests.factories import (
    BenefitClaimFactory,
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    PhaseFactory,
    PredictionFactory,
    RampFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VALUES = [6, 7, 5, 8, 6, 7, 6, 5, 7, 6, 8, 6, 4, 3, 4, 2, 3, 4, 3, 2]


def clean(visitor, path, name):
    visitor.open(path)
    visitor.assert_clean(f"pdsa-{name}")


@pytest.fixture
def busy(project, lead):
    """A project with a decided and an open test, measures, talk and tasks."""
    aim_set(project=project, statement="Fewer falls by March 2027.", by=lead)
    idea = ChangeIdeaFactory(project=project, because="it reminds people")
    ramp = RampFactory(project=project, change_idea=idea)
    first = CycleFactory(ramp=ramp, number=1, scale=1)
    prediction = PredictionFactory(cycle=first)
    decided(first, prediction, lead)
    second = CycleFactory(
        ramp=ramp, number=2, scale=2, previous=first, carried_learning="A pen"
    )
    PredictionFactory(cycle=second)
    falls = MeasureFactory(project=project, name="Falls", chart_type="xmr")
    for row, value in enumerate(VALUES):
        day = add_months(date(2025, 1, 1), row)
        DataPointFactory(measure=falls, period_start=day, numerator=value)
    PhaseFactory(measure=falls, starts_on=date(2025, 1, 1), freeze_after_n=12)
    services.measure_state_refresh(measure=falls)
    MeasureFactory(project=project, name="Without a number")
    comment = services.comment_add(project=project, body="May I visit?", by=lead)
    services.comment_add(project=project, body="Yes", parent=comment, by=lead)
    services.task_add(project=project, what="Print signs", who=lead, by=lead)
    BenefitClaimFactory(project=project, measure=falls, evidence="spc_signal")
    return project


def decided(cycle, prediction, lead):
    cycle = services.cycle_finish_do(
        cycle=cycle, version=1, do_on=today(), observations="Four of five", by=lead
    )
    cycle = services.cycle_study(
        cycle=cycle,
        version=cycle.version,
        study_on=today(),
        results="4 of 5",
        learned="A pen helps",
        outcomes={prediction.pk: ("as_predicted", "")},
        by=lead,
    )
    services.cycle_act(
        cycle=cycle, version=cycle.version, decision="adapt", why="Nearly", by=lead
    )


def test_home_empty_and_filled(visit, project, lead, request):
    visitor = visit(lead, widths=BOTH)
    clean(visitor, project.get_absolute_url(), "home-empty")
    request.getfixturevalue("busy")
    clean(visitor, project.get_absolute_url(), "home")
    visitor.page.get_by_text("May I visit?").wait_for()
    assert visitor.axe() == []


def cycle_pages(project):
    first, second = Cycle.objects.order_by("id")
    ref = [project.reference]
    return {
        "cycles": reverse("cycle_list", args=ref),
        "cycle-new": reverse("cycle_new", args=ref),
        "cycle-decided": reverse("cycle_detail", args=[*ref, first.pk]),
        "cycle-open": reverse("cycle_detail", args=[*ref, second.pk]),
        "cycle-plan": reverse("cycle_plan", args=[*ref, second.pk]),
        "cycle-expect": reverse("prediction_add", args=[*ref, second.pk]),
        "cycle-do": reverse("cycle_do", args=[*ref, second.pk]),
        "cycle-finish": reverse("cycle_finish", args=[*ref, second.pk]),
        "cycle-study": reverse("cycle_study", args=[*ref, first.pk]),
        "cycle-act": reverse("cycle_act", args=[*ref, first.pk]),
        "cycle-next": reverse("cycle_next", args=[*ref, first.pk]),
        "discussion": reverse("discussion", args=ref),
        "tasks": reverse("task_list", args=ref),
        **benefit_pages(project),
        "deleted": reverse("recently_deleted", args=ref),
    }


def benefit_pages(project):
    ref, code = [project.reference], [project.unit.code]
    behind = "?kind=time_savings&evidence=spc_signal"
    return {
        "benefits": reverse("project_benefits", args=ref),
        "benefit-new": reverse("benefit_new", args=ref),
        "benefit-matrix": reverse("unit_benefits", args=code),
        "benefit-list": reverse("unit_benefit_list", args=code) + behind,
    }


def measure_pages(project):
    measure, empty = project.measures.order_by("id")
    point = measure.points.first()
    ref = [project.reference]
    of = [*ref, measure.pk]
    return {
        "measures": reverse("measure_list", args=ref),
        "measure-new": reverse("measure_new", args=ref),
        "measure": reverse("measure_detail", args=of),
        "measure-empty": reverse("measure_detail", args=[*ref, empty.pk]),
        "measure-edit": reverse("measure_edit", args=of),
        "points": reverse("point_list", args=of),
        "point-add": reverse("point_add", args=of),
        "point-edit": reverse("point_edit", args=[*of, point.pk]),
        "point-history": reverse("point_history", args=[*of, point.pk]),
        "paste": reverse("points_paste", args=of),
        "import": reverse("points_import", args=of),
        "phase": reverse("phase_add", args=of),
        "targets": reverse("measure_targets", args=of),
    }


def test_pages_of_a_test(visit, busy, lead):
    task = services.task_add(project=busy, what="Old signs", who=lead, by=lead)
    services.task_delete(task=task, by=lead)
    visitor = visit(lead, widths=BOTH)
    for name, path in cycle_pages(busy).items():
        clean(visitor, path, name)


def test_pages_of_a_measure(visit, busy, lead):
    visitor = visit(lead, widths=BOTH)
    for name, path in measure_pages(busy).items():
        clean(visitor, path, name)


def test_pages_of_a_ward(visit, busy, ward, frontline):
    visitor = visit(frontline, widths=(1366, 390, 320))
    for name in ("team_page", "team_stuck", "team_poster"):
        clean(visitor, reverse(name, args=[ward.code]), name)


def test_the_chart_is_drawn_and_its_picture_steps_aside(visit, busy, lead):
    visitor = visit(lead)
    visitor.open(measure_pages(busy)["measure"])
    plot = visitor.page.locator("[data-qi-chart-plot]")
    plot.locator("svg.main-svg").first.wait_for()
    pictures = visitor.page.locator("[data-qi-chart-static]").all()
    assert [picture.is_hidden() for picture in pictures] == [True, True]
    assert visitor.problems == []


def test_errors_are_named_at_the_top_and_on_the_field(visit, busy, lead):
    visitor = visit(lead, width=390)
    visitor.open(measure_pages(busy)["point-add"])
    visitor.page.get_by_label("Number").fill("six")
    visitor.page.get_by_role("button", name="Save").click()
    visitor.page.get_by_role("alert").wait_for()
    assert visitor.page.title().startswith("Error: ")
    assert visitor.axe() == []


def test_the_whole_walk_without_scripts(visit, project, lead):
    """Measure, number, plan, observation: every step works with scripts off."""
    page = visit(lead, width=390, javascript=False).open(project.get_absolute_url())
    page.get_by_role("link", name="Add a measure").click()
    page.get_by_label("What is it called?").fill("Falls")
    page.get_by_label("Outcome", exact=True).check()
    page.get_by_label("A count", exact=True).check()
    page.get_by_label("How exactly is it counted?").fill("Falls reported, per month")
    page.get_by_label("Lower is better", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("textbox", name="Number").fill("6")
    page.get_by_role("button", name="Add a number").click()
    assert DataPoint.objects.get().numerator == 6
    page.goto(reverse("cycle_new", args=[project.reference]))
    page.get_by_label("What do you want to find out?").fill("Does a check help?")
    page.get_by_label("A new change", exact=True).check()
    page.get_by_label("The new change").fill("Bell check")
    page.get_by_label("What do you expect?").first.fill("4 of 5 in reach")
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_role("link", name="Log what happened").click()
    page.get_by_label("How many just now?").fill("2")
    page.get_by_label("As planned", exact=True).check()
    page.get_by_label("What happened?").fill("Both in reach")
    page.get_by_role("button", name="Save").click()
    assert Cycle.objects.get().actual_n == 2
