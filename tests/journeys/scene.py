"""Background of the journeys: a ward's project as the services make it."""

from pdsa import services as log
from projects import services as register


def falls_project(lead, *, team=(), **given):
    """A registered project of the lead's ward."""
    values = {
        "title": "Fewer falls at night on Ward 7",
        "problem": "Patients fall at night when call bells are out of reach.",
        "aim_statement": "Halve falls at night on our ward by Easter.",
    }
    return register.project_register(
        unit=lead.home_unit, lead=lead, team=tuple(team), by=lead, **{**values, **given}
    )


def bell_test(project, lead, *, expects="4 of 5 bells will be in reach", **given):
    """A planned test of one change, with what the team expects of it."""
    idea = register.idea_add(project=project, title="Bell check at handover", by=lead)
    expectations = [log.Expectation(statement=expects)] if expects else []
    values = {"objective": "Does a bell check keep bells within reach?", "planned_n": 5}
    return log.cycle_plan(
        project=project,
        plan=log.Plan(**{**values, **given}),
        change_idea=idea,
        expectations=expectations,
        by=lead,
    )
