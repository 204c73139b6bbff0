"""The write-up and the poster: what they say, to whom, at what cost."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pdsa import services
from pdsa.presenters.writeup_text import escaped
from projects.services import aim_set
from qiportal.core.dates import add_months, today
from tests.factories import (
    BenefitClaimFactory,
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    DriverFactory,
    MeasureFactory,
    MemberFactory,
    PredictionFactory,
    RampFactory,
)
from tests.pdsa.places import fill
from tests.pdsa.test_pages import fill_more

pytestmark = pytest.mark.django_db

PAGES = ("writeup", "project_poster")
FILES = ("writeup_text", "writeup_html")
HEADINGS = [
    *("Title", "Abstract", "Problem description", "Available knowledge", "Rationale"),
    *("Specific aims", "Context", "Interventions", "Study of the interventions"),
    *("Measures", "Analysis", "Ethical considerations", "Results", "Summary"),
    *("Interpretation", "Limitations", "Conclusions", "Funding"),
]
CAUSAL = re.compile(
    r"\b(because|due to|led to|leads to|caused?|causing|thanks to|resulted|"
    r"result of|driven by|effect of|impact)\b",
    re.IGNORECASE,
)


def at(name, project):
    return reverse(name, args=[project.reference])


def text_of(client, name, project):
    return client.get(at(name, project)).content.decode()


def plain_text(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def told(project, lead):
    """A project with an aim, a driver, a dropped and an open test, and numbers."""
    aim_set(project=project, statement="Fewer falls by March.", by=lead)
    driver = DriverFactory(project=project, text="Bells in reach")
    idea = ChangeIdeaFactory(
        project=project,
        driver=driver,
        title="Bell clip",
        status="abandoned",
        why="Clips broke",
    )
    ramp = RampFactory(project=project, change_idea=idea, title="Bell clip")
    dropped(CycleFactory(ramp=ramp, number=1, scale=1), lead)
    CycleFactory(ramp=ramp, number=2, objective="A stronger clip?")
    falls = MeasureFactory(
        project=project, name="Falls", operational_definition="Any fall, seen or told"
    )
    for row in range(14):
        day = add_months(date(2025, 1, 1), row + (row > 5))
        DataPointFactory(measure=falls, period_start=day, numerator=5 + row % 3)
    MeasureFactory(project=project, name="Bells", kind="process")
    return project


def dropped(cycle, lead):
    prediction = PredictionFactory(cycle=cycle, statement="Four of five in reach")
    cycle = services.cycle_finish_do(
        cycle=cycle, version=1, do_on=today(), observations="Two clips broke", by=lead
    )
    cycle = services.cycle_study(
        cycle=cycle,
        version=cycle.version,
        study_on=today(),
        results="2 of 5",
        learned="Clips are too weak",
        outcomes={prediction.pk: ("not", "Half as many")},
        by=lead,
    )
    services.cycle_act(
        cycle=cycle, version=cycle.version, decision="abandon", why="Weak", by=lead
    )


def test_the_headings_stand_in_the_order_of_the_guideline(told, lead, signed_in):
    page = text_of(signed_in(lead), "writeup", told)
    found = re.findall(r'<h3 [^>]*id="\w+-heading">([^<]+)</h3>', page)
    assert found == HEADINGS


def test_what_was_entered_stands_in_it_dropped_tests_too(told, lead, signed_in):
    page = plain_text(text_of(signed_in(lead), "writeup", told))
    for words in (
        "Fewer falls by March.",
        "Bells in reach",
        "Any fall, seen or told",
        "Tried and dropped",
        "Why so decided Clips broke",
        "Two clips broke",
        "Clips are too weak",
        "Not as we expected. Half as many",
        "Of 1 decided test: 1 dropped.",
        "Falls: 14 monthly points",
        "Falls: 1 period without a number.",
        "Bells: no number yet.",
        "No balancing measure",
        "Test 2: A stronger clip?",
    ):
        assert words in page, words


def test_benefits_stand_in_the_results_by_their_evidence(told, lead, signed_in):
    BenefitClaimFactory(project=told, what="Rounds are shorter.")
    text = text_of(signed_in(lead), "writeup", told)
    assert "Benefits: measured" in text
    assert "Rounds are shorter. 4 hours a week (Time savings; compared with:" in text


def test_charts_and_ramp_and_diagram_are_drawn(told, lead, signed_in):
    page = text_of(signed_in(lead), "writeup", told)
    assert page.count("qi-svg--full") == 1
    assert page.count("qi-ramp__svg") == 1
    assert page.count("qi-driver-picture") == 1
    assert "style=" not in page


def test_an_empty_project_says_what_is_missing_and_where_to_enter_it(
    project, lead, signed_in
):
    page = text_of(signed_in(lead), "writeup", project)
    links = {
        "project_aim": "No aim has been written.",
        "driver_diagram": "There is no driver diagram.",
        "idea_new": "No change idea is written down.",
        "cycle_new": "No test is planned or logged.",
        "measure_new": "There is no measure.",
        "project_edit": "Why a change should help is not written down.",
        "project_methods": "No library entry is attached to the project.",
    }
    for name, words in links.items():
        assert words in page, words
        assert f'href="{at(name, project)}"' in page, name
    assert "Nothing has been tested or measured yet." in page


def test_others_read_the_gaps_without_links(project, stranger, signed_in):
    page = text_of(signed_in(stranger), "writeup", project)
    assert "No aim has been written." in page
    assert "qi-write__gap" in page
    for name in ("project_aim", "cycle_new", "measure_new", "project_edit"):
        assert at(name, project) not in page


@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_nothing_of_ours_speaks_of_causes(name, told, lead, signed_in):
    words = plain_text(text_of(signed_in(lead), name, told))
    assert CAUSAL.findall(words) == []


@pytest.mark.parametrize("name", [*PAGES, *FILES, "writeup_pdf", "poster_pdf"])
def test_a_hidden_project_has_no_write_up(name, told, stranger, client):
    told.visibility = "team"
    told.save()
    assert client.get(at(name, told)).status_code == 302
    client.force_login(stranger)
    assert client.get(at(name, told)).status_code == 404
    assert b"Fewer falls" not in client.get(at(name, told)).content


@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_whoever_sees_the_project_reads_it_and_nobody_sends(
    name, told, stranger, qi_team, signed_in
):
    for person in (stranger, qi_team):
        client = signed_in(person)
        assert client.get(at(name, told)).status_code == 200
        assert client.post(at(name, told)).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_a_patient_partner_is_named_to_nobody_and_sees_no_names(
    name, told, lead, signed_in
):
    partner = MemberFactory(project=told, relation="patient_partner").user
    assert lead.display_name in text_of(signed_in(lead), name, told)
    assert partner.display_name not in text_of(signed_in(lead), name, told)
    assert lead.display_name not in text_of(signed_in(partner), name, told)


@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_it_costs_the_same_at_2_and_20(name, project, lead, signed_in):
    client = signed_in(lead)
    fill(project, lead, times=2)
    client.get(at(name, project))
    with CaptureQueriesContext(connection) as few:
        client.get(at(name, project))
    fill_more(project, lead, 18)
    with CaptureQueriesContext(connection) as many:
        client.get(at(name, project))
    assert len(many) == len(few)
    assert len(few) <= 20


def test_the_text_file_is_a_download_of_plain_words(told, lead, signed_in):
    answer = signed_in(lead).get(at("writeup_text", told))
    body = answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store"
    assert re.findall(r"^### (.+)$", body, re.MULTILINE) == HEADINGS
    assert "<" not in body
    assert "- **Decision:** Dropped" in body


def test_words_of_people_cannot_make_headings_or_links():
    said = "# Big\n1. one\n- two [x](http://e) <b> a_b*c"
    assert escaped(said) == (
        "\\# Big\n1\\. one\n\\- two \\[x\\](http://e) \\<b\\> a\\_b\\*c"
    )


def test_the_html_file_stands_alone(told, lead, signed_in):
    told.problem = "<svg onload=x></head> broken"
    told.save()
    body = text_of(signed_in(lead), "writeup_html", told)
    assert "<link" not in body
    assert "<script" not in body
    assert body.count("<style>") == 1
    assert "&lt;svg onload=x&gt;" in body
    assert "qi-svg--full" in body


def test_the_poster_has_one_of_each(told, lead, signed_in):
    page = plain_text(text_of(signed_in(lead), "project_poster", told))
    for words in (
        "Our aim Fewer falls by March.",
        "Patients fall when call bells are out of reach.",
        "Of 1 decided test: 1 dropped.",
        "Bell clip: tried and dropped",
        "Falls: 14 monthly points",
        "Clips are too weak",
        "Bell clip, test 2: A stronger clip?",
    ):
        assert words in page, words


def test_a_poster_holds_three_charts_outcome_first(project, lead, signed_in):
    for n, kind in enumerate(("balancing", "process", "outcome", "outcome")):
        measure = MeasureFactory(project=project, name=f"M{n}", kind=kind)
        DataPointFactory(measure=measure)
    page = signed_in(lead).get(at("project_poster", project))
    assert [chart["name"] for chart in page.context["charts"]] == ["M2", "M3", "M1"]


def test_long_words_are_cut_on_the_poster_only(project, lead, signed_in):
    project.problem = "Bells " * 400 + "END"
    project.save()
    client = signed_in(lead)
    assert "END" not in plain_text(text_of(client, "project_poster", project))
    assert "END" in text_of(client, "writeup", project)


@pytest.mark.parametrize("who", ["lead", "stranger"])
def test_the_project_links_to_both(who, told, request, signed_in):
    home = told.get_absolute_url()
    page = signed_in(request.getfixturevalue(who)).get(home).content.decode()
    assert at("writeup", told) in page
    assert at("project_poster", told) in page


def test_a_diagram_too_high_for_the_poster_is_drawn_without_ideas(
    told, lead, signed_in
):
    client = signed_in(lead)
    assert "Bell clip (tried and dropped)" in text_of(client, "project_poster", told)
    for n in range(12):
        driver = DriverFactory(project=told, text=f"Driver {n}")
        ChangeIdeaFactory(project=told, driver=driver, title=f"Thing {n}")
    poster = text_of(client, "project_poster", told)
    assert "Driver 11" in poster
    assert "Thing 11" not in poster
    paper = text_of(client, "writeup", told)
    assert paper.count("qi-driver-picture") == 1
    assert "Thing 11" in paper
