"""A project full of rows, and every address of the log that hangs on it."""

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from pdsa import services
from qiportal.core.dates import add_months, today
from tests.factories import (
    BenefitClaimFactory,
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    PhaseFactory,
    PredictionFactory,
    RampFactory,
)

START = date(2024, 1, 1)


def fill(project, by, *, times=1, points=3, first=0):
    """Gives a project ramps with tests and predictions, measures with numbers, talk."""
    for n in range(first, first + times):
        idea = ChangeIdeaFactory(project=project, created_by=by)
        ramp = RampFactory(project=project, change_idea=idea, created_by=by)
        cycle = CycleFactory(ramp=ramp, number=1)
        PredictionFactory(cycle=cycle)
        measure = MeasureFactory(project=project, name=f"Measure {n}", created_by=by)
        for row in range(points):
            day = add_months(START, row)
            DataPointFactory(measure=measure, period_start=day, numerator=5 + row % 3)
        PhaseFactory(measure=measure, starts_on=START)
        services.measure_state_refresh(measure=measure)
        services.comment_add(project=project, body=f"Comment {n}", by=by)
        services.task_add(project=project, what=f"Task {n}", who=by, by=by)
        BenefitClaimFactory(project=project, measure=measure, created_by=by)


def rows_of(project):
    """One of each kind of row, for addresses."""
    measure = project.measures.first()
    return {
        "cycle": project.ramps.first().cycles.first(),
        "measure": measure,
        "point": measure.points.first(),
        "phase": measure.phases.first(),
        "comment": project.comments.first(),
        "task": project.tasks.first(),
        "claim": project.benefits.first(),
    }


def addresses(project):
    """name -> (address, who may GET, who may POST); "" where that method is refused.

    seen: who sees the project; write: its writers; log: writers and its own team;
    delete: writers and the QI team; check: the QI team;
    take_part: seen, and a refusal inside.
    """
    ref, rows = project.reference, rows_of(project)
    cycle, measure = rows["cycle"].pk, rows["measure"].pk
    point = rows["point"].pk
    plain = {
        "project_home": ([ref], "seen", ""),
        "cycle_list": ([ref], "seen", ""),
        "cycle_new": ([ref], "write", "write"),
        "cycle_detail": ([ref, cycle], "seen", ""),
        "cycle_plan": ([ref, cycle], "write", "write"),
        "prediction_add": ([ref, cycle], "write", "write"),
        "cycle_do": ([ref, cycle], "log", "log"),
        "cycle_finish": ([ref, cycle], "write", "write"),
        "cycle_study": ([ref, cycle], "write", "write"),
        "cycle_act": ([ref, cycle], "write", "write"),
        "cycle_next": ([ref, cycle], "write", "write"),
        "cycle_delete": ([ref, cycle], "", "delete"),
        "measure_list": ([ref], "seen", ""),
        "measure_new": ([ref], "write", "write"),
        "measure_charts": ([ref], "seen", ""),
        "measure_detail": ([ref, measure], "seen", ""),
        "measure_edit": ([ref, measure], "write", "write"),
        "measure_chart": ([ref, measure], "", "write"),
        "measure_delete": ([ref, measure], "", "delete"),
        "measure_csv": ([ref, measure], "seen", ""),
        "measure_svg": ([ref, measure], "seen", ""),
        "measure_html": ([ref, measure], "seen", ""),
        "phase_add": ([ref, measure], "write", "write"),
        "phase_undo": ([ref, measure, rows["phase"].pk], "", "write"),
        "measure_targets": ([ref, measure], "write", "write"),
        "point_list": ([ref, measure], "seen", ""),
        "point_add": ([ref, measure], "log", "log"),
        "points_paste": ([ref, measure], "write", "write"),
        "points_import": ([ref, measure], "write", "write"),
        "point_edit": ([ref, measure, point], "write", "write"),
        "point_history": ([ref, measure, point], "history", ""),
        "point_delete": ([ref, measure, point], "", "delete"),
        "discussion": ([ref], "seen", "seen"),
        "talk_part": ([ref], "seen", ""),
        "task_list": ([ref], "seen", "write"),
        "task_done": ([ref, rows["task"].pk], "", "write"),
        "task_delete": ([ref, rows["task"].pk], "", "delete"),
        "recently_deleted": ([ref], "seen", ""),
        "project_benefits": ([ref], "seen", ""),
        "benefit_new": ([ref], "write", "write"),
        "benefit_edit": ([ref, rows["claim"].pk], "write", "write"),
        "benefit_check": ([ref, rows["claim"].pk], "", "check"),
        "benefit_delete": ([ref, rows["claim"].pk], "", "delete"),
    }
    return {
        name: (reverse(name, args=args), get, post)
        for name, (args, get, post) in plain.items()
    }


NAMES = [
    *("project_home", "cycle_list", "cycle_new", "cycle_detail", "cycle_plan"),
    *("prediction_add", "cycle_do", "cycle_finish", "cycle_study", "cycle_act"),
    *("cycle_next", "cycle_delete", "measure_list", "measure_new", "measure_detail"),
    *("measure_edit", "measure_chart", "measure_delete", "measure_csv", "measure_svg"),
    *("measure_html", "measure_charts"),
    *("phase_add", "phase_undo", "measure_targets", "point_list", "point_add"),
    *("points_paste", "points_import", "point_edit", "point_history", "point_delete"),
    *("discussion", "talk_part", "task_list", "task_done", "task_delete"),
    *("project_benefits", "benefit_new", "benefit_edit", "benefit_check"),
    *("benefit_delete", "recently_deleted"),
]


def plan_form(**given):
    """A valid plan as a browser sends it."""
    return {
        "objective": "Does a bell check help?",
        "idea": "new",
        "new_idea": "Bell check",
        "purpose": "test",
        "scale": "1",
        "planned_n": "5",
        "planned_start_on": "",
        "planned_end_on": (today() + timedelta(days=4)).isoformat(),
        "expect-TOTAL_FORMS": "1",
        "expect-INITIAL_FORMS": "0",
        "expect-0-statement": "4 of 5 bells in reach",
        "expect-0-value": "4",
        **given,
    }


def number(value) -> Decimal:
    return Decimal(value)
