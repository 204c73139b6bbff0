"""All states at once equal each measure's own; packed reads on both engines."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from pdsa import engine
from pdsa.models import MeasureState, MeasureTarget
from pdsa.services import measure_state_refresh, measure_states_rebuild
from qiportal.core.dates import add_months
from tests.factories import DataPointFactory, MeasureFactory, PhaseFactory

FIELDS = (
    *("n", "segment_n", "first_at", "last_at", "variation", "assurance"),
    *("run_signal", "engine_version"),
)
NUMBERS = ("last_value", "mean", "lower", "upper")


def months(measure, values, *, start=date(2023, 1, 1), sizes=None, gap_at=None):
    """Monthly points; `gap_at` leaves two months out before that row."""
    for row, value in enumerate(values):
        late = 2 if gap_at is not None and row >= gap_at else 0
        DataPointFactory(
            measure=measure,
            period_start=add_months(start, row + late),
            numerator=Decimal(value),
            denominator=Decimal(sizes[row]) if sizes else None,
        )


def states():
    rows = MeasureState.objects.order_by("measure_id")
    return {
        row.measure_id: (
            tuple(getattr(row, name) for name in FIELDS),
            [-1e9 if (v := getattr(row, name)) is None else v for name in NUMBERS],
        )
        for row in rows
    }


WAVE = [5, 7, 6, 8, 5, 9, 6, 7, 5, 8, 6, 7, 11, 12, 13, 12, 11, 14, 13, 12]
SIZES = [50 + 7 * (row % 5) for row in range(20)]
LARGE = [5000 + 700 * (row % 5) for row in range(20)]


def every_kind(project):
    """One measure of each chart, some with gaps, phases, targets, exclusions."""
    charts = {
        "run": ("value", None),
        "xmr": ("value", None),
        "p": ("proportion", SIZES),
        "pp": ("proportion", LARGE),
        "u": ("rate", SIZES),
        "up": ("rate", LARGE),
        "c": ("count", None),
        "g": ("cases_between", None),
        "t": ("time_between", None),
    }
    made = []
    for chart, (kind, sizes) in charts.items():
        for gap in (None, 7):
            measure = MeasureFactory(project=project, chart_type=chart, data_type=kind)
            months(measure, WAVE, sizes=sizes, gap_at=gap)
            made.append(measure)
    phased = MeasureFactory(project=project, chart_type="xmr", direction="up")
    months(phased, WAVE + WAVE)
    PhaseFactory(measure=phased, starts_on=date(2023, 1, 1), freeze_after_n=12)
    PhaseFactory(measure=phased, starts_on=date(2024, 1, 15), label="New", reason="x")
    MeasureTarget.objects.create(measure=phased, value=9, from_date=date(2023, 1, 1))
    frozen = MeasureFactory(project=project, chart_type="run")
    months(frozen, WAVE, gap_at=5)
    PhaseFactory(measure=frozen, starts_on=date(2023, 1, 1), freeze_after_n=12)
    out = MeasureFactory(project=project, chart_type="c")
    months(out, WAVE)
    out.points.filter(numerator=14).update(is_excluded=True, exclusion_reason="Snow")
    share = MeasureFactory(project=project, chart_type="xmr", data_type="proportion")
    months(share, WAVE, sizes=SIZES)
    zero = MeasureFactory(project=project, chart_type="t", data_type="time_between")
    months(zero, [3, 0, *WAVE])
    weekly = MeasureFactory(project=project, chart_type="pp", frequency="weekly")
    for row, value in enumerate(WAVE):
        day = date(2024, 1, 1) + timedelta(
            days=7 * row + row % 3 + (21 if row > 9 else 0)
        )
        DataPointFactory(
            measure=weekly, period_start=day, numerator=value, denominator=LARGE[row]
        )
    one = MeasureFactory(project=project)
    months(one, [4])
    return [*made, phased, frozen, out, share, zero, weekly, one, MeasureFactory()]


@pytest.mark.django_db
def test_the_rebuild_equals_refreshing_each_measure(project):
    measures = every_kind(project)
    for measure in measures:
        measure_state_refresh(measure=measure)
    alone = states()
    MeasureState.objects.all().delete()
    done = measure_states_rebuild()
    together = states()
    assert done == {"measures": len(measures), "written": len(measures)}
    assert alone.keys() == together.keys()
    for key, (facts, numbers) in alone.items():
        assert together[key][0] == facts
        assert together[key][1] == pytest.approx(numbers, rel=1e-9)


@pytest.mark.django_db
def test_a_second_rebuild_writes_nothing(project):
    every_kind(project)
    measure_states_rebuild()
    before = dict(MeasureState.objects.values_list("pk", "updated_at"))
    assert measure_states_rebuild()["written"] == 0
    assert dict(MeasureState.objects.values_list("pk", "updated_at")) == before


@pytest.mark.django_db
def test_only_states_that_differ_are_written_again(project):
    measure = MeasureFactory(project=project)
    months(measure, WAVE)
    measure_states_rebuild()
    DataPointFactory(measure=measure, period_start=date(2025, 6, 1))
    assert measure_states_rebuild()["written"] == 1
    assert measure.state.n == 21


@pytest.mark.django_db
def test_packed_points_hold_what_is_alive(project, lead):
    measure = MeasureFactory(project=project)
    months(measure, [4, 6], sizes=[8, 9])
    gone = DataPointFactory(measure=measure)
    gone.deleted_at, gone.deleted_by = gone.created_at, lead
    gone.save()
    points = engine.points_packed()
    assert points["measure"].tolist() == [measure.pk] * 2
    days = (engine.EPOCH + points["day"]).tolist()
    assert days == [date(2023, 1, 1), date(2023, 2, 1)]
    assert points["numerator"].tolist() == [4.0, 6.0]
    assert points["denominator"].tolist() == [8.0, 9.0]


@pytest.mark.django_db
def test_a_missing_denominator_is_not_a_number(project):
    months(MeasureFactory(project=project), [4])
    assert np.isnan(engine.points_packed()["denominator"]).all()


@pytest.mark.django_db
def test_nothing_to_rebuild():
    assert measure_states_rebuild() == {"measures": 0, "written": 0}
