"""The schema says exactly what the API does, and only grows."""

import json
import re

import pytest
from django.core.management import call_command

from qiportal.api.dictionary import dictionary_rows
from qiportal.api.tables import RESOURCES, STAR
from qiportal.api.urls import urlpatterns
from tests.qiportal.api import golden
from tests.qiportal.api.contract import schema


def route_paths():
    """Every address with its slash or suffix, as the schema writes it."""
    found = set()
    for pattern in urlpatterns:
        text = str(pattern.pattern).removeprefix("^")
        path = re.sub(r"\(\?P<([a-z_]+)>[^)]*\)", r"{\1}", text)
        path = path.removesuffix("$").replace("\\.", ".").replace("\\", "")
        if path.endswith(("/", ".{suffix}")) or text == "":
            found.add(f"/api/v1/{path}")
    return found


def test_routes_are_operations_and_operations_are_routes():
    paths = schema()["paths"]
    assert route_paths() == set(paths)
    ids = [
        operation["operationId"]
        for path in paths.values()
        for operation in path.values()
    ]
    assert len(ids) == len(set(ids))


def test_the_schema_comes_without_a_single_warning(tmp_path):
    file = tmp_path / "schema.json"
    call_command(
        "spectacular",
        file=str(file),
        format="openapi-json",
        validate=True,
        fail_on_warn=True,
    )
    assert json.loads(file.read_text())["openapi"] == "3.1.1"


def test_the_contract_only_grows():
    """Run `python -m tests.qiportal.api.golden` to accept what was added."""
    assert golden.lost_columns() == []
    assert golden.lost_promises() == []


def test_the_contract_in_git_is_up_to_date():
    assert golden.columns_text() == golden.COLUMNS.read_text()
    assert golden.schema_text() == golden.SCHEMA.read_text()


def test_a_narrower_promise_would_be_noticed():
    old = {"properties": {"a": {"type": "integer"}}, "required": ["a"]}
    assert golden.lost(
        old, {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    )
    assert golden.lost(old, {"properties": {}, "required": ["a"]})
    more = {"properties": {"a": {"type": "integer"}, "b": {}}, "required": ["a", "b"]}
    assert golden.lost(old, more) == []


@pytest.mark.django_db
def test_every_table_keeps_its_promise_filled(api, world):
    """The client checks each answer against the schema."""
    for table in (*RESOURCES, *STAR):
        page = api.page(table.path)
        assert page["results"], table.name
        assert list(page["results"][0]) == list(table.names)
        api.page(table.path, updated_since="2020-01-01T00:00:00Z")


@pytest.mark.django_db
def test_every_single_address_keeps_its_promise(api, world):
    measure = api.page("measures/")["results"][0]["measure_key"]
    for path in (
        *("", "bi/", "bi/dictionary/", "schema/", "rollup-runs/latest/"),
        *("projects/QI-2026-0042/", "indicators/training.attendance/values/"),
        f"measures/{measure}/data-points/",
    ):
        assert api.get(path).status_code == 200, path


@pytest.mark.django_db
def test_url_leads_to_exactly_the_row(api, world):
    for table in RESOURCES:
        row = api.page(table.path)["results"][-1]
        path = row["url"].removeprefix("http://127.0.0.1:8000/api/v1/")
        body = api.get(path).json()
        assert body.get("results", [body]) == [row], table.name
    row = api.page("indicators/training.attendance/values/")["results"][0]
    body = api.get(row["url"].removeprefix("http://127.0.0.1:8000/api/v1/")).json()
    assert body["results"] == [row]


@pytest.mark.django_db
def test_the_dictionary_has_every_column_in_three_formats(api):
    rows = api.page("bi/dictionary/")["results"]
    assert rows == dictionary_rows() == api.ndjson("bi/dictionary.ndjson")
    told = {(row["table"], row["column"]) for row in rows}
    assert told == {(table.name, name) for table in STAR for name in table.names}
    text = api.csv("bi/dictionary.csv")
    assert [row["meaning"] for row in text] == [row["meaning"] for row in rows]
    assert all(row["meaning"] for row in rows)


def test_every_link_leads_to_a_key():
    keys = {f"{table.name}.{column.name}" for table in STAR for column in table.keys}
    for table in STAR:
        for column in table.columns:
            if column.references:
                assert column.references in keys, f"{table.name}.{column.name}"


def test_no_column_ranks_anybody():
    words = {"rank", "rag", "rating", "league", "quartile", "score_order"}
    for table in (*STAR, *RESOURCES):
        for name in table.names:
            assert not words & set(name.split("_")), name
