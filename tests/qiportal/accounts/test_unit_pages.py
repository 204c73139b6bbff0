"""The unit tree on screen."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from qiportal.accounts.models import AuditEvent, User
from qiportal.accounts.services import unit_move, unit_rename
from qiportal.core.versions import Conflict
from qiportal.organisation.models import Unit, UnitPlacement
from tests.factories import UnitFactory, UserFactory


@pytest.fixture
def client(client, qi_team):
    client.force_login(qi_team)
    return client


def test_the_tree_stands_in_structure_order(client, ward, other_ward):
    page = client.get("/account/units/")
    names = [row["unit"].name for row in page.context["rows"]]
    assert names == ["Riverbourne", "Medicine", "Ward 7", "Surgery", "Ward 12"]
    assert [row["depth"] for row in page.context["rows"]] == [0, 1, 2, 1, 2]


def test_closed_units_are_shown_on_request(client, ward):
    Unit.objects.filter(pk=ward.pk).update(closed_on=date(2026, 10, 1))
    assert "Ward 7" not in client.get("/account/units/").content.decode()
    page = client.get("/account/units/?closed=1").content.decode()
    assert "Ward 7" in page
    assert "1 October 2026" in page


def test_an_empty_tree_says_what_to_do(client, qi_team):
    User.objects.update(home_unit=None)
    UnitPlacement.objects.all().delete()
    Unit.objects.all().delete()
    assert "No units yet" in client.get("/account/units/").content.decode()


def test_adding_a_unit(client, ward, qi_team):
    data = {
        "parent": ward.parent_id,
        "kind": "team",
        "name": "Ward 8",
        "code": "W8",
        "opened_on": "2026-11-01",
    }
    answer = client.post("/account/units/new/", data)
    unit = Unit.objects.get(code="W8")
    assert answer.url == f"/account/units/{unit.pk}/"
    assert unit.path == f"{ward.parent.path}{unit.pk:08d}/"
    event = AuditEvent.objects.get(type="unit.created")
    assert (event.actor, event.unit_path) == (qi_team.email, unit.path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "trust"}, "A trust cannot stand beneath a division."),
        ({"parent": ""}, "every other unit needs a parent unit"),
        ({"kind": "division"}, "A division cannot stand beneath a division."),
        ({"code": "RVB"}, "already exists"),
        ({"name": ""}, "Error:"),
    ],
)
def test_what_cannot_be_added_is_said(client, ward, changes, words):
    data = {
        "parent": ward.parent_id,
        "kind": "team",
        "name": "Ward 8",
        "code": "W8",
        "opened_on": "2026-11-01",
    }
    page = client.post("/account/units/new/", {**data, **changes}).content.decode()
    assert words in page
    assert not Unit.objects.filter(name="Ward 8").exists()


def test_renaming_keeps_code_and_history(client, ward):
    data = {"name": "Ward Seven", "ods_code": "RVB07", "version": ward.version}
    url = f"/account/units/{ward.pk}/edit/"
    assert client.post(url, data).status_code == 302
    ward.refresh_from_db()
    assert (ward.name, ward.ods_code) == ("Ward Seven", "RVB07")
    event = AuditEvent.objects.get(type="unit.renamed")
    assert event.old["name"] == "Ward 7"
    assert client.post(url, {**data, "name": "Other"}).status_code == 409


def test_renaming_to_the_same_is_no_event(ward, qi_team):
    unit_rename(unit=ward, name=" Ward 7 ", by=qi_team, version=ward.version)
    assert not AuditEvent.objects.exists()
    with pytest.raises(Conflict):
        unit_rename(unit=ward, name="New", by=qi_team, version=ward.version + 1)


def test_moving_shows_both_places(client, ward, other_ward):
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        client.force_login(User.objects.get(full_name="Ben Okafor"))
        data = {"parent": other_ward.parent_id, "on": "2026-10-01"}
        answer = client.post(f"/account/units/{ward.pk}/move/", data)
        rows = client.get(answer.url).context["table"]["rows"]
    assert rows == [
        ["Surgery", "1 October 2026", "Now"],
        ["Medicine", "1 April 2015", "1 October 2026"],
    ]
    event = AuditEvent.objects.get(type="unit.moved")
    assert event.new["on"] == "2026-10-01"


def test_a_move_that_cannot_be_is_said_at_its_field(client, ward, other_ward):
    data = {"parent": other_ward.parent_id, "on": "2099-01-01"}
    page = client.post(f"/account/units/{ward.pk}/move/", data).content.decode()
    assert "The day cannot be in the future." in page
    data = {"parent": ward.parent_id, "on": "2026-01-01"}
    page = client.post(f"/account/units/{ward.pk}/move/", data).content.decode()
    assert "already stands beneath Medicine" in page
    with pytest.raises(ValidationError):
        unit_move(unit=ward, parent=ward.parent, on=date(2026, 1, 1), by=None)


def test_closing_waits_for_what_stands_beneath(client, ward):
    url = f"/account/units/{ward.parent_id}/close/"
    page = client.post(url, {"on": "2026-11-01"}).content.decode()
    assert "Close or move the units beneath this one first." in page
    client.post(f"/account/units/{ward.pk}/close/", {"on": "2026-11-01"})
    client.post(url, {"on": "2026-11-02"})
    assert Unit.objects.filter(closed_on__isnull=False).count() == 2


def test_a_merge_moves_the_people_and_keeps_the_unit(client, ward, other_ward):
    nurse = UserFactory(home_unit=ward)
    leaver = UserFactory(home_unit=ward, is_active=False)
    data = {"on": "2026-11-01", "into": other_ward.pk}
    client.post(f"/account/units/{ward.pk}/close/", data)
    ward.refresh_from_db()
    nurse.refresh_from_db()
    leaver.refresh_from_db()
    assert (ward.merged_into, ward.closed_on) == (other_ward, date(2026, 11, 1))
    assert (nurse.home_unit, leaver.home_unit) == (other_ward, ward)
    assert AuditEvent.objects.get(type="unit.merged").new["people_moved"] == 1
    page = client.get(f"/account/units/{ward.pk}/").content.decode()
    assert "Merged into" in page
    assert "Close or merge" not in page


def test_the_tree_costs_the_same_for_2_and_20(client, trust, django_assert_num_queries):
    client.get("/account/units/")
    for total in (2, 20):
        for _ in range(total - Unit.objects.count()):
            UnitFactory(kind="division", parent=trust)
        with django_assert_num_queries(5):
            page = client.get("/account/units/")
        assert len(page.context["rows"]) == total
