"""Leaf rows of the nightly rollup."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from projects.models import (
    Barrier,
    CoproductionRating,
    Project,
    ProjectStatusChange,
    ReadinessCheck,
    TimeAgreement,
    TimeCheck,
)
from projects.models.care import READINESS_ITEMS
from projects.selectors import (
    rollup_barrier_days,
    rollup_barriers_open,
    rollup_barriers_resolved,
    rollup_coproduction,
    rollup_house_method,
    rollup_ideas_dropped,
    rollup_live_projects,
    rollup_readiness,
    rollup_registered,
    rollup_resting_share,
    rollup_time_honoured,
)
from tests.factories import ChangeIdeaFactory, MethodFactory, ProjectFactory

AUG, SEP, OCT, NOV, DEC = (date(2026, month, 1) for month in (8, 9, 10, 11, 12))
MONTHS = [AUG, SEP, OCT, NOV, DEC]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel("2026-11-23 10:00:00+00:00", tick=False):
        yield


def at(month, day=15, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def life(ward):
    """life(("idea", 8), ("active", 9)): a project with those steps."""

    def make(*steps, **fields):
        project = ProjectFactory(unit=ward, **fields)
        for status, month in steps:
            moment = month if isinstance(month, datetime) else at(month)
            ProjectStatusChange.objects.create(
                project=project, to_status=status, at=moment, by=project.created_by
            )
        return project

    return make


def table(rows):
    return {row.month: (row.numerator, row.denominator, row.n) for row in rows}


def test_live_is_counted_at_each_month_end(life, ward):
    life(("idea", 8), ("active", 9), ("completed", 10))
    life(("idea", 9), ("resting", 10), ("active", 11))
    rows = rollup_live_projects(months=MONTHS)
    assert table(rows) == {
        AUG: (1, None, 1),
        SEP: (2, None, 2),
        NOV: (1, None, 1),
    }
    assert {row.unit_id for row in rows} == {ward.pk}


def test_the_last_step_of_a_day_wins_and_months_end_in_london(life):
    life(("idea", at(8, 30)), ("stopped", at(8, 31, 22)), ("active", at(8, 31, 22)))
    life(("idea", at(8, 31, 23)))
    rows = table(rollup_live_projects(months=[AUG, SEP]))
    assert rows == {AUG: (1, None, 1), SEP: (2, None, 2)}


def test_deleted_and_public_data_projects_are_left_out(life, qi_team):
    life(("idea", 8), deleted_at=at(9), deleted_by=qi_team)
    life(("idea", 8), is_public_data=True)
    life(("idea", 8), visibility="draft")
    assert table(rollup_live_projects(months=[AUG])) == {AUG: (1, None, 1)}


def test_a_month_that_has_not_begun_has_no_rows(life):
    life(("idea", 8))
    assert rollup_live_projects(months=[DEC]) == []


def test_resting_share_leaves_closed_projects_out(life):
    life(("idea", 8), ("resting", 9))
    life(("idea", 8))
    life(("idea", 8), ("stopped", 8))
    rows = table(rollup_resting_share(months=[AUG, SEP]))
    assert rows == {AUG: (0, 2, 2), SEP: (1, 2, 2)}


def test_house_method_share(life):
    house = MethodFactory(is_house=True)
    life(("idea", 8), method=house)
    life(("idea", 8), method=MethodFactory())
    life(("idea", 8))
    assert table(rollup_house_method(months=[AUG])) == {AUG: (1, 3, 3)}


def test_registered_per_month(life):
    for day in (date(2026, 8, 1), date(2026, 8, 31), date(2026, 9, 1)):
        life(registered_on=day)
    life(registered_on=date(2025, 8, 1))
    assert table(rollup_registered(months=[AUG, SEP])) == {
        AUG: (2, None, 2),
        SEP: (1, None, 1),
    }


@pytest.fixture
def barriers(project):
    def make(raised, resolved=None):
        Barrier.objects.create(
            project=project,
            type="time",
            text="x",
            level="division",
            raised_at=raised,
            resolved_at=resolved,
            outcome="done" if resolved else "",
            created_by=project.created_by,
        )

    make(at(8, 10))
    make(at(8, 20), at(10, 5))
    make(at(9, 1), at(9, 30))


def test_barriers_open_at_month_end(barriers):
    assert table(rollup_barriers_open(months=MONTHS)) == {
        AUG: (2, None, 2),
        SEP: (2, None, 2),
        OCT: (1, None, 1),
        NOV: (1, None, 1),
    }


def test_barriers_resolved_of_those_that_could_be(barriers):
    assert table(rollup_barriers_resolved(months=MONTHS)) == {
        AUG: (0, 2, 2),
        SEP: (1, 3, 3),
        OCT: (1, 2, 2),
        NOV: (0, 1, 1),
    }


def test_days_to_resolve_are_raw(barriers):
    rows = rollup_barrier_days(months=MONTHS)
    assert {(r.month, r.subgroup, r.value) for r in rows} == {
        (OCT, "division", Decimal(46)),
        (SEP, "division", Decimal(29)),
    }


def test_ideas_dropped_of_ideas_decided(project):
    for status in ("abandoned", "adopted", "adapted", "testing", "proposed"):
        ChangeIdeaFactory(project=project, status=status)
    deleted = ChangeIdeaFactory(project=project, status="abandoned")
    deleted.deleted_at, deleted.deleted_by = at(11), project.created_by
    deleted.save()
    assert table(rollup_ideas_dropped(months=[OCT, NOV])) == {NOV: (1, 3, 3)}


def test_time_honoured(project, lead, frontline):
    for person, answers in ((lead, ("all", "some")), (frontline, ("none", "all"))):
        agreement = TimeAgreement.objects.create(
            project=project,
            person=person,
            hours_per_month=Decimal(4),
            source="rostered",
            sponsor=lead,
            from_on=AUG,
            created_by=lead,
        )
        for month, answer in zip((AUG, SEP), answers, strict=True):
            TimeCheck.objects.create(agreement=agreement, month=month, answer=answer)
    assert table(rollup_time_honoured(months=MONTHS)) == {
        AUG: (1, 2, 2),
        SEP: (1, 2, 2),
    }


def test_coproduction_rows_are_raw(project, lead):
    for stage, rung, day in (("choose", 6, 3), ("design", 3, 30)):
        CoproductionRating.objects.create(
            project=project,
            stage=stage,
            rung=rung,
            on=date(2026, 9, day),
            created_by=lead,
        )
    rows = rollup_coproduction(months=[SEP])
    assert {(r.subgroup, r.value) for r in rows} == {
        ("choose", Decimal(6)),
        ("design", Decimal(3)),
    }
    assert rollup_coproduction(months=[OCT]) == []


def test_readiness_gives_eight_rows_an_answer(project, lead):
    ReadinessCheck.objects.create(
        project=project,
        rater=lead,
        rater_role="nurse",
        on=date(2026, 9, 3),
        **{**dict.fromkeys(READINESS_ITEMS, 2), "clear_reason": 5},
    )
    rows = rollup_readiness(months=[SEP])
    assert len(rows) == 8
    assert {r.subgroup: r.value for r in rows}["clear_reason"] == Decimal(5)


@pytest.mark.parametrize(
    ("selector", "most"),
    [
        (rollup_live_projects, 1),
        (rollup_resting_share, 1),
        (rollup_house_method, 2),
        (rollup_registered, 1),
        (rollup_barriers_open, 1),
        (rollup_barriers_resolved, 1),
        (rollup_barrier_days, 1),
        (rollup_ideas_dropped, 1),
        (rollup_time_honoured, 1),
        (rollup_coproduction, 1),
        (rollup_readiness, 1),
    ],
)
def test_one_statement_whatever_the_size(
    life, barriers, selector, most, django_assert_num_queries
):
    for _ in range(5):
        life(("idea", 8), ("active", 9))
    with django_assert_num_queries(most):
        list(selector(months=MONTHS))


def test_nothing_registered_gives_no_rows(db):
    assert not Project.objects.exists()
    assert rollup_live_projects(months=MONTHS) == []
    assert rollup_registered(months=MONTHS) == []
