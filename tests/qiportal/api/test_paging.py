"""Walks by keyset: no row lost, none forged, one run from beginning to end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing

from pdsa.models import DataPoint
from projects.models import Project
from qiportal.api.cursor import SALT
from qiportal.core.dates import now
from qiportal.dashboard.models import IndicatorSnapshot, PublishedRun, RollupRun
from tests.factories import (
    CourseFactory,
    DataPointFactory,
    MeasureFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)


def tied_points(project, count):
    measure = MeasureFactory(project=project)
    DataPoint.objects.bulk_create(
        DataPointFactory.build(
            measure=measure,
            created_by=project.created_by,
            period_start=date(2000, 1, 1) + timedelta(days=n),
        )
        for n in range(count)
    )
    measure.points.update(updated_at=MOMENT)
    type(measure).objects.filter(pk=measure.pk).update(updated_at=MOMENT)
    Project.objects.filter(pk=project.pk).update(created_at=MOMENT)
    return measure


def test_3000_rows_of_one_moment_are_all_met_once(api, project):
    tied_points(project, 3000)
    keys = [row["point_key"] for row in api.rows("bi/fact_data_point/", limit=700)]
    assert len(keys) == 3000
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_the_last_page_has_no_next(api, project, limit):
    tied_points(project, 7)
    assert len(api.rows("data-points/", limit=limit)) == 7
    page = api.page("data-points/", limit=7)
    assert (page["next"], page["next_cursor"]) == (None, None)
    assert page["run"] is None


def test_next_is_the_same_walk_as_the_bare_cursor(api, project):
    tied_points(project, 5)
    page = api.page("data-points/", limit=2, unit=project.unit.code)
    header = {"Authorization": f"Bearer {api.secret}"}
    by_link = api.client.get(
        page["next"].removeprefix("http://127.0.0.1:8000"), headers=header
    )
    by_cursor = api.page(
        "data-points/", limit=2, unit=project.unit.code, cursor=page["next_cursor"]
    )
    assert by_link.json()["results"] == by_cursor["results"]
    assert by_link.json()["as_of"] == by_cursor["as_of"] == page["as_of"]


def test_the_order_is_by_change_then_key(api, ward):
    rows = [ProjectFactory(unit=ward) for _ in range(3)]
    for row, minutes in zip(rows, (2, 0, 1), strict=True):
        moment = MOMENT + timedelta(minutes=minutes)
        Project.objects.filter(pk=row.pk).update(updated_at=moment)
    keys = [row["project_key"] for row in api.rows("projects/", limit=1)]
    assert keys == [rows[1].pk, rows[2].pk, rows[0].pk]


def test_a_row_that_changes_during_the_walk_may_come_twice_but_none_is_missed(
    api, ward
):
    rows = [ProjectFactory(unit=ward) for _ in range(6)]
    first = api.page("projects/", limit=3)
    Project.objects.filter(pk=rows[0].pk).update(updated_at=now())
    rest = api.rows("projects/", limit=3, cursor=first["next_cursor"])
    met = [row["project_key"] for row in [*first["results"], *rest]]
    assert set(met) == {row.pk for row in rows}
    assert met.count(rows[0].pk) == 2


def refused(response, words):
    assert response.status_code == 400
    body = response.json()
    assert body["type"] == "/api/v1/problems/bad-cursor/"
    assert words in body["detail"]


def test_a_cursor_cannot_be_forged_or_used_elsewhere(api, caller, project, other_ward):
    tied_points(project, 5)
    cursor = api.page("data-points/", limit=2)["next_cursor"]
    refused(api.get("data-points/", {"cursor": cursor + "x"}), "changed")
    refused(api.get("data-points/", {"cursor": cursor[1:]}), "changed")
    refused(api.get("data-points/", {"cursor": "nonsense"}), "changed")
    refused(api.get("data-points/", {"cursor": "\x00"}), "changed")
    refused(api.get("measures/", {"cursor": cursor}), "another table")
    refused(api.get("bi/fact_data_point/", {"cursor": cursor}), "another table")
    refused(
        api.get("data-points/", {"cursor": cursor, "unit": project.unit.code}),
        "filters",
    )
    limited = caller(["projects:read"], unit=other_ward, name="R")
    refused(limited.get("data-points/", {"cursor": cursor}), "filters")
    for told in (["other"], [9, "data-points/"], {"a": 1}, 7):
        forged = signing.dumps(told, salt=SALT)
        assert api.get("data-points/", {"cursor": forged}).status_code == 400


def test_the_page_size_may_change_on_the_way_and_a_page_may_be_asked_again(
    api, project
):
    tied_points(project, 9)
    first = api.page("data-points/", limit=2)
    again = [
        api.page("data-points/", limit=3, cursor=first["next_cursor"]) for _ in "ab"
    ]
    assert again[0]["results"] == again[1]["results"]
    rest = api.rows("data-points/", limit=5, cursor=first["next_cursor"])
    assert len(first["results"]) + len(rest) == 9


def test_the_nested_list_holds_one_measure_and_its_cursor_stays_there(api, project):
    one, two = tied_points(project, 5), tied_points(project, 4)
    rows = api.rows(f"measures/{one.pk}/data-points/", limit=2)
    assert {row["measure_key"] for row in rows} == {one.pk}
    assert len(rows) == 5
    page = api.page(f"measures/{one.pk}/data-points/", limit=2)
    assert f"/measures/{one.pk}/data-points/?" in page["next"]
    refused(
        api.get(f"measures/{two.pk}/data-points/", {"cursor": page["next_cursor"]}),
        "filters",
    )
    assert api.get(f"measures/{one.pk}/data-points/?measure_key=1").status_code == 400


# --- published runs ------------------------------------------------------------------


def publish(unit, values, at):
    run = RollupRun.objects.create(
        as_of=at.date(),
        attempt=RollupRun.objects.count() + 1,
        started_at=at,
        heartbeat=at,
        code_version="1",
    )
    IndicatorSnapshot.objects.bulk_create(
        IndicatorSnapshot(
            run=run,
            indicator="pdsa.started",
            unit=unit,
            period_start=date(2026, month, 1),
            numerator=value,
            n=value,
        )
        for month, value in enumerate(values, start=1)
    )
    PublishedRun.objects.update_or_create(
        id=1, defaults={"run": run, "published_at": at}
    )
    return run


def test_a_walk_keeps_the_run_it_began_with(api, ward):
    old = publish(ward, [1, 2, 3, 4], MOMENT)
    page = api.page("bi/fact_indicator/", limit=2)
    assert (page["run"], page["as_of"]) == (old.pk, "2026-11-20T09:30:00.123456Z")
    new = publish(ward, [9, 9, 9, 9], MOMENT + timedelta(days=1))
    second = api.page("bi/fact_indicator/", limit=2, cursor=page["next_cursor"])
    assert [row["value"] for row in second["results"]] == [3, 4]
    assert (second["run"], second["as_of"]) == (old.pk, page["as_of"])
    assert {row["updated_at"] for row in second["results"]} == {page["as_of"]}
    assert api.page("bi/fact_indicator/")["run"] == new.pk


def test_a_walk_of_a_run_that_is_gone_is_410(api, ward):
    old = publish(ward, [1, 2, 3], MOMENT)
    cursor = api.page("bi/fact_indicator/", limit=1)["next_cursor"]
    publish(ward, [1], MOMENT + timedelta(days=1))
    old.delete()
    response = api.get("bi/fact_indicator/", {"cursor": cursor})
    assert response.status_code == 410
    assert response.json()["type"] == "/api/v1/problems/cursor-expired/"


def test_published_tables_come_whole_once_a_newer_run_is_out(api, ward):
    publish(ward, [1, 2], MOMENT)
    as_of = api.page("bi/fact_indicator/")["as_of"]
    assert api.page("bi/fact_indicator/", updated_since=as_of)["results"] == []
    publish(ward, [1, 2, 3], MOMENT + timedelta(days=1))
    assert len(api.rows("bi/fact_indicator/", updated_since=as_of, limit=2)) == 3


def test_before_the_first_run_published_tables_are_empty(api):
    page = api.page("bi/fact_indicator/")
    assert (page["results"], page["run"], page["next"]) == ([], None, None)
    assert api.csv("bi/fact_indicator.csv") == []


# --- what changed --------------------------------------------------------------------


def test_as_of_leaves_five_minutes_for_late_commits(api, project, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    assert api.page("projects/")["as_of"] == "2026-11-23T08:55:00Z"
    assert api.get("bi/dim_project.csv")["X-As-Of"] == "2026-11-23T08:55:00Z"


def test_updated_since_is_inclusive(api, ward):
    row = ProjectFactory(unit=ward)
    Project.objects.update(updated_at=MOMENT, created_at=MOMENT)
    at = "2026-11-20T09:30:00.123456Z"
    (found,) = api.rows("projects/", updated_since=at)
    assert (found["project_key"], found["updated_at"]) == (row.pk, at)
    assert api.rows("projects/", updated_since="2026-11-20T09:30:00.123457Z") == []


def test_two_walks_overlap_so_that_nothing_falls_between(api, ward, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    page = api.page("courses/")
    late = CourseFactory()
    late_at = datetime(2026, 11, 23, 8, 58, tzinfo=UTC)  # committed after we looked
    type(late).objects.update(updated_at=late_at)
    rows = api.rows("courses/", updated_since=page["as_of"])
    assert [row["course_key"] for row in rows] == [late.pk]


def test_from_and_to_are_half_open(api, project):
    measure = MeasureFactory(project=project)
    for month in (8, 9, 10):
        DataPointFactory(measure=measure, period_start=date(2026, month, 1))
    query = {"from": "2026-08-01", "to": "2026-10-01"}
    days = [row["period_start"] for row in api.rows("data-points/", **query)]
    assert sorted(days) == ["2026-08-01", "2026-09-01"]


def test_days_of_moments_are_london_days(api, ward):
    row = CourseFactory()
    session = row.sessions.create(
        starts_at=datetime(2026, 7, 31, 23, 30, tzinfo=UTC),  # 00:30 on 1 August
        ends_at=datetime(2026, 8, 1, 3, tzinfo=UTC),
        venue="Room 1",
        places=5,
        created_by=row.owner,
    )
    query = {"from": "2026-08-01", "to": "2026-08-02"}
    (found,) = api.rows("training-sessions/", **query)
    assert found["start_date_key"] == 20260801
    assert found["starts_at"] == "2026-07-31T23:30:00Z"
    by_key = api.rows("training-sessions/", start_date_key=20260801)
    assert [r["session_key"] for r in by_key] == [session.pk]
    assert api.rows("training-sessions/", start_date_key=20260731) == []


def test_key_columns_filter_by_equality(api, project):
    one, two = tied_points(project, 3), tied_points(project, 2)
    assert len(api.rows("bi/fact_data_point/", measure_key=two.pk)) == 2
    (row,) = api.rows("data-points/", point_key=one.points.first().pk)
    assert row["measure_key"] == one.pk
    assert len(api.rows("data-points/", period_date_key=20000101)) == 2
    assert len(api.rows("bi/dim_date/", date_key=20261123)) == 1
