"""Tables of the log: tests (PDSA cycles) and the ramps they form."""

from collections import defaultdict
from datetime import date

from django.db.models import (
    Count,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Greatest

from pdsa.fidelity import Finding, cycle_rules, points_in_a_row, ramp_rules
from pdsa.models import Cycle, CycleOutcome, DataPoint, Prediction, Ramp
from pdsa.selectors.cycles import (
    compared_predictions,
    is_prior,
    outcome_of,
    with_predictions,
)
from projects.models import ChangeIdea
from qiportal.api.columns import (
    COMPUTED,
    day,
    flag,
    key,
    link,
    state,
    text,
    whole,
)
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.common import known, newest, newest_of, shown_since
from qiportal.api.tables.gone import Gone
from qiportal.api.tables.projects import PROJECT, UNIT
from qiportal.api.tables.rows import OrmRows

CYCLE_STATES = {
    "f1_documented": "F1",
    "f2_study_after_do": "F2",
    "f3_learning": "F3",
    "f4_prediction": "F4",
    "f5_compared": "F5",
    "f6_one_change": "F6",
}
RAMP_STATES = {
    "f7_small_first": "F7",
    "f8_iterative": "F8",
    "f9_linked": "F9",
    "f10_scale_grows": "F10",
    "f11_data_over_time": "F11",
    "f12_rationale": "F12",
}
AS_PLANNED = {"as_planned": True, "changed": False, "stopped": False}
OUTCOMES = tuple(CycleOutcome.Outcome.values)
DECISIONS = tuple(Cycle.Decision.values)


def cycle_rows(viewer: Viewer) -> QuerySet:
    return Cycle.objects.visible_to(viewer.user)


def cycle_changed() -> Greatest:
    """A cycle's row also changes with its ramp, its predictions and their outcomes."""
    predictions = Prediction.objects.all()
    outcomes = CycleOutcome.objects.all()
    return newest(
        F("updated_at"),
        F("ramp__updated_at"),
        shown_since("ramp__project__"),
        newest_of(predictions, "first_saved_at", cycle="pk"),
        newest_of(outcomes, "at", prediction__cycle="pk"),
    )


def outcome_together(cycle: Cycle) -> str | None:
    """One word for all expectations of a test: partly, unless they agree."""
    rows = [outcome_of(row) for row in compared_predictions(cycle)]
    found = {row.outcome for row in rows if row is not None}
    if len(found) > 1:
        return CycleOutcome.Outcome.PARTLY
    return next(iter(found), None)


def states_of(findings: list[Finding], names: dict[str, str]) -> Row:
    by_code = {finding.code: finding.state for finding in findings}
    return {name: by_code[code] for name, code in names.items()}


def with_rules(rows: list[Row], viewer: Viewer) -> None:
    """Fidelity, outcome and conduct, from the cycles with their predictions."""
    ids = [row["cycle_key"] for row in rows]
    cycles = with_predictions(Cycle.objects.filter(pk__in=ids).select_related("ramp"))
    related = cycles.annotate(other_ideas=Count("other_change_ideas"))
    by_id = {cycle.pk: cycle for cycle in related}
    for row in rows:
        cycle = by_id[row["cycle_key"]]
        predictions = cycle.predictions.all()
        row["as_planned"] = AS_PLANNED.get(cycle.conduct)
        row["outcome"] = outcome_together(cycle)
        row["predicted_before_do"] = any(is_prior(cycle, p) for p in predictions)
        row.update(states_of(cycle_rules(cycle), CYCLE_STATES))


FACT_PDSA_CYCLE = Table(
    name="fact_pdsa_cycle",
    path="bi/fact_pdsa_cycle/",
    meaning="One row per test (PDSA cycle), without the words people wrote.",
    own=(
        key("cycle_key", "The test's number.", "pk"),
        link("project_key", "The project.", "ramp__project_id", PROJECT),
        link("unit_key", "The unit it was tested in.", "unit_id", UNIT),
        link(
            "ramp_key", "The ramp it belongs to.", "ramp_id", "fact_pdsa_ramp.ramp_key"
        ),
        whole("idea_key", "The change idea tested.", "ramp__change_idea_id", null=True),
        link(
            "previous_cycle_key",
            "The test it follows.",
            "previous_id",
            "fact_pdsa_cycle.cycle_key",
            null=True,
        ),
        whole("number", "Its number in the ramp."),
        text("purpose", "What it is for.", choices=tuple(Cycle.Purpose.values)),
        whole("scale", "Scale of the test, 1 (one person) to 7 (trust).", null=True),
        whole("planned_n", "Patients or events planned.", null=True),
        whole("actual_n", "Patients or events tested on.", null=True),
        day(
            "planned_date_key",
            "Day the plan was begun in the portal.",
            "plan_started_at",
            null=True,
            at=True,
        ),
        day("do_start_date_key", "Day of the test, as stated.", "do_on", null=True),
        day(
            "do_end_date_key",
            "Day Do was finished in the portal.",
            "do_finished_at",
            null=True,
            at=True,
        ),
        day("study_date_key", "Day of Study, as stated.", "study_on", null=True),
        day(
            "act_date_key",
            "Day of the decision in the portal.",
            "act_decided_at",
            null=True,
            at=True,
        ),
        text("decision", "What was decided.", null=True, choices=DECISIONS),
        flag("as_planned", "Whether Do went as planned.", COMPUTED, null=True),
        text(
            "outcome",
            "How the expectations turned out together.",
            COMPUTED,
            null=True,
            choices=OUTCOMES,
        ),
        flag(
            "predicted_before_do",
            "Whether an expectation was saved before Do began.",
            COMPUTED,
        ),
        state("f1_documented", "All four stages have words and a date."),
        state("f2_study_after_do", "Study came after Do was finished."),
        state("f3_learning", "Learning was written down."),
        state("f4_prediction", "An expectation was saved before the test."),
        state("f5_compared", "Each expectation has an outcome."),
        state("f6_one_change", "Exactly one change was tested."),
    ),
    compute=with_rules,
    source=OrmRows(
        cycle_rows,
        cycle_changed(),
        unit_path="ramp__project__unit__path",
        gone=Gone(
            project="ramp__project_id",
            stamps=("deleted_at",),
            resource="cycle",
            keys=lambda row_key: {"cycle_key": int(row_key)},
        ),
    ),
)


def ramp_rows(viewer: Viewer) -> QuerySet:
    alive = Q(cycles__deleted_at=None)
    return Ramp.objects.visible_to(viewer.user).annotate(
        cycle_count=Count("cycles", filter=alive),
        first_on=Min("cycles__do_on", filter=alive),
        last_on=Max("cycles__do_on", filter=alive),
    )


def last_decision() -> Subquery:
    decided = Cycle.objects.filter(
        ramp=OuterRef("pk"), deleted_at=None, act_decided_at__isnull=False
    )
    return Subquery(decided.order_by("-number").values("decision")[:1])


def days_by_project(project_ids: set[int]) -> dict[int, dict[int, list[date]]]:
    """project -> measure -> days with a number, ascending."""
    points = DataPoint.objects.filter(
        measure__project__in=project_ids, deleted_at=None, measure__deleted_at=None
    )
    found: dict[int, dict[int, list[date]]] = defaultdict(lambda: defaultdict(list))
    columns = ("measure__project_id", "measure_id", "period_start")
    for project_id, measure_id, start in points.order_by(
        "measure_id", "period_start"
    ).values_list(*columns):
        found[project_id][measure_id].append(start)
    return found


def with_ramp_rules(rows: list[Row], viewer: Viewer) -> None:
    ids = [row["ramp_key"] for row in rows]
    alive = Cycle.objects.filter(deleted_at=None).select_related("ramp")
    cycles = Prefetch("cycles", queryset=alive.order_by("number"), to_attr="living")
    ramps = Ramp.objects.filter(pk__in=ids).select_related("change_idea")
    by_id = {ramp.pk: ramp for ramp in ramps.prefetch_related(cycles)}
    days = days_by_project({ramp.project_id for ramp in by_id.values()})
    for row in rows:
        ramp = by_id[row["ramp_key"]]
        over_time = points_in_a_row(days[ramp.project_id].values())
        findings = ramp_rules(ramp, ramp.living, data_over_time=over_time)
        row.update(states_of(findings, RAMP_STATES))


FACT_PDSA_RAMP = Table(
    name="fact_pdsa_ramp",
    path="bi/fact_pdsa_ramp/",
    meaning="One row per ramp: linked tests of one change idea.",
    own=(
        key("ramp_key", "The ramp's number.", "pk"),
        link("project_key", "The project.", "project_id", PROJECT),
        link("unit_key", "The unit that owns the project.", "project__unit_id", UNIT),
        whole("idea_key", "The change idea.", "change_idea_id", null=True),
        text(
            "idea_status",
            "What became of the idea so far.",
            "change_idea__status",
            null=True,
            choices=tuple(ChangeIdea.Status.values),
        ),
        whole("cycles", "Tests in the ramp.", "cycle_count"),
        day("first_date_key", "Day of its first test.", "first_on", null=True),
        day("last_date_key", "Day of its newest test.", "last_on", null=True),
        text(
            "decision",
            "Newest decision.",
            last_decision,
            null=True,
            choices=DECISIONS,
        ),
        state("f7_small_first", "The first test of a change was small."),
        state("f8_iterative", "There is more than one test."),
        state("f9_linked", "Each test builds on the one before."),
        state("f10_scale_grows", "The scale grows step by step."),
        state("f11_data_over_time", "The project has three numbers in a row."),
        state("f12_rationale", "It says why the change should work."),
    ),
    compute=with_ramp_rules,
    source=OrmRows(
        ramp_rows,
        newest(
            F("updated_at"),
            F("project__updated_at"),
            known(F("change_idea__updated_at")),
        ),
        unit_path="project__unit__path",
        gone=Gone(
            project="project_id",
            resource="ramp",
            keys=lambda row_key: {"ramp_key": int(row_key)},
        ),
    ),
)
