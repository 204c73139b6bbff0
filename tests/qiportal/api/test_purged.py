"""What the nightly purge takes out of the database, readers are still told of."""

from datetime import date, timedelta

import pytest
import time_machine

from pdsa.models import Cycle, DataPoint
from pdsa.services import (
    cycle_delete,
    data_point_delete,
    measure_delete,
    phase_add,
)
from pdsa.services.purge import purge_deleted
from projects.models import Project
from projects.services import barrier_raise, project_delete, project_edit, status_change
from qiportal.accounts.models import Tombstone
from qiportal.core.dates import now, today
from tests.factories import (
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    MemberFactory,
    ProjectFactory,
    RampFactory,
)

pytestmark = pytest.mark.django_db
START = "2026-01-01T00:00:00Z"
TABLES = (
    *("dim_project", "dim_measure", "fact_pdsa_cycle", "fact_pdsa_ramp"),
    *("fact_data_point", "fact_phase", "fact_barrier", "fact_project_status"),
    "fact_method_use",
)


def told(api, since=START):
    """table -> what is reported gone, and when."""
    found = {}
    for table in TABLES:
        rows = api.rows(f"bi/{table}/", updated_since=since)
        gone = {(r["row_key"], r["deleted_at"]) for r in rows if r["is_deleted"]}
        found[table] = gone
    return found


def later(days=31):
    return time_machine.travel(now() + timedelta(days=days), tick=False)


@pytest.fixture
def full(project, lead):
    return filled(project, lead)


def filled(project, lead):
    """A project with one row in most tables."""
    cycle = CycleFactory(ramp=RampFactory(project=project))
    measure = MeasureFactory(project=project)
    point = DataPointFactory(measure=measure, period_start=date(2024, 1, 1))
    words = {"label": "Baseline", "reason": "Start", "by": lead}
    phase_add(measure=measure, starts_on=date(2024, 1, 1), **words)
    barrier_raise(project=project, type="time", text="No time", level="unit", by=lead)
    status_change(project=project, to="resting", reason="Winter", by=lead)
    return cycle, measure, point


def test_rows_stay_reported_after_the_purge(api, full, lead):
    cycle, measure, _ = full
    cycle_delete(cycle=cycle, by=lead)
    measure_delete(measure=measure, by=lead)
    before = told(api)
    assert len(before["fact_data_point"]) == len(before["fact_phase"]) == 1
    with later():
        purge_deleted()
    assert not Cycle.objects.exists()
    assert not DataPoint.objects.exists()
    after = told(api)
    assert {t: {key for key, _ in rows} for t, rows in after.items()} == {
        t: {key for key, _ in rows} for t, rows in before.items()
    }
    assert after["fact_data_point"] == before["fact_data_point"]


def test_a_whole_project_stays_reported_after_the_purge(api, full, project, qi_team):
    project_delete(project=project, by=qi_team)
    before = told(api)
    assert [t for t, rows in before.items() if not rows] == ["fact_method_use"]
    with later():
        purge_deleted()
    assert not Project.objects.exists()
    assert told(api) == before
    assert not any(told(api, since=(now() + timedelta(minutes=1)).isoformat()).values())


@pytest.mark.parametrize("visibility", ["draft", "team"])
def test_what_was_never_in_sight_leaves_no_trace(api, ward, lead, qi_team, visibility):
    hidden = ProjectFactory(unit=ward, visibility=visibility, created_by=lead)
    MemberFactory(project=hidden, user=lead, relation="lead")
    cycle, measure, point = filled(hidden, lead)
    data_point_delete(point=point, by=lead)
    cycle_delete(cycle=cycle, by=lead)
    measure_delete(measure=measure, by=lead)
    with later():
        purge_deleted()
    assert not any(told(api).values())
    project_delete(project=hidden, by=qi_team)
    with later(70):
        purge_deleted()
    assert not Project.objects.exists()
    assert not any(told(api).values())
    assert not Tombstone.objects.exclude(resource__in=("comment", "task")).exists()


def test_what_began_after_a_project_left_leaves_no_trace(api, full, project, lead):
    seen, _, _ = full
    project_edit(project=project, version=project.version, by=lead, visibility="team")
    new = CycleFactory(ramp=seen.ramp, number=9, do_on=today())
    for cycle in (seen, new):
        cycle_delete(cycle=cycle, by=lead)
    with later():
        purge_deleted()
    assert {key for key, _ in told(api)["fact_pdsa_cycle"]} == {str(seen.pk)}
