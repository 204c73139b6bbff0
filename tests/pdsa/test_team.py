"""The page behind a ward's QR code, for the people who stand at the huddle board."""

import io

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from pdsa import services
from pdsa.presenters.team import qr_svg, team_address
from projects.models import Barrier, Project, ProjectMember
from tests.factories import (
    CycleFactory,
    MeasureFactory,
    PredictionFactory,
    ProjectFactory,
    RampFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def page_of(ward):
    return reverse("team_page", args=[ward.code])


def busy(project):
    cycle = CycleFactory(ramp=RampFactory(project=project), planned_n=5)
    PredictionFactory(cycle=cycle)
    services.measure_state_refresh(measure=MeasureFactory(project=project))
    return cycle


def test_three_big_actions(project, ward, frontline, signed_in):
    cycle = busy(project)
    page = signed_in(frontline).get(page_of(ward))
    labels = [action["label"] for action in page.context["actions"]]
    assert labels == ["Add a number", "Add to a test", "We’re stuck"]
    straight = page.context["actions"][1]["url"]
    assert straight == reverse("cycle_do", args=[project.reference, cycle.pk])
    assert "Four of five bells" in page.content.decode()


def test_with_several_tests_the_list_is_one_tap_away(
    project, ward, frontline, signed_in
):
    busy(project)
    busy(project)
    page = signed_in(frontline).get(page_of(ward))
    urls = [action["url"] for action in page.context["actions"]]
    assert urls[:2] == ["#numbers", "#tests"]
    assert 'id="tests"' in page.content.decode()


def test_a_ward_without_projects_invites_to_start(ward, frontline, signed_in):
    page = signed_in(frontline).get(page_of(ward))
    assert "No live project yet" in page.content.decode()
    assert page.context["actions"] == []


def test_somebody_of_another_ward_reads_and_does_not_log(
    project, ward, stranger, signed_in
):
    busy(project)
    page = signed_in(stranger).get(page_of(ward))
    assert page.context["actions"] == []
    assert project.title in page.content.decode()


def test_only_visible_live_projects_are_shown(project, ward, stranger, signed_in):
    ProjectFactory(unit=ward, title="Ours alone", visibility="team")
    ProjectFactory(unit=ward, title="Resting", status="resting")
    text = signed_in(stranger).get(page_of(ward)).content.decode()
    assert "Ours alone" not in text
    assert "Resting" not in text


def test_projects_of_the_division_belong_to_its_wards(ward, frontline, signed_in):
    above = ProjectFactory(unit=ward.parent, title="Of the division")
    busy(above)
    page = signed_in(frontline).get(page_of(ward))
    assert "Of the division" in page.content.decode()
    assert len(page.context["actions"]) == 3


def test_other_wards_projects_are_not_shown(project, other_ward, frontline, signed_in):
    text = signed_in(frontline).get(page_of(other_ward)).content.decode()
    assert project.title not in text


def test_we_are_stuck_joins_and_raises(project, ward, frontline, signed_in):
    url = reverse("team_stuck", args=[ward.code])
    client = signed_in(frontline)
    client.get(url)
    sent = {"project": project.reference, "type": "time", "level": "unit"}
    page = client.post(url, sent)
    assert "text" in page.context["form"].errors
    assert not ProjectMember.objects.filter(user=frontline).exists()
    client.post(url, {**sent, "text": "No time to meet"})
    assert Barrier.objects.get().project == project
    assert ProjectMember.objects.filter(user=frontline).exists()


def test_stuck_takes_only_projects_of_ones_own(project, ward, stranger, signed_in):
    url = reverse("team_stuck", args=[ward.code])
    sent = {"project": project.reference, "type": "time", "level": "unit", "text": "x"}
    page = signed_in(stranger).post(url, sent)
    assert "project" in page.context["form"].errors
    assert not Barrier.objects.exists()


def test_a_closed_project_takes_no_joiner(project, ward, frontline, signed_in):
    cycle = busy(project)
    Project.objects.update(
        status="completed",
        closed_on=project.registered_on,
        closed_by=project.created_by,
        learning="x",
    )
    url = reverse("cycle_do", args=[project.reference, cycle.pk])
    assert signed_in(frontline).post(url, {"added": "1"}).status_code == 403


def test_unknown_units_are_not_found(frontline, signed_in):
    for name in ("team_page", "team_stuck", "team_poster", "team_qr"):
        assert signed_in(frontline).get(reverse(name, args=["NOPE"])).status_code == 404


def test_nobody_signed_in_comes_back_after_signing_in(ward, client):
    answer = client.get(page_of(ward))
    assert answer.status_code == 302
    assert answer.url.endswith(f"next={page_of(ward)}")


def test_the_poster_and_its_code(ward, frontline, signed_in, settings):
    settings.PUBLIC_URL = "https://qi.example.nhs.uk"
    text = signed_in(frontline).get(reverse("team_poster", args=[ward.code]))
    text = text.content.decode()
    assert f"https://qi.example.nhs.uk/pdsa/team/{ward.code}/" in text
    assert "data-qi-print" in text
    answer = signed_in(frontline).get(reverse("team_qr", args=[ward.code]))
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.format == "PNG"
    assert picture.width > 300


def test_the_drawn_code_has_the_quiet_zone_and_the_address(ward):
    svg = qr_svg(ward.code)
    assert svg["label"] == f"QR code of {team_address(ward.code)}"
    path = svg["elements"][1]["d"]
    assert path.startswith("M4 4h1v1h-1z")
    assert svg["width"] == svg["height"] >= 29


def test_the_page_costs_the_same_at_2_and_20(project, ward, frontline, signed_in):
    from django.db import connection

    client = signed_in(frontline)
    for _ in range(2):
        busy(project)
    client.get(page_of(ward))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(ward))
    for _ in range(18):
        busy(ProjectFactory(unit=ward))
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(ward))
    assert len(few) == len(many)


def test_a_unit_with_an_odd_code(frontline, signed_in, trust):
    unit = TeamFactory(parent=trust, code="W 7&<b>")
    page = signed_in(frontline).get(page_of(unit))
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()
