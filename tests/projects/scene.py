"""A project with everything in it, for pages and screenshots."""

from datetime import timedelta
from decimal import Decimal

from projects import services
from projects.models import Visibility
from qiportal.core.dates import now, plain, today
from tests.factories import MethodFactory, MethodVersionFactory, ProjectFactory

DRIVERS = {
    "Call bells within reach": {
        "Bell checked at each handover": ["Clip the bell to the sheet", "Bell in SBAR"],
        "Bells that work": ["Weekly bell round by the porters"],
    },
    "Staff who can see patients": {
        "Bay nursing at night": ["One nurse stays in the bay from ten to six"],
        "Less paperwork after midnight": ["Move audits to the afternoon"],
    },
    "Patients who know their own risk": {
        "Plain words at admission": ["A card by the bed: call, do not fall"],
    },
}


def method(title, *, is_house=False, **fields):
    """A published library entry."""
    row = MethodFactory(title=title, is_house=is_house, **fields)
    row.current_version = MethodVersionFactory(method=row)
    row.save()
    return row


def full_project(lead, unit, *, team=(), title="Fewer falls at night on Ward 7"):
    """Registered, with aim, drivers, ideas, tools, barriers and a status step."""
    project = services.project_register(
        title=title,
        problem="Patients fall at night when call bells are out of reach. Staff learn "
        "of it when they hear the fall, and families lose trust.",
        unit=unit,
        aim_statement="Fewer falls at night.",
        lead=lead,
        team=tuple(team),
        by=lead,
    )
    services.aim_set(
        project=project,
        statement="Decrease falls at night for adults in Ward 7 from 6 to 3 a month "
        f"by {plain(today() + timedelta(days=120))}.",
        direction="decrease",
        quantity="falls at night",
        population="adults",
        place="Ward 7",
        baseline=Decimal(6),
        target=Decimal(3),
        unit_text="a month",
        target_on=today() + timedelta(days=120),
        version=1,
        by=lead,
    )
    _theory(project, lead)
    services.barrier_raise(
        project=project,
        type="digital",
        text="The falls report comes six weeks late. We asked the helpdesk twice.",
        level="division",
        by=lead,
    )
    services.status_change(project=project, to="active", by=lead)
    return project


def _theory(project, lead):
    for text, branches in DRIVERS.items():
        primary = services.driver_add(project=project, text=text, by=lead)
        for inner, ideas in branches.items():
            driver = services.driver_add(
                project=project, text=inner, parent=primary, by=lead
            )
            for idea in ideas:
                services.idea_add(
                    project=project,
                    title=idea,
                    because="A bell in the hand is rung sooner.",
                    driver=driver,
                    by=lead,
                )
    dropped = services.idea_add(project=project, title="Bed alarms", by=lead)
    services.idea_mark(
        idea=dropped,
        status="abandoned",
        why="Rang forty times a night; nobody came running any more.",
        would_try_if="The alarm went to the nurse's own pager only.",
        by=lead,
    )


def crowd(unit, lead, count=8):
    """Some neighbours in every state."""
    states = ("active", "idea", "resting", "completed", "stopped", "active")
    for number in range(count):
        state = states[number % len(states)]
        closed = state in ("completed", "stopped")
        ProjectFactory(
            unit=unit,
            created_by=lead,
            title=f"{'Falls' if number % 2 else 'Discharge letters'} on bay {number}",
            status=state,
            closed_on=today() if closed else None,
            closed_by=lead if closed else None,
            learning="Short rounds beat long forms." if closed else "",
            visibility=Visibility.TEAM if number == 2 else Visibility.TRUST,
            last_activity_at=now() - timedelta(days=number * 9),
        )
