"""The docs page, the pages of refusals, and "Data and API"."""

import re

import pytest
from django.test import Client

from qiportal.api.problems import KINDS
from qiportal.api.snippets import post_snippet, snippets
from qiportal.api.tables import RESOURCES, STAR
from qiportal.dashboard.services import rollup
from tests.qiportal.api.clients import API

pytestmark = pytest.mark.django_db


def test_the_docs_need_a_session_or_a_token(api, signed_in, frontline, client):
    assert client.get(f"{API}docs/").status_code == 401
    for path in ("docs/", "schema/", "problems/throttled/"):
        assert api.get(path).status_code == 200
        assert signed_in(frontline).get(API + path).status_code == 200


def test_a_browser_without_a_session_is_sent_to_sign_in(client):
    response = client.get(f"{API}docs/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/api/v1/docs/"


def test_the_session_of_a_leaver_opens_nothing(signed_in, frontline):
    browser = signed_in(frontline)
    frontline.is_active = False
    frontline.save()
    assert browser.get(f"{API}schema/").status_code == 401


def test_the_docs_tell_every_table_column_and_refusal(signed_in, frontline):
    page = signed_in(frontline).get(f"{API}docs/").content.decode()
    for table in STAR:
        assert f'id="{table.name}"' in page
        for column in table.columns:
            assert f">{column.name}" in page, column.name
    for table in RESOURCES:
        assert table.path in page
    for kind in KINDS.values():
        assert kind.slug in page
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "cannot say yet" not in page


def test_every_problem_has_its_page(signed_in, frontline):
    browser = signed_in(frontline)
    for kind in KINDS.values():
        page = browser.get(f"{API}problems/{kind.slug}/")
        assert page.status_code == 200
        assert kind.title in page.content.decode()
    assert browser.get(f"{API}problems/nonsense/").status_code == 404


def test_a_session_writes_and_changes_nothing_here(signed_in, frontline):
    browser = signed_in(frontline)
    for path in ("docs/", "schema/"):
        assert browser.post(API + path).status_code == 405


def test_the_schema_comes_in_its_two_names(api):
    assert api.get("schema/")["Content-Type"] == "application/json"
    named = "application/vnd.oai.openapi+json"
    header = {"Authorization": f"Bearer {api.secret}", "Accept": named}
    response = Client().get(f"{API}schema/", headers=header)
    assert (response.status_code, response["Content-Type"]) == (200, named)


def test_data_and_api_is_for_people_who_are_signed_in(client, signed_in, frontline):
    assert client.get("/data/").status_code == 302
    page = signed_in(frontline).get("/data/").content.decode()
    assert "No figures have been published yet" in page
    for table in STAR:
        assert table.name in page
    rollup()
    page = signed_in(frontline).get("/data/").content.decode()
    assert "Published figures as at" in page
    assert page.count("<h1") == 1


def test_the_code_to_copy_names_the_portal_and_no_token(settings):
    settings.PUBLIC_URL = "https://qi.example.nhs.uk"
    texts = [row["text"] for row in (*snippets(), post_snippet())]
    for text in texts:
        assert "https://qi.example.nhs.uk" in text
        assert "qip_" not in text
        assert "{" not in re.sub(r"\{\"[^}]*\}|\{[^}]*\}", "", text)


def test_power_query_keeps_to_what_power_bi_allows(settings):
    """A literal first argument; only RelativePath and Query vary; no key in it."""
    settings.PUBLIC_URL = "https://qi.example.nhs.uk"
    code = snippets()[0]["text"]
    assert code.count("Web.Contents(") == 1
    assert 'Web.Contents("https://qi.example.nhs.uk",' in code
    assert re.findall(r"\[(RelativePath|Query|Headers)", code) == ["RelativePath"]
    assert "Query = " in code
    assert "Headers" not in code
