"""The driver diagram at work: tests of its ideas, measures of its drivers."""

import pytest
from django.urls import reverse

from pdsa.presenters.drivers import aim_measures, outline, picture_notes
from pdsa.selectors.drivers import theory_at_work
from projects.services import driver_add, driver_delete, idea_add
from qiportal.core.dates import now
from tests.factories import CycleFactory, MeasureFactory, RampFactory


@pytest.fixture
def idea(project, lead):
    bells = driver_add(project=project, text="Bells", by=lead)
    return idea_add(project=project, title="Clip", driver=bells, by=lead)


@pytest.fixture
def tested(project, idea):
    """tested("adapt"): one more test of the idea."""
    ramp = RampFactory(project=project, change_idea=idea)

    def test(decision=""):
        number, moment = ramp.cycles.count() + 1, now()
        stamps = {}
        if decision:
            names = ("do_started", "do_finished", "study_started", "study_finished")
            stamps = {f"{name}_at": moment for name in (*names, "act_decided")}
        cycle = CycleFactory(ramp=ramp, number=number, plan_started_at=moment)
        for name, value in {**stamps, "decision": decision}.items():
            setattr(cycle, name, value)
        cycle.save()
        return cycle

    return test


def idea_row(project):
    return outline(theory_at_work(project))["rows"][0]["ideas"][0]


def test_an_idea_opens_its_tests_with_number_and_decision(project, tested):
    first, second = tested("adapt"), tested()
    row = idea_row(project)
    assert [link["label"] for link in row["tests"]] == [
        "Test 1, adapted",
        "Test 2, planned",
    ]
    assert row["tests"][1]["url"] == reverse(
        "cycle_detail", args=[project.reference, second.pk]
    )
    assert first.pk != second.pk
    assert row["test_url"].endswith(f"/cycles/new/?idea={row['id']}")


def test_a_test_of_two_ideas_stands_with_both(project, tested, lead):
    other = idea_add(project=project, title="Alarm", by=lead)
    tested("adopt").other_change_ideas.add(other)
    work = theory_at_work(project)
    assert len(work.tests[other.pk]) == 1
    assert outline(work)["loose"][0]["tests"][0]["label"] == "Test 1, adopted"


def test_deleted_tests_and_measures_are_not_shown(project, tested, idea, lead):
    gone = {"deleted_at": now(), "deleted_by": lead}
    cycle = tested()
    for name, value in gone.items():
        setattr(cycle, name, value)
    cycle.save()
    MeasureFactory(project=project, driver=idea.driver, **gone)
    work = theory_at_work(project)
    assert (work.tests, work.measures) == ({}, {})


def test_many_tests_are_counted(project, tested):
    for _ in range(9):
        tested()
    row = idea_row(project)
    assert row["tests"][0]["label"] == "Test 4, planned"
    assert row["more_tests"] == 3


def test_a_dropped_idea_is_not_offered_for_a_test(project, idea):
    idea.status = "abandoned"
    idea.save()
    assert idea_row(project)["test_url"] == ""


def test_drivers_name_their_measures(project, idea, lead):
    MeasureFactory(project=project, driver=idea.driver, name="Bells in reach")
    MeasureFactory(project=project, name="Falls", kind="outcome")
    MeasureFactory(project=project, name="Staff time", kind="balancing")
    work = theory_at_work(project)
    row = outline(work)["rows"][0]
    assert [link["label"] for link in row["measures"]] == ["Bells in reach"]
    groups = {g["title"]: [x["label"] for x in g["links"]] for g in aim_measures(work)}
    assert groups == {"Outcome": ["Falls"], "Balancing": ["Staff time"]}
    driver_delete(driver=idea.driver, by=lead)
    loose = theory_at_work(project).measures[None]
    assert {m.name for m in loose} == {"Bells in reach", "Falls", "Staff time"}


def test_the_picture_says_how_often_an_idea_was_tested(project, tested, idea):
    tested("adapt")
    assert (
        picture_notes(theory_at_work(project))[f"idea-{idea.pk}"] == "1 test, adapted"
    )
    tested()
    MeasureFactory(project=project, driver=idea.driver)
    notes = picture_notes(theory_at_work(project))
    assert notes[f"idea-{idea.pk}"] == "2 tests, last planned"
    assert notes[f"driver-{idea.driver_id}"] == "1 measure"


def test_six_statements_at_any_size(project, tested, idea, django_assert_num_queries):
    for count in (2, 18):
        for number in range(count):
            tested().other_change_ideas.add(idea)
            MeasureFactory(
                project=project, driver=idea.driver, name=f"M{count}.{number}"
            )
        with django_assert_num_queries(6):
            work = theory_at_work(project)
            outline(work)
            picture_notes(work)
            aim_measures(work)


def test_the_picture_links_to_the_outline_and_the_file_does_not(
    signed_in, stranger, project, tested, idea
):
    tested()
    client = signed_in(stranger)
    diagram = reverse("driver_diagram", args=[project.reference])
    html = client.get(diagram).content.decode()
    assert f'href="#idea-{idea.pk}" tabindex="-1"' in html
    assert "<title>Show in the outline</title>" in html
    picture = reverse("driver_picture", args=[project.reference])
    file = client.get(picture).content.decode()
    assert "<a " not in file
    assert "1 test, planned" in file
    assert client.get(f"{picture}?sheet=driver-99").status_code == 404


@pytest.mark.parametrize("visibility", ["team", "draft"])
def test_strangers_reach_neither_page_nor_picture(
    signed_in, stranger, project, visibility
):
    project.visibility = visibility
    project.save()
    for name in ("driver_diagram", "driver_picture"):
        url = reverse(name, args=[project.reference])
        assert signed_in(stranger).get(url).status_code == 404


def test_a_measure_added_from_a_driver_names_it(signed_in, lead, project, idea):
    url = reverse("measure_new", args=[project.reference])
    page = signed_in(lead).get(f"{url}?driver={idea.driver_id}")
    form = page.context["form"]
    assert form["driver"].value() == str(idea.driver_id)
    assert form["kind"].value() == "process"
    assert signed_in(lead).get(f"{url}?driver=x").status_code == 200
