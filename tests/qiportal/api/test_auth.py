"""One token in three forms, its scopes and unit, and how often it may ask."""

import pytest
from django.test import Client

from qiportal.accounts.models import ApiToken
from qiportal.accounts.tokens import token_revoke
from qiportal.api.tables import NESTED, RESOURCES, STAR
from tests.factories import MeasureFactory, ProjectFactory
from tests.qiportal.api.clients import API, Caller, basic

pytestmark = pytest.mark.django_db
READERS = ["bi:read", "projects:read"]


def test_the_three_forms_of_a_token_open_the_same_door(api, client):
    token_id = api.secret.split("_")[1]
    for header in (
        {"Authorization": f"Bearer {api.secret}"},
        {"Authorization": f"bearer {api.secret}"},
        {"X-API-Key": api.secret},
        {"Authorization": basic(token_id, api.secret)},
    ):
        assert client.get(f"{API}projects/", headers=header).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer qip_abc_wrong"},
        {"Authorization": "Negotiate YII="},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic /////w=="},
        {"X-API-Key": "nonsense"},
        {"X-API-Key": "qip_ünï_cöde"},
    ],
)
def test_anything_else_is_401_and_says_how_to_sign_in(header, client):
    response = client.get(f"{API}projects/", headers=header)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Basic realm=")
    assert "Bearer realm=" in response["WWW-Authenticate"]
    assert response.json()["type"] == "/api/v1/problems/not-authenticated/"


def test_basic_needs_the_id_of_the_token_as_its_user(api, client):
    header = {"Authorization": basic("somebody", api.secret)}
    response = client.get(f"{API}projects/", headers=header)
    assert response.status_code == 401
    assert "the token's id" in response.json()["detail"]


def test_a_token_in_the_address_is_refused(api, client):
    assert client.get(f"{API}projects/?token={api.secret}").status_code == 401
    assert api.get("projects/", {"token": api.secret}).status_code == 400


def test_a_revoked_token_is_shut_out_at_once(api):
    assert api.get("projects/").status_code == 200
    token_revoke(token=ApiToken.objects.get(), by="system:test")
    assert api.get("projects/").status_code == 401


def test_a_token_of_a_deactivated_person_is_shut_out(api, sysadmin):
    sysadmin.is_active = False
    sysadmin.save()
    assert api.get("projects/").status_code == 401


def test_scopes_open_their_half_only(caller):
    bi, live = caller(["bi:read"]), caller(["projects:read"])
    writer = caller(["measures:write"])
    for table in STAR:
        assert bi.get(table.path).status_code == 200
        for other in (live, writer):
            response = other.get(table.path)
            assert response.status_code == 403
            assert "bi:read" in response.json()["detail"]
    for table in RESOURCES:
        assert live.get(table.path).status_code == 200
        assert {c.get(table.path).status_code for c in (bi, writer)} == {403}


def test_every_nested_address_needs_its_scope(caller, project):
    measure = MeasureFactory(project=project)
    paths = [f"measures/{measure.pk}/data-points/"]
    paths += ["indicators/training.attendance/values/", "projects/QI-2026-0042/"]
    assert len(NESTED) == 2
    live, bi = caller(["projects:read"]), caller(["bi:read"])
    for path in paths:
        assert (live.get(path).status_code, bi.get(path).status_code) == (200, 403)


def test_any_token_reads_the_table_of_contents(caller):
    assert caller(["measures:write"]).get("").status_code == 200


def test_a_browser_session_opens_no_data(signed_in, qi_team, project):
    browser = signed_in(qi_team)
    for path in ("", "projects/", "bi/", "bi/dim_project/", "bi/dim_project.csv"):
        assert browser.get(API + path).status_code == 401


def test_a_token_opens_no_page(api, client):
    header = {"Authorization": f"Bearer {api.secret}"}
    assert client.get("/projects/", headers=header).status_code == 302


def test_a_unit_token_sees_its_subtree_only(caller, project, other_ward):
    elsewhere = ProjectFactory(unit=other_ward, reference="QI-2026-0099")
    MeasureFactory(project=elsewhere)
    own = MeasureFactory(project=project)
    ward = caller(READERS, unit=project.unit, name="Ward 7")
    assert [row["reference"] for row in ward.rows("projects/")] == ["QI-2026-0042"]
    assert [row["measure_key"] for row in ward.rows("bi/dim_measure/")] == [own.pk]
    assert [row["code"] for row in ward.rows("units/")] == [project.unit.code]
    assert ward.get("projects/QI-2026-0099/").status_code == 404
    assert ward.page("projects/", unit=other_ward.code)["results"] == []
    everywhere = caller(READERS)
    assert len(everywhere.rows("projects/")) == 2


def test_120_requests_a_minute_then_wait(api, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    for _ in range(119):
        assert api.get("").status_code == 200
    last = api.get("")
    assert last["RateLimit-Policy"] == '"token";q=120;w=60'
    assert last["RateLimit"] == '"token";r=0;t=60'
    refused = api.get("")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert refused.json()["type"] == "/api/v1/problems/throttled/"
    time_machine.move_to("2026-11-23T09:01:01Z", tick=False)
    assert api.get("").status_code == 200


def test_requests_without_the_scope_count_too(caller, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    writer = caller(["measures:write"])
    statuses = [writer.get("bi/dim_course/").status_code for _ in range(121)]
    assert statuses == [403] * 120 + [429]


def test_the_count_is_kept_per_token(caller, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    first, second = caller(), caller(name="R")
    for _ in range(121):
        first.get("")
    assert second.get("")["RateLimit"] == '"token";r=119;t=60'


def test_ten_wrong_tokens_a_minute_then_wait(api):
    wrong = Caller("qip_abcdefghij_wrong")
    statuses = [wrong.get("").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert wrong.get("")["Retry-After"] == "60"
    assert api.get("").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_reading_is_all_that_most_addresses_do(api, method):
    call = getattr(Client(), method)
    for path in ("bi/dim_project/", "projects/", "bi/dim_project.csv", "bi/"):
        assert call(API + path).status_code == 401
        header = {"Authorization": f"Bearer {api.secret}"}
        response = call(API + path, headers=header)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"
