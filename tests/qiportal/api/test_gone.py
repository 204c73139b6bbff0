"""Rows that are gone come as tombstones, to those who may have seen them only."""

from datetime import date, timedelta

import pytest

from pdsa.services import (
    cycle_delete,
    cycle_restore,
    data_point_delete,
    data_point_restore,
    measure_delete,
    phase_add,
    phase_undo,
)
from projects.services import (
    method_attach,
    method_detach,
    project_delete,
    project_edit,
    project_restore,
)
from qiportal.core.dates import now
from tests.factories import (
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    MethodFactory,
    MethodVersionFactory,
    ProjectFactory,
    RampFactory,
)

pytestmark = pytest.mark.django_db
START = "2026-01-01T00:00:00Z"


def gone(api, path, key, since=START, **query):
    rows = api.rows(path, updated_since=since, **query)
    return [row[key] for row in rows if row["is_deleted"]]


def living(api, path, key, since=START):
    rows = api.rows(path, updated_since=since)
    return [row[key] for row in rows if not row["is_deleted"]]


@pytest.fixture
def full(project):
    """A project with a cycle, a measure and a number."""
    cycle = CycleFactory(ramp=RampFactory(project=project))
    point = DataPointFactory(measure=MeasureFactory(project=project))
    return cycle, point


def test_a_tombstone_has_keys_and_times_and_nothing_else(api, full, lead):
    cycle, _ = full
    cycle_delete(cycle=cycle, by=lead)
    cycle.refresh_from_db()
    (row,) = api.rows("bi/fact_pdsa_cycle/", updated_since=START)
    kept = {name: value for name, value in row.items() if value is not None}
    stamp = row["deleted_at"]
    assert kept == {
        "cycle_key": cycle.pk,
        "row_key": str(cycle.pk),
        "is_deleted": True,
        "deleted_at": stamp,
        "updated_at": stamp,
    }
    assert api.rows("bi/fact_pdsa_cycle/") == []


def test_a_row_that_is_back_is_no_longer_gone(api, full, lead):
    cycle, point = full
    cycle_delete(cycle=cycle, by=lead)
    data_point_delete(point=point, by=lead)
    assert gone(api, "data-points/", "point_key") == [point.pk]
    since = now().isoformat()
    cycle_restore(cycle=cycle, by=lead)
    data_point_restore(point=point, by=lead)
    assert gone(api, "cycles/", "cycle_key") == []
    assert living(api, "cycles/", "cycle_key", since) == [cycle.pk]
    assert living(api, "data-points/", "point_key", since) == [point.pk]


def test_the_numbers_of_a_deleted_measure_are_gone_with_it(api, full, lead):
    _, point = full
    measure_delete(measure=point.measure, by=lead)
    assert gone(api, "measures/", "measure_key") == [point.measure_id]
    assert gone(api, "data-points/", "point_key") == [point.pk]


def test_a_phase_taken_back_is_gone(api, full, lead):
    _, point = full
    phase = phase_add(
        measure=point.measure,
        starts_on=date(2020, 1, 1),
        label="Baseline",
        reason="Start",
        by=lead,
    )
    assert living(api, "phases/", "phase_key") == [phase.pk]
    phase_undo(phase=phase, by=lead)
    assert gone(api, "phases/", "phase_key") == [phase.pk]


def test_leaving_trust_visibility_takes_everything_with_it(api, full, project, lead):
    cycle, point = full
    since = now().isoformat()
    project_edit(project=project, version=1, by=lead, visibility="team")
    assert gone(api, "projects/", "project_key", since) == [project.pk]
    assert gone(api, "cycles/", "cycle_key", since) == [cycle.pk]
    assert gone(api, "data-points/", "point_key", since) == [point.pk]
    assert gone(api, "bi/fact_pdsa_ramp/", "ramp_key", since) == [cycle.ramp_id]
    since = now().isoformat()
    project_edit(project=project, version=2, by=lead, visibility="trust")
    assert living(api, "projects/", "project_key", since) == [project.pk]
    assert living(api, "cycles/", "cycle_key", since) == [cycle.pk]
    assert living(api, "measures/", "measure_key", since) == [point.measure_id]
    assert living(api, "data-points/", "point_key", since) == [point.pk]


