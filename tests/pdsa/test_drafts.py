"""Every form of the log gives back what was typed, and forgets it once it is saved."""

import pytest
from django.urls import reverse

from pdsa import services
from qiportal.accounts.models import Draft
from tests.journeys.scene import bell_test, falls_project

pytestmark = pytest.mark.django_db

LONG = {
    "cycle_new": ("objective", []),
    "cycle_plan": ("objective", ["cycle"]),
    "cycle_do": ("note", ["cycle"]),
    "cycle_finish": ("observations", ["cycle"]),
    "prediction_add": ("statement", ["cycle"]),
    "measure_new": ("name", []),
}


@pytest.fixture
def cycle(lead):
    return bell_test(falls_project(lead), lead)


def page_of(name, cycle):
    keys = [cycle.pk] if LONG[name][1] else []
    return reverse(name, args=[cycle.ramp.project.reference, *keys])


def type_into(client, key, address, /, **fields):
    """Saves what the script would, as the page's own form names its draft."""
    page = client.get(address)
    kept_under = page.context["draft_object"]
    assert f'data-qi-draft="{key}"' in page.content.decode()
    assert f'data-qi-draft-object="{kept_under}"' in page.content.decode()
    client.post(f"/account/drafts/{key}/", {**fields, "_object": kept_under})


@pytest.mark.parametrize("name", LONG)
def test_what_was_typed_is_there_again(name, cycle, lead, signed_in):
    client, address, field = signed_in(lead), page_of(name, cycle), LONG[name][0]
    type_into(client, name, address, **{field: "Half a sent"})
    page = client.get(address)
    assert page.context["form"][field].value() == "Half a sent"
    assert "We kept what you typed" in page.content.decode()


def test_another_test_has_another_draft(cycle, lead, signed_in):
    client = signed_in(lead)
    type_into(client, "cycle_do", page_of("cycle_do", cycle), note="Of the first")
    other = bell_test(cycle.ramp.project, lead)
    page = client.get(page_of("cycle_do", other))
    assert not page.context["form"]["note"].value()


def test_expectations_come_back_row_by_row(cycle, lead, signed_in):
    client, address = signed_in(lead), page_of("cycle_new", cycle)
    rows = {"expect-0-statement": "4 of 5", "expect-1-statement": "Quieter nights"}
    rows["expect-TOTAL_FORMS"] = "2"
    type_into(client, "cycle_new", address, objective="x", **rows)
    rows = client.get(address).context["expected"]
    found = [form["statement"].value() for form in rows]
    assert found[:2] == ["4 of 5", "Quieter nights"]


def test_saving_forgets_it(cycle, lead, signed_in):
    client, address = signed_in(lead), page_of("cycle_do", cycle)
    type_into(client, "cycle_do", address, note="Two in rea")
    assert (
        client.post(address, {"note": "Two in reach", "added": "1"}).status_code == 302
    )
    assert not Draft.objects.exists()


def test_a_form_sent_back_with_errors_keeps_its_draft(cycle, lead, signed_in):
    client, address = signed_in(lead), page_of("cycle_do", cycle)
    type_into(client, "cycle_do", address, note="Two in rea")
    page = client.post(address, {"note": "", "added": "x"})
    assert page.status_code == 200
    assert Draft.objects.get().payload["note"] == ["Two in rea"]


def test_being_stuck_is_kept_and_forgotten(cycle, lead, signed_in):
    client = signed_in(lead)
    address = reverse("team_stuck", args=[lead.home_unit.code])
    type_into(client, "team_stuck", address, text="Nobody has ti")
    assert client.get(address).context["form"]["text"].value() == "Nobody has ti"
    given = {"project": cycle.ramp.project.reference, "type": "time", "text": "No time"}
    answer = client.post(address, {**given, "level": "division"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert not Draft.objects.exists()


def test_study_and_act_too(cycle, lead, signed_in):
    client, reference = signed_in(lead), cycle.ramp.project.reference
    cycle = services.cycle_record_do(cycle=cycle, note="Seen", added=1, by=lead)
    given = {"do_on": cycle.do_on, "observations": "Seen", "actual_n": 1}
    cycle = services.cycle_finish_do(
        cycle=cycle, version=cycle.version, conduct="", problems="", by=lead, **given
    )
    study = reverse("cycle_study", args=[reference, cycle.pk])
    type_into(client, "cycle_study", study, learned="The check wor")
    assert client.get(study).context["form"]["learned"].value() == "The check wor"
