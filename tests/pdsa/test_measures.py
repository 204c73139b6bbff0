"""Measures, targets, phases: services and constraints."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pdsa import services
from pdsa.chart_choice import FOR_LARGE_GROUPS, PROPOSALS, RARE_COUNT, propose
from pdsa.models import Measure, MeasureState, MeasureTarget, Phase
from pdsa.services.measures import CHARTS_OF
from pdsa.units import factor_of, shown, stored
from qiportal.accounts.models import AuditEvent, Tombstone
from qiportal.core.dates import add_months, today
from qiportal.core.versions import Conflict
from tests.factories import (
    CycleFactory,
    DataPointFactory,
    DriverFactory,
    MeasureFactory,
    PhaseFactory,
    RampFactory,
)

pytestmark = pytest.mark.django_db


def create(project, by, **given):
    values = {
        "name": "Bells within reach",
        "kind": "process",
        "operational_definition": "Bells a patient can press at 21:00",
        "data_type": "proportion",
        "direction": "up",
        "frequency": "weekly",
    }
    return services.measure_create(project=project, by=by, **{**values, **given})


def months(measure, values, start=date(2024, 1, 1)):
    for row, value in enumerate(values):
        DataPointFactory(
            measure=measure, period_start=add_months(start, row), numerator=value
        )


def test_a_measure_begins_as_a_run_chart_with_an_empty_state(project, lead):
    measure = create(project, lead, target=Decimal("0.95"))
    assert (measure.chart_type, measure.rule_set, measure.position) == (
        "run",
        "anhoej",
        0,
    )
    assert measure.targets.get().value == Decimal("0.95")
    assert MeasureState.objects.get(measure=measure).n == 0
    assert create(project, lead, name="Falls").position == 1


def test_the_same_form_makes_one_measure(project, lead, faker_id):
    made = {create(project, lead, submission_id=faker_id).pk for _ in range(2)}
    assert len(made) == 1


def test_no_measure_without_a_definition(project, lead):
    with pytest.raises(ValidationError, match="operational_definition"):
        create(project, lead, operational_definition="  ")


def test_the_database_wants_a_definition_too(project):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureFactory(project=project, operational_definition="")


def test_the_database_allows_four_decimals(project):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureFactory(project=project, decimals=5)


def test_a_name_once_per_project(project, lead):
    create(project, lead)
    with pytest.raises(ValidationError, match="already has a measure of that name"):
        create(project, lead)


def test_a_driver_of_another_project_is_refused(project, lead):
    with pytest.raises(ValidationError, match="of this project"):
        create(project, lead, driver=DriverFactory())


@pytest.mark.parametrize(
    ("kind", "chart"), [("count", "p"), ("value", "c"), ("proportion", "u")]
)
def test_charts_that_do_not_fit(project, lead, kind, chart):
    with pytest.raises(ValidationError, match="does not fit"):
        create(project, lead, data_type=kind, chart_type=chart)


def test_a_new_chart_renews_rules_and_state(project, lead):
    measure = MeasureFactory(project=project, data_type="count")
    months(measure, [5, 6] * 6)
    services.measure_chart_set(measure=measure, chart_type="xmr", by=lead)
    measure.refresh_from_db()
    assert (measure.rule_set, measure.version) == ("mdc", 2)
    assert measure.state.variation == "common_cause"
    with pytest.raises(ValidationError, match="one of the charts"):
        services.measure_chart_set(measure=measure, chart_type="pie", by=lead)


def test_out_of_cannot_come_once_there_are_numbers(project, lead):
    measure = MeasureFactory(project=project, data_type="count")
    months(measure, [5])
    with pytest.raises(ValidationError, match="There are numbers already"):
        services.measure_change(
            measure=measure, version=1, data_type="proportion", by=lead
        )


def test_two_editors_of_a_measure(project, lead):
    measure = MeasureFactory(project=project)
    services.measure_change(measure=measure, version=1, source="Datix", by=lead)
    with pytest.raises(Conflict):
        services.measure_change(measure=measure, version=1, source="Radar", by=lead)


def test_deleting_and_bringing_back(project, lead):
    measure = MeasureFactory(project=project, name="Falls")
    services.measure_delete(measure=measure, by=lead)
    assert Tombstone.objects.get().resource == "measure"
    other = create(project, lead, name="Falls")
    with pytest.raises(ValidationError, match="already has a measure of that name"):
        services.measure_restore(measure=measure, by=lead)
    services.measure_delete(measure=other, by=lead)
    assert services.measure_restore(measure=measure, by=lead).deleted_at is None


def test_a_target_in_force_sets_the_assurance(project, lead):
    measure = MeasureFactory(project=project, chart_type="xmr", direction="down")
    months(measure, [10, 12] * 7)
    services.target_set(
        measure=measure, value=Decimal(20), from_date=date(2024, 1, 1), by=lead
    )
    assert MeasureState.objects.get().assurance == "pass"
    services.target_set(
        measure=measure, value=Decimal(2), from_date=date(2025, 1, 1), by=lead
    )
    assert MeasureState.objects.get().assurance == "fail"
    services.target_set(
        measure=measure,
        value=Decimal(11),
        from_date=today() + timedelta(days=9),
        by=lead,
    )
    assert MeasureState.objects.get().assurance == "fail"


def test_a_target_given_again_for_a_day_replaces_it(project, lead):
    measure = MeasureFactory(project=project)
    for value in (3, 4):
        services.target_set(
            measure=measure, value=Decimal(value), from_date=date(2026, 1, 1), by=lead
        )
    target = MeasureTarget.objects.get()
    assert target.value == 4
    event = AuditEvent.objects.filter(type="measure.target_set").latest("id")
    assert event.old == {"2026-01-01": "3.00000000"}
    services.target_remove(target=target, by=lead)
    assert not MeasureTarget.objects.exists()


def test_a_rebase_gives_new_limits_and_can_be_undone(project, lead):
    measure = MeasureFactory(project=project, chart_type="xmr", direction="down")
    months(measure, [10, 12] * 7 + [3, 5] * 7)
    cycle = CycleFactory(ramp=RampFactory(project=project))
    phase = services.phase_add(
        measure=measure,
        starts_on=date(2025, 3, 1),
        label="Bell check",
        reason="Every handover",
        cycle=cycle,
        by=lead,
    )
    state = MeasureState.objects.get()
    assert (state.n, state.segment_n, state.mean) == (28, 14, 4.0)
    assert list(Phase.objects.values_list("label", "starts_on")) == [
        ("Baseline", date(2024, 1, 1)),
        ("Bell check", date(2025, 3, 1)),
    ]
    services.phase_undo(phase=phase, by=lead)
    services.phase_undo(phase=phase, by=lead)
    state.refresh_from_db()
    assert (state.segment_n, state.mean) == (28, 7.5)
    assert Phase.objects.filter(undone_by=lead).count() == 1


def test_a_first_phase_at_the_first_number_is_the_baseline(project, lead):
    measure = MeasureFactory(project=project, chart_type="xmr")
    months(measure, [10, 12] * 7)
    services.phase_add(
        measure=measure,
        starts_on=date(2024, 1, 1),
        label="Baseline",
        reason="Before",
        freeze_after_n=12,
        by=lead,
    )
    assert Phase.objects.count() == 1
    assert MeasureState.objects.get().mean == 11.0


def test_impossible_phases(project, lead):
    measure = MeasureFactory(project=project)
    values = {"measure": measure, "label": "New", "reason": "x", "by": lead}
    with pytest.raises(ValidationError, match="future"):
        services.phase_add(starts_on=today() + timedelta(days=1), **values)
    with pytest.raises(ValidationError, match="at least 12 points"):
        services.phase_add(starts_on=today(), freeze_after_n=11, **values)
    with pytest.raises(ValidationError, match="test of this project"):
        services.phase_add(starts_on=today(), cycle=CycleFactory(), **values)
    services.phase_add(starts_on=today(), **values)
    with pytest.raises(ValidationError, match="already starts on that day"):
        services.phase_add(starts_on=today(), **values)


def test_an_undone_phase_leaves_its_day_free(project, lead):
    measure = MeasureFactory(project=project)
    phase = PhaseFactory(measure=measure)
    services.phase_undo(phase=phase, by=lead)
    assert PhaseFactory(measure=measure).starts_on == phase.starts_on


@pytest.mark.parametrize(
    ("kind", "unit", "value", "words"),
    [
        ("proportion", "", 0.9412, "94.1%"),
        ("value", "minutes", 12.345, "12.3 minutes"),
        ("rate", "falls per 1,000 bed days", 0.00421, "4.2 falls per 1,000 bed days"),
        ("rate", "per 100 patients", 0.5, "50.0 per 100 patients"),
        ("rate", "events per bed", 2.0, "2.0 events per bed"),
        ("value", "%", 94.15, "94.2%"),
        ("count", "", 1204.0, "1,204.0"),
    ],
)
def test_values_are_shown_on_the_scale_people_read(kind, unit, value, words):
    measure = Measure(data_type=kind, unit_of_measure=unit, decimals=1)
    assert shown(measure, value) == words


def test_a_typed_target_is_stored_on_the_scale_of_points():
    share = Measure(data_type="proportion")
    rate = Measure(data_type="rate", unit_of_measure="falls per 1,000 bed days")
    assert stored(share, Decimal(95)) == Decimal("0.95")
    assert stored(rate, Decimal("4.2")) == Decimal("0.0042")
    assert (factor_of(share), factor_of(rate)) == (100, 1000)
    assert shown(share, None) == "no number yet"


@pytest.mark.parametrize(
    ("kind", "sizes", "chart"),
    [
        ("value", [], "xmr"),
        ("proportion", [40] * 12, "p"),
        ("proportion", [900, 4000, 5000], "pp"),
        ("rate", [900], "u"),
        ("rate", [90_000], "up"),
        ("count", [], "c"),
        ("time_between", [], "t"),
        ("cases_between", [], "g"),
    ],
)
def test_the_kind_of_number_proposes_a_chart(kind, sizes, chart):
    assert propose(kind, sizes).chart == chart
    assert propose(kind).chart in CHARTS_OF[kind]


def test_counts_that_are_mostly_nought_are_rare_events():
    assert propose("count", counts=[0, 1] * 6).chart == "run"
    assert (
        "days between events, on a t chart" in propose("count", (), [0] * 12).sentence
    )
    assert propose("count", counts=[0, 1] * 5).chart == "c"  # too few to say
    assert propose("value", counts=[0] * 12).chart == "xmr"


@pytest.mark.parametrize(
    "proposal", [*PROPOSALS.values(), RARE_COUNT, *FOR_LARGE_GROUPS.values()]
)
def test_a_proposal_is_one_sentence_with_why_and_what_else(proposal):
    assert proposal.sentence.count(". ") == 0
    assert proposal.sentence.endswith(".")
    assert "sensible" in proposal.sentence
