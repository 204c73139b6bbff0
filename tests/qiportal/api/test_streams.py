"""CSV and NDJSON: whole tables, counted, with ETags, two at once."""

import csv
import io

import pytest
from django.test import Client

from pdsa.models import DataPoint
from pdsa.services import data_point_delete
from qiportal.accounts.models import ApiToken
from qiportal.api.auth import StreamSlot
from qiportal.api.formats import csv_lines, ndjson_lines
from qiportal.api.problems import ApiProblem
from qiportal.api.tables import STAR
from qiportal.dashboard.services import rollup
from tests.factories import DataPointFactory, MeasureFactory, ProjectFactory
from tests.qiportal.api.clients import API

pytestmark = pytest.mark.django_db


def body_of(response):
    return b"".join(response.streaming_content)


def test_csv_has_a_header_crlf_and_no_mark(api, ward):
    ProjectFactory(
        unit=ward, title='Say "no", twice,\nplease', reference="QI-2026-0001"
    )
    text = body_of(api.get("bi/dim_project.csv")).decode()
    assert text.startswith("project_key,reference,title,")
    assert '"Say ""no"", twice,\nplease"' in text
    assert text.count("\r\n") == 2
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["has_smart_aim"], row["is_deleted"]) == ("false", "false")
    assert (row["closed_on"], row["method_key"]) == ("", "")
    assert row["unit_key"] == str(ward.pk)


def test_the_feed_is_not_escaped_for_spreadsheets(api, ward):
    ProjectFactory(unit=ward, title="=1+1")
    (row,) = api.csv("bi/dim_project.csv")
    assert row["title"] == "=1+1"


def test_unicode_survives(api, ward):
    ProjectFactory(unit=ward, title="Café – 5 ≥ 3 🦉")
    assert api.csv("bi/dim_project.csv")[0]["title"] == "Café – 5 ≥ 3 🦉"
    assert api.ndjson("bi/dim_project.ndjson")[0]["title"] == "Café – 5 ≥ 3 🦉"


def test_the_headers_say_how_many_rows_and_as_of_when(api, world):
    for table in STAR:
        response = api.get(table.path.rstrip("/") + ".ndjson")
        lines = body_of(response).decode().splitlines()
        assert int(response["X-Row-Count"]) == len(lines), table.name
        assert response["X-As-Of"].endswith("Z")
        assert ("X-Run" in response) == (table.source.kind == "snapshot")
        assert response["ETag"].startswith('W/"')


def test_streams_take_filters_but_no_pages(api, project):
    one, two = (MeasureFactory(project=project) for _ in range(2))
    DataPointFactory(measure=one)
    DataPointFactory(measure=two)
    (row,) = api.csv("bi/fact_data_point.csv", measure_key=two.pk)
    assert row["measure_key"] == str(two.pk)
    for query in ("limit=5", "cursor=x"):
        assert api.get(f"bi/fact_data_point.csv?{query}").status_code == 400
    assert api.get("projects/?limit=5", Accept="text/csv").status_code == 400


def test_a_long_stream_is_sent_in_blocks_and_analyses_each_measure_once(
    api, project, django_assert_max_num_queries
):
    for _ in range(3):
        measure = MeasureFactory(project=project)
        DataPoint.objects.bulk_create(
            DataPointFactory.build_batch(
                1500, measure=measure, created_by=project.created_by
            )
        )
    response = api.get("bi/fact_data_point.csv")
    with django_assert_max_num_queries(10):
        blocks = list(response.streaming_content)
    assert len(blocks) > 5
    assert sum(block.count(b"\r\n") for block in blocks) == 4501


def test_head_tells_the_headers_and_reads_nothing(api, world):
    header = {"Authorization": f"Bearer {api.secret}"}
    response = Client().head(f"{API}bi/fact_data_point.csv", headers=header)
    assert response.status_code == 200
    assert response["X-Row-Count"] == "24"
    assert not response.streaming
    assert response.content == b""


def test_two_streams_at_once_then_wait(api, project):
    open_ones = [api.get("bi/dim_project.csv") for _ in range(2)]
    refused = api.get("bi/dim_project.csv")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "10"
    assert api.get("bi/dim_project/").status_code == 200  # pages go on
    body_of(open_ones[0])
    assert body_of(api.get("bi/dim_project.csv"))


def test_a_place_is_given_back_once(api, project):
    token = ApiToken.objects.get()
    slots = [StreamSlot(token) for _ in range(2)]
    with pytest.raises(ApiProblem):
        StreamSlot(token)
    slots[0].release()
    StreamSlot(token)


def test_lines_are_plain():
    rows = [
        {"a": 1, "b": None, "c": True, "d": 0.5},
        {"a": 2, "b": "x,y", "c": False, "d": 3},
    ]
    names = ["a", "b", "c", "d"]
    assert "".join(csv_lines(names, rows)) == (
        'a,b,c,d\r\n1,,true,0.5\r\n2,"x,y",false,3\r\n'
    )
    assert list(ndjson_lines(names, rows)) == [
        '{"a":1,"b":null,"c":true,"d":0.5}\n',
        '{"a":2,"b":"x,y","c":false,"d":3}\n',
    ]


# --- ETags ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["bi/fact_data_point/", "bi/fact_data_point.csv"])
def test_live_tables_answer_304_until_something_changes(api, project, path):
    point = DataPointFactory(measure=MeasureFactory(project=project))
    tag = api.get(path)["ETag"]
    same = api.get(path, **{"If-None-Match": tag})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
    assert same["Cache-Control"] == "private, no-cache"
    point.numerator = 9
    point.save()
    assert api.get(path, **{"If-None-Match": tag}).status_code == 200


def test_a_deletion_changes_the_etag(api, project, lead):
    measure = MeasureFactory(project=project)
    points = [DataPointFactory(measure=measure) for _ in range(2)]
    tag = api.get("bi/fact_data_point/")["ETag"]
    data_point_delete(point=points[0], by=lead)
    changed = api.get("bi/fact_data_point/", **{"If-None-Match": tag})
    assert changed.status_code == 200


def test_published_tables_answer_304_without_reading_a_row(
    api, world, django_assert_max_num_queries
):
    tag = api.get("bi/fact_indicator/")["ETag"]
    with django_assert_max_num_queries(6):  # the token, its use, the pointer
        same = api.get("bi/fact_indicator/", **{"If-None-Match": f'"x", {tag}'})
    assert same.status_code == 304
    rollup()
    assert api.get("bi/fact_indicator/", **{"If-None-Match": tag}).status_code == 200


def test_the_etag_tells_apart_filters_formats_and_tokens(api, caller, world):
    limited = caller(["bi:read"], unit=world[0], name="R")
    tags = [
        api.get("bi/fact_indicator/")["ETag"],
        api.get("bi/fact_indicator/?limit=10")["ETag"],
        api.get("bi/fact_indicator/?indicator_code=pdsa.started")["ETag"],
        api.get("bi/fact_indicator.csv")["ETag"],
        api.get("bi/fact_indicator.ndjson")["ETag"],
        limited.get("bi/fact_indicator/")["ETag"],
    ]
    assert len(set(tags)) == 6


def test_live_resources_have_no_etag(api, project):
    assert "ETag" not in api.get("projects/")