def test_a_deleted_project_and_its_rows_come_back_with_it(api, full, project, qi_team):
    cycle, point = full
    project_delete(project=project, by=qi_team)
    assert gone(api, "bi/dim_project/", "project_key") == [project.pk]
    assert gone(api, "bi/fact_data_point/", "point_key") == [point.pk]
    since = now().isoformat()
    project_restore(project=project, by=qi_team)
    assert living(api, "bi/fact_data_point/", "point_key", since) == [point.pk]
    assert living(api, "bi/fact_pdsa_cycle/", "cycle_key", since) == [cycle.pk]


def test_what_was_never_in_sight_is_never_reported_gone(api, ward, lead, qi_team):
    draft = ProjectFactory(unit=ward, visibility="draft", created_by=lead)
    cycle = CycleFactory(ramp=RampFactory(project=draft))
    point = DataPointFactory(measure=MeasureFactory(project=draft))
    cycle_delete(cycle=cycle, by=lead)
    data_point_delete(point=point, by=lead)
    project_delete(project=draft, by=qi_team)
    for path in (
        *("projects/", "cycles/", "measures/", "data-points/", "phases/"),
        *("bi/fact_pdsa_ramp/", "bi/fact_barrier/", "bi/fact_method_use/"),
    ):
        assert api.rows(path, updated_since=START) == [], path


def test_what_began_after_a_project_left_is_not_reported(api, project, lead):
    project_edit(project=project, version=1, by=lead, visibility="team")
    CycleFactory(ramp=RampFactory(project=project))
    assert api.rows("cycles/", updated_since=START) == []


def test_a_project_that_moves_is_gone_for_tokens_of_its_old_unit_only(
    api, caller, full, project, other_ward, lead
):
    cycle, _ = full
    old = caller(["projects:read"], unit=project.unit, name="Ward 7")
    new = caller(["projects:read"], unit=other_ward, name="Ward 12")
    since = now().isoformat()
    project_edit(project=project, version=1, by=lead, unit=other_ward)
    assert gone(old, "projects/", "project_key", since) == [project.pk]
    assert gone(old, "cycles/", "cycle_key", since) == [cycle.pk]
    for client in (new, api):
        assert gone(client, "projects/", "project_key", since) == []
        assert living(client, "projects/", "project_key", since) == [project.pk]
        assert living(client, "cycles/", "cycle_key", since) == [cycle.pk]


def test_a_method_taken_off_a_project_is_gone_by_both_keys(api, project, lead):
    method = MethodFactory()
    method.current_version = MethodVersionFactory(method=method)
    method.save()
    use = method_attach(project=project, method=method, used_for="", by=lead)
    method_detach(use=use, by=lead)
    (row,) = api.rows("bi/fact_method_use/", updated_since=START)
    assert row["is_deleted"] is True
    assert (row["project_key"], row["method_key"]) == (project.pk, method.pk)
    assert row["row_key"] == f"{project.pk}-{method.pk}"


def test_rows_long_taken_out_of_the_database_stay_reported(api, full, lead):
    cycle, _ = full
    cycle_delete(cycle=cycle, by=lead)
    key = cycle.pk
    cycle.delete()
    assert gone(api, "cycles/", "cycle_key") == [key]


def test_living_and_gone_rows_share_one_walk(api, project, lead):
    ramp = RampFactory(project=project)
    cycles = [CycleFactory(ramp=ramp) for _ in range(9)]
    for cycle in cycles[::2]:
        cycle_delete(cycle=cycle, by=lead)
    removed = cycles[4].pk
    cycles[4].delete()
    rows = api.rows("cycles/", updated_since=START, limit=2)
    assert sorted(row["cycle_key"] for row in rows) == sorted(
        {*(c.pk for c in cycles if c.pk), removed}
    )
    assert sum(row["is_deleted"] for row in rows) == 5
    stamps = [row["updated_at"] for row in rows]
    assert stamps == sorted(stamps)


def test_gone_rows_count_from_the_moment_they_went(api, full, lead):
    cycle, _ = full
    cycle_delete(cycle=cycle, by=lead)
    later = (now() + timedelta(minutes=1)).isoformat()
    assert gone(api, "cycles/", "cycle_key", later) == []


def test_streams_of_changes_hold_gone_rows_too(api, full, lead):
    cycle, _ = full
    cycle_delete(cycle=cycle, by=lead)
    response = api.get("bi/fact_pdsa_cycle.csv", {"updated_since": START})
    assert response["X-Row-Count"] == "1"
    (row,) = api.csv("bi/fact_pdsa_cycle.csv", updated_since=START)
    assert (row["is_deleted"], row["cycle_key"]) == ("true", str(cycle.pk))
    assert row["number"] == ""
    assert api.csv("bi/fact_pdsa_cycle.csv") == []
