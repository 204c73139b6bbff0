"""Every rule the database holds: refused in plain words, and by the database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projects.models import (
    Aim,
    Barrier,
    CoproductionRating,
    Driver,
    Handover,
    MethodUse,
    Programme,
    ProgrammeProject,
    ProjectMember,
    ReadinessCheck,
    SpreadEvent,
    TimeAgreement,
    TimeCheck,
)
from projects.models.care import READINESS_ITEMS
from qiportal.core.dates import now, today
from tests.factories import (
    ChangeIdeaFactory,
    DriverFactory,
    MemberFactory,
    MethodFactory,
    ProjectFactory,
)

DAY = date(2026, 5, 1)


class Ground:
    """The rows a case may hang its own row on."""

    def __init__(self, project, lead, frontline, ward, other_ward):
        self.project, self.lead, self.frontline = project, lead, frontline
        self.ward, self.other_ward = ward, other_ward

    def authored(self, model, **fields):
        return model(project=self.project, created_by=self.lead, **fields)

    def agreement(self, **fields):
        wanted = {
            "person": self.lead,
            "hours_per_month": Decimal(4),
            "source": "rostered",
            "sponsor": self.frontline,
            "from_on": DAY,
            **fields,
        }
        return self.authored(TimeAgreement, **wanted)


@pytest.fixture
def ground(project, lead, frontline, ward, other_ward):
    return Ground(project, lead, frontline, ward, other_ward)


def with_(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def saved(row):
    row.save()
    return row


def handover(g, **fields):
    wanted = {"from_user": g.lead, "to_user": g.frontline, "offered_at": now()}
    return Handover(project=g.project, **{**wanted, **fields})


def barrier(g, **fields):
    wanted = {"type": "time", "text": "x", "level": "unit", "raised_at": now()}
    return g.authored(Barrier, **{**wanted, **fields})


def readiness(g, **fields):
    items = dict.fromkeys(READINESS_ITEMS, 3)
    wanted = {"rater": g.lead, "rater_role": "nurse", "on": DAY, **items, **fields}
    return ReadinessCheck(project=g.project, **wanted)


def member_twice(g):
    return ProjectMember(
        project=g.project, user=g.lead, relation="lead", joined_on=today()
    )


def second_use(g):
    method = MethodFactory()
    MethodUse.objects.create(project=g.project, method=method, at=now())
    return MethodUse(project=g.project, method=method, at=now())


def second_in_programme(g):
    programme = Programme.objects.create(
        name="Falls", purpose="x", unit=g.ward, lead=g.lead, created_by=g.lead
    )
    ProgrammeProject.objects.create(programme=programme, project=g.project)
    return ProgrammeProject(programme=programme, project=g.project)


def second_answer(g):
    agreement = saved(g.agreement())
    TimeCheck.objects.create(agreement=agreement, month=DAY, answer="all")
    return TimeCheck(agreement=agreement, month=DAY, answer="none")


def spread_home(g):
    return SpreadEvent(
        change_idea=ChangeIdeaFactory(project=g.project),
        from_unit=g.ward,
        to_unit=g.ward,
        status="offered",
        on=DAY,
        created_by=g.lead,
    )


def second_external(g):
    ProjectFactory(unit=g.ward, external_id="LIFE-7")
    return with_(g.project, external_id="LIFE-7")


CASES = {
    "project_deleted_when_and_who": lambda g: with_(g.project, deleted_at=now()),
    "driver_deleted_when_and_who": lambda g: with_(
        DriverFactory(project=g.project), deleted_by=g.lead
    ),
    "changeidea_deleted_when_and_who": lambda g: with_(
        ChangeIdeaFactory(project=g.project), deleted_at=now()
    ),
    "project_external_id_once": second_external,
    "project_closed_when_and_who": lambda g: with_(
        g.project, status="completed", learning="x", closed_on=DAY
    ),
    "project_closed_date_matches_status": lambda g: with_(
        g.project, closed_on=DAY, closed_by=g.lead
    ),
    "project_closed_needs_learning": lambda g: with_(
        g.project, status="stopped", closed_on=DAY, closed_by=g.lead
    ),
    "project_ends_after_it_starts": lambda g: with_(
        g.project, started_on=DAY, target_end_on=DAY - timedelta(days=1)
    ),
    "programme_project_once": second_in_programme,
    "member_one_open_row_per_relation": member_twice,
    "member_leaves_after_joining": lambda g: MemberFactory.build(
        project=g.project, user=g.frontline, joined_on=DAY, left_on=date(2026, 4, 30)
    ),
    "aim_one_current_per_project": lambda g: (
        saved(g.authored(Aim, statement="one")) and g.authored(Aim, statement="two")
    ),
    "aim_target_differs_from_baseline": lambda g: g.authored(
        Aim, statement="x", baseline=Decimal(5), target=Decimal(5)
    ),
    "driver_secondary_needs_a_primary": lambda g: g.authored(
        Driver, level="secondary", text="x"
    ),
    "method_use_once": second_use,
    "handover_to_somebody_else": lambda g: handover(g, to_user=g.lead),
    "handover_one_on_offer_per_project": lambda g: saved(handover(g)) and handover(g),
    "handover_accepted_or_ended": lambda g: handover(
        g, accepted_at=now(), ended_at=now()
    ),
    "spread_to_another_unit": spread_home,
    "barrier_resolved_with_outcome": lambda g: barrier(g, resolved_at=now()),
    "coproduction_rung_one_to_seven": lambda g: g.authored(
        CoproductionRating, stage="choose", rung=8, on=DAY
    ),
    "readiness_items_one_to_five": lambda g: readiness(g, time=6),
    "time_agreement_has_hours": lambda g: g.agreement(hours_per_month=Decimal(0)),
    "time_agreement_ends_after_it_starts": lambda g: g.agreement(
        to_on=DAY - timedelta(days=1)
    ),
    "time_check_once_a_month": second_answer,
}


def constraints():
    return {
        constraint.name: constraint
        for model in apps.get_app_config("projects").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_case_here():
    assert set(CASES) == set(constraints())


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_is_refused_in_plain_words(name, ground):
    row = CASES[name](ground)
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    assert constraints()[name].violation_error_message in caught.value.messages


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_database_refuses_it_too(name, ground):
    row = CASES[name](ground)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_every_message_is_a_sentence_of_its_own():
    messages = [c.violation_error_message for c in constraints().values()]
    assert all(message.endswith(".") for message in messages)
    assert not any("violated" in message for message in messages)


def test_a_reference_and_a_submission_are_given_once(ground):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectFactory(unit=ground.ward, reference="QI-2026-0042")
