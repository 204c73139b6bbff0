"""Every refusal is application/problem+json; parameters are known, single, readable."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from qiportal.api.problems import KINDS
from qiportal.api.tables import STAR
from qiportal.api.tables.rows import OrmRows
from qiportal.core.dates import now
from tests.factories import MeasureFactory, ProjectFactory
from tests.qiportal.api.clients import API

pytestmark = pytest.mark.django_db


def problem(response, status, slug):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert list(body) == ["type", "title", "status", "detail", "instance", "errors"]
    assert body["type"] == f"/api/v1/problems/{slug}/"
    assert body["title"] == KINDS[slug].title
    assert body["status"] == status
    return body


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("owner__email__startswith=a", "/query/owner__email__startswith", "unknown"),
        ("format=csv", "/query/format", "unknown"),
        ("status=active", "/query/status", "unknown"),
        ("limit=1&limit=2", "/query/limit", "repeated"),
        ("limit=0", "/query/limit", "out_of_range"),
        ("limit=501", "/query/limit", "out_of_range"),
        ("limit=-1", "/query/limit", "out_of_range"),
        ("limit=ten", "/query/limit", "out_of_range"),
        ("limit=", "/query/limit", "out_of_range"),
        ("from=yesterday", "/query/from", "not_a_date"),
        ("from=2026-02-30", "/query/from", "not_a_date"),
        ("to=9999-01-01", "/query/to", "not_a_date"),
        ("updated_since=now", "/query/updated_since", "not_a_moment"),
        ("updated_since=2026-13-01T00:00:00Z", "/query/updated_since", "not_a_moment"),
        ("unit=NOWHERE", "/query/unit", "unknown_unit"),
        ("unit=%00", "/query/unit", "not_text"),
        ("project_key=1%20or%201", "/query/project_key", "not_a_number"),
        ("project_key=" + "9" * 19, "/query/project_key", "not_a_number"),
        ("unit_key=", "/query/unit_key", "not_a_number"),
    ],
)
def test_a_bad_parameter_is_named(api, query, pointer, code):
    body = problem(api.get(f"projects/?{query}"), 400, "bad-parameter")
    (error,) = body["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert error["detail"]
    assert body["instance"] == "/api/v1/projects/"


def test_every_unknown_parameter_is_named(api):
    body = problem(api.get("projects/?one=1&two=2&limit=5"), 400, "bad-parameter")
    assert [error["pointer"] for error in body["errors"]] == [
        "/query/one",
        "/query/two",
    ]
    assert "Known parameters: limit, cursor, updated_since, from, to" in body["detail"]


def test_no_table_takes_an_unknown_parameter(api):
    for table in STAR:
        assert api.get(f"{table.path}?nonsense=1").status_code == 400
        assert api.get(table.path.rstrip("/") + ".csv?limit=5").status_code == 400


def test_tables_without_days_or_units_refuse_such_filters(api):
    assert api.get("courses/?from=2026-01-01").status_code == 400
    assert api.get("courses/?unit=RVB").status_code == 400


def test_a_bad_day_of_the_calendar(api):
    for text in ("20261301", "20260230", "5"):
        response = api.get(f"bi/fact_data_point/?period_date_key={text}")
        assert (
            problem(response, 400, "bad-parameter")["errors"][0]["code"] == "not_a_date"
        )


def test_a_wrong_address_is_404_for_those_with_a_token(api, client):
    for path in ("nothing/", "bi/fact_nothing/", "bi/dim_unit.xlsx", "measures/x/"):
        problem(api.get(path), 404, "not-found")
        assert client.get(API + path).status_code == 401
        assert api.post(path, {}).status_code == 404


def test_rows_that_are_not_there(api, project):
    measure = MeasureFactory(project=project)
    problem(api.get("projects/QI-2026-9999/"), 404, "not-found")
    problem(api.get(f"measures/{measure.pk + 1}/data-points/"), 404, "not-found")
    problem(api.get("indicators/no.such/values/"), 404, "not-found")
    problem(api.get("indicators/course.booked/values/"), 404, "not-found")
    problem(api.get("rollup-runs/latest/"), 404, "not-found")


def test_formats_that_are_not_offered(api):
    problem(api.get("projects/", Accept="application/xml"), 406, "not-acceptable")
    problem(api.get("bi/", Accept="text/csv"), 406, "not-acceptable")
    problem(api.get("schema/", Accept="text/html"), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("application/*", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/json;q=0.2, text/csv", "text/csv; charset=utf-8"),
        ("application/x-ndjson", "application/x-ndjson; charset=utf-8"),
        ("text/csv;q=0, application/json;q=0.1", "application/json"),
    ],
)
def test_accept_chooses_the_format(api, accept, content_type):
    response = api.get("projects/", Accept=accept)
    assert response.status_code == 200
    assert response["Content-Type"] == content_type


def test_addresses_work_with_and_without_their_slash(api, project):
    for path in ("", "bi", "bi/dim_project", "projects", "projects/QI-2026-0042"):
        for form in (f"{path}/", path):
            assert api.get(form.lstrip("/")).status_code == 200, form
    header = {"Authorization": f"Bearer {api.secret}"}
    assert api.client.get("/api/v1", headers=header).status_code == 200


def test_links_name_the_public_address_whatever_the_host(api, settings, ward):
    settings.PUBLIC_URL = "https://qi.example.nhs.uk"
    ProjectFactory.create_batch(2, unit=ward)
    page = api.page("projects/", limit=1)
    assert page["next"].startswith(
        "https://qi.example.nhs.uk/api/v1/projects/?limit=1&"
    )
    (row,) = page["results"]
    assert row["page_url"].startswith("https://qi.example.nhs.uk/projects/QI-")
    assert row["url"].startswith("https://qi.example.nhs.uk/api/v1/projects/QI-")


def test_what_caches_are_told(api, project):
    live, table = api.get("projects/"), api.get("bi/dim_project/")
    assert live["Cache-Control"] == "no-store"
    assert table["Cache-Control"] == "private, no-cache"
    for response in (live, table):
        vary = {name.strip() for name in response["Vary"].split(",")}
        assert {"Accept", "Authorization", "X-API-Key"} <= vary
        assert "Access-Control-Allow-Origin" not in response
        assert response["X-Content-Type-Options"] == "nosniff"


def test_a_busy_database_is_503_and_says_when_to_come_back(api, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(OrmRows, "page", busy)
    response = api.get("projects/")
    body = problem(response, 503, "unavailable")
    assert response["Retry-After"] == "5"
    assert "statement" not in body["detail"]


def test_a_fault_of_ours_is_a_problem_too_without_details(api, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("canary 4711")

    monkeypatch.setattr(OrmRows, "page", broken)
    api.client.raise_request_exception = False
    response = api.get("projects/")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response["X-Request-Id"] in response.json()["detail"]
    assert b"4711" not in response.content


def test_updated_since_takes_offsets_plain_days_and_spaces(api, ward):
    ProjectFactory(unit=ward)
    ahead = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S")
    for text, found in (
        ("2026-01-01", 1),
        ("2026-01-01T00:00:00", 1),
        ("2026-01-01T00:00:00+01:00", 1),
        (f"{ahead}Z", 0),
        (f"{ahead}-01:00", 0),
        ("1901-01-01", 1),
    ):
        response = api.get(f"projects/?updated_since={text}")
        assert len(response.json()["results"]) == found, text


def test_unit_means_it_and_all_below(api, ward, other_ward, trust):
    mine = ProjectFactory(unit=ward)
    above = ProjectFactory(unit=ward.parent)
    ProjectFactory(unit=other_ward)
    found = {row["project_key"] for row in api.rows("projects/", unit=ward.parent.code)}
    assert found == {mine.pk, above.pk}
    assert len(api.rows("projects/", unit=ward.code)) == 1
    assert len(api.rows("projects/", unit=trust.code)) == 3
