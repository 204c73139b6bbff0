"""What the rows say, worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pdsa.models import CycleOutcome, DataPoint
from projects.models import Project, ProjectStatusChange
from qiportal.api.tables import STAR
from qiportal.api.tables.gaps import gap_closed
from qiportal.core.dates import now
from qiportal.dashboard.services import rollup
from tests.factories import (
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    PhaseFactory,
    PredictionFactory,
    QuestionFactory,
    RampFactory,
    SurveyFactory,
    UnitFactory,
    WaveFactory,
)
from tests.qiportal.api.world import (
    add_comments,
    add_results,
    add_training,
    numbers,
)
from training.models import Attendance

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(api, world):
    """full("projects/") gives the only row; full(path, n) the n-th."""

    def row(path, number=0, **query):
        return api.rows(path, **query)[number]

    return row


def test_a_project(full, world):
    row = full("projects/")
    assert row["reference"] == "QI-2026-0042"
    assert row["unit_key"] == world[0].pk
    assert (row["status"], row["started_on"]) == ("active", "2026-09-01")
    assert row["has_smart_aim"] is True
    assert (row["aim_baseline"], row["aim_target"]) == (6, 3)
    assert row["aim_target_on"] == "2027-03-31"
    assert (row["progress_self"], row["progress_coach"]) == (3, 2.5)
    assert row["coproduction_rung"] == 6
    assert (row["members"], row["has_patient_partner"]) == (2, True)
    assert row["page_url"] == "http://127.0.0.1:8000/projects/QI-2026-0042/"
    assert row["aim_statement"] == "Reduce falls from 6 to 3 a month by next March."
    assert row["problem"].startswith("Patients fall")
    assert row["row_key"] == str(row["project_key"])


def test_the_gap_between_baseline_and_target(full):
    # baseline phase: 40/50, 41/50, 42/50 in turn, one left out; newest: 46, 47, 48
    row = full("projects/")
    assert row["gap_closed"] == pytest.approx((0.94 - 0.82) / (0.95 - 0.82), abs=0.02)
    assert gap_closed(40, 30, 20) == 0.5
    assert gap_closed(40, 44, 20) == -0.2
    assert gap_closed(40, 30, 40) is None


def test_without_a_rebase_the_gap_cannot_be_told(api, project):
    numbers(project)
    measure = project.measures.get()
    measure.phases.last().delete()
    assert api.rows("projects/")[0]["gap_closed"] is None


def test_spells_of_status(api, project, lead):
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    for status, day in (("idea", 0), ("active", 3), ("resting", 10)):
        ProjectStatusChange.objects.create(
            project=project, to_status=status, at=start + timedelta(days=day), by=lead
        )
    rows = sorted(api.rows("bi/fact_project_status/"), key=lambda r: r["from_date_key"])
    told = [
        (r["status"], r["from_date_key"], r["to_date_key"], r["days"]) for r in rows
    ]
    assert told == [
        ("idea", 20260328, 20260331, 3),
        ("active", 20260331, 20260407, 7),
        ("resting", 20260407, None, None),
    ]
    one = api.rows("bi/fact_project_status/", from_date_key=20260331)
    assert [row["status"] for row in one] == ["active"]


def test_methods_and_their_use(full):
    method, use = full("methods/"), full("bi/fact_method_use/")
    assert (method["status"], method["version"]) == ("published", 1)
    assert (method["published_on"], method["review_due_on"]) == (
        "2026-10-05",
        "2027-10-05",
    )
    assert method["is_house_method"] is True
    assert use["method_key"] == method["method_key"]
    assert (use["is_main"], use["attached_date_key"]) == (True, 20261005)


def test_a_barrier_without_its_words(full):
    row = full("bi/fact_barrier/")
    assert (row["type"], row["level"]) == ("time", "division")
    assert (row["raised_date_key"], row["resolved_date_key"]) == (20261005, None)
    assert row["outcome"] is None


def test_a_finished_test(full):
    row = full("cycles/", number=0)
    assert row["project_key"] == full("projects/")["project_key"]
    days = ("planned", "do_start", "do_end", "study", "act")
    assert [row[f"{name}_date_key"] for name in days] == [
        *(20261005, 20261006, 20261007, 20261008, 20261009)
    ]
    assert (row["decision"], row["as_planned"], row["outcome"]) == (
        "adapt",
        True,
        "partly",
    )
    assert row["predicted_before_do"] is True
    assert (row["planned_n"], row["actual_n"], row["scale"]) == (5, 4, 1)
    states = {name: row[name] for name in row if name[0] == "f" and name[1].isdigit()}
    assert states == {
        "f1_documented": "met",
        "f2_study_after_do": "met",
        "f3_learning": "met",
        "f4_prediction": "met",
        "f5_compared": "met",
        "f6_one_change": "met",
    }


def test_a_planned_test(full):
    done, planned = full("cycles/", number=0), full("cycles/", number=1)
    assert planned["previous_cycle_key"] == done["cycle_key"]
    assert (planned["decision"], planned["as_planned"], planned["outcome"]) == (
        None,
        None,
        None,
    )
    assert planned["predicted_before_do"] is False
    assert (planned["f1_documented"], planned["f4_prediction"]) == ("not_yet",) * 2


def test_a_ramp(full):
    row = full("bi/fact_pdsa_ramp/")
    assert (row["cycles"], row["decision"]) == (2, "adapt")
    assert (row["first_date_key"], row["last_date_key"]) == (20261006, 20261006)
    assert row["idea_status"] == "proposed"
    assert row["f7_small_first"] == "met"
    assert row["f8_iterative"] == "met"
    assert row["f9_linked"] == "met"
    assert row["f10_scale_grows"] == "met"
    assert row["f11_data_over_time"] == "met"
    assert row["f12_rationale"] == "met"


def test_a_prediction_after_do_does_not_count_as_before(api, project):
    at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    cycle = CycleFactory(
        ramp=RampFactory(project=project),
        plan_started_at=at,
        do_started_at=at + timedelta(hours=1),
        do_on=date(2026, 10, 1),
    )
    PredictionFactory(cycle=cycle, first_saved_at=at + timedelta(hours=2))
    (row,) = api.rows("cycles/")
    assert (row["predicted_before_do"], row["f4_prediction"]) == (False, "not_yet")


@pytest.mark.parametrize(
    ("outcomes", "together"),
    [
        ([], None),
        (["not"], "not"),
        (["as_predicted", "as_predicted"], "as_predicted"),
        (["as_predicted", "not"], "partly"),
    ],
)
def test_outcomes_of_several_predictions(api, project, outcomes, together):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    for outcome in outcomes:
        prediction = PredictionFactory(cycle=cycle)
        CycleOutcome.objects.create(
            prediction=prediction, outcome=outcome, by=cycle.created_by, at=now()
        )
    assert api.rows("cycles/")[0]["outcome"] == together


def test_a_prediction_makes_its_cycle_new(api, project):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    since = now().isoformat()
    assert api.rows("cycles/", updated_since=since) == []
    PredictionFactory(cycle=cycle)
    assert len(api.rows("cycles/", updated_since=since)) == 1


def test_a_measure_and_its_newest_analysis(full):
    row = full("measures/")
    assert (row["data_type"], row["chart_type"]) == ("proportion", "xmr")
    assert row["has_denominator"] is True
    assert (row["target"], row["target_from"]) == (0.95, "2025-01-01")
    assert (row["points"], row["first_period"], row["last_period"]) == (
        24,
        "2024-01-01",
        "2025-12-01",
    )
    assert row["centre"] == pytest.approx(0.94)
    assert row["lower_limit"] < row["centre"] < row["upper_limit"]
    assert row["engine_version"]


def test_a_number_and_what_its_chart_says(full, api):
    points = sorted(api.rows("data-points/"), key=lambda row: row["period_start"])
    first, excluded, last = points[0], points[5], points[-1]
    assert (first["numerator"], first["denominator"], first["value"]) == (40, 50, 0.8)
    assert (first["phase_number"], last["phase_number"]) == (1, 2)
    assert (first["period_date_key"], first["period_start"]) == (20240101, "2024-01-01")
    assert excluded["is_excluded"] is True
    assert excluded["exclusion_reason"] == "Ward closed"
    assert first["exclusion_reason"] is None
    assert last["centre"] == pytest.approx(0.94)
    assert first["centre"] == pytest.approx(0.82, abs=0.01)
    assert first["special_cause"] == "Common Cause"
    assert first["point_type"] == "common_cause"
    assert first["entered_via"] == "typed"


def test_limits_come_from_the_whole_measure_even_on_a_small_page(api, world):
    whole = {row["row_key"]: row["centre"] for row in api.rows("data-points/")}
    pieces = {
        row["row_key"]: row["centre"] for row in api.rows("data-points/", limit=5)
    }
    streamed = {
        row["row_key"]: row["centre"] for row in api.ndjson("bi/fact_data_point.ndjson")
    }
    assert whole == pieces == streamed
    some = api.rows("data-points/", **{"from": "2025-12-01"})
    assert [row["centre"] for row in some] == [whole[some[0]["row_key"]]]


def test_a_measure_without_phases_has_phase_one(api, project):
    point = DataPointFactory(measure=MeasureFactory(project=project))
    (row,) = api.rows("data-points/")
    assert (row["point_key"], row["phase_number"]) == (point.pk, 1)


def test_phases_are_numbered_without_those_taken_back(api, project):
    measure = MeasureFactory(project=project)
    for year in (2020, 2021, 2022):
        PhaseFactory(measure=measure, starts_on=date(year, 1, 1))
    middle = measure.phases.get(starts_on=date(2021, 1, 1))
    since = now().isoformat()
    middle.undone_at, middle.undone_by = now(), project.created_by
    middle.save()
    rows = api.rows("phases/", updated_since=since)
    told = {row["starts_date_key"]: row["number"] for row in rows if row["number"]}
    assert told == {20200101: 1, 20220101: 2}  # the later one is new: its number moved


def test_decimals_keep_their_value(api, project):
    measure = MeasureFactory(project=project, data_type="value")
    for text in ("0.1", "12345678.123456", "-3", "1e9"):
        DataPointFactory(measure=measure, numerator=Decimal(text))
    found = {row["numerator"] for row in api.rows("data-points/")}
    assert found == {0.1, 12345678.123456, -3, 1000000000}
    assert isinstance(next(v for v in found if v == -3), int)


def test_a_run_of_a_course(full):
    row = full("training-sessions/")
    told = {name: row[name] for name in row if isinstance(row[name], int)}
    del told["session_key"], told["course_key"], told["start_date_key"]
    assert told == {
        "places": 12,
        "applications": 5,
        "booked": 4,
        "waiting": 1,
        "cancelled_in_time": 0,
        "late_cancel": 0,
        "attended": 3,
        "did_not_attend": 1,
        "completed": 2,
        "is_deleted": False,
    }


def test_a_cancelled_run_makes_nobody_a_non_attender(api, ward):
    session = add_training(ward)
    session.status = "cancelled"
    session.save()
    (row,) = api.rows("training-sessions/")
    assert (row["attended"], row["did_not_attend"]) == (0, 0)
    assert row["applications"] == 5


def test_attendance_makes_its_session_new(api, ward):
    session = add_training(ward)
    since = now().isoformat()
    assert api.rows("training-sessions/", updated_since=since) == []
    Attendance.objects.update(recorded_at=now())
    rows = api.rows("training-sessions/", updated_since=since)
    assert [row["session_key"] for row in rows] == [session.pk]


def test_a_retired_course_stays_with_its_runs(api, ward):
    session = add_training(ward)
    session.course.is_active = False
    session.course.save()
    assert api.rows("courses/")[0]["is_active"] is False
    assert len(api.rows("training-sessions/")) == 1


def test_training_by_month_stops_at_directorates(api, world, trust):
    rows = api.rows("bi/fact_training_month/")
    assert {row["unit_key"] for row in rows} == {trust.pk, world[0].parent_id}
    row = next(row for row in rows if row["unit_key"] == trust.pk)
    assert row["month_date_key"] == 20261001
    assert (row["applications"], row["offered"], row["booked"]) == (5, 4, 4)
    assert (row["attended"], row["did_not_attend"]) == (3, 1)
    assert row["median_days_waiting"] is None  # fewer than 11 offers
    assert row["converted_180d"] is None  # the 180 days are not over
    assert row["row_key"] == f"{row['course_key']}-{trust.pk}-20261001"
    course = row["course_key"]
    assert len(api.rows("bi/fact_training_month/", course_key=course, limit=1)) == 2
    assert api.rows("bi/fact_training_month/", course_key=course + 1) == []


def test_conversion_is_nought_once_its_days_are_over(caller, ward, time_machine):
    add_training(ward)
    time_machine.move_to("2027-06-01T02:00:00Z", tick=False)
    rollup()
    assert caller().rows("bi/fact_training_month/")[0]["converted_180d"] == 0


def test_an_indicator_value_is_its_numerator_by_its_denominator(api, world, trust):
    rows = api.rows("indicators/training.attendance/values/", unit_key=trust.pk)
    (row,) = rows
    assert (row["numerator"], row["denominator"], row["n"]) == (3, 4, 4)
    assert (row["value"], row["null_reason"], row["suppressed"]) == (0.75, None, False)
    assert row["row_key"] == f"training.attendance|{trust.pk}||20261001"
    counts = api.rows("indicators/training.applications/values/", unit_key=trust.pk)
    assert (counts[0]["value"], counts[0]["denominator"]) == (5, None)


def test_figures_by_course_are_not_indicators(api, world):
    codes = {row["indicator_code"] for row in api.rows("bi/fact_indicator/")}
    assert not [code for code in codes if code.startswith("course.")]
    known = {row["indicator_code"] for row in api.rows("bi/dim_indicator/")}
    assert codes <= known


def test_survey_results_as_published(api, world, trust):
    rows = {row["unit_key"]: row for row in api.rows("bi/fact_survey_result/")}
    first, second, third = (rows[ward.pk] for ward in world)
    assert (first["n"], first["positive_pct"]) == (30, 66.7)
    # 2 x 0 + 4 x 2.5 + 4 x 5 + 14 x 7.5 + 6 x 10 = 195 of 30
    assert first["score"] == 6.5
    assert first["suppressed"] is False
    assert third["suppressed"] is True
    assert third["null_reason"] == "small_number"
    numbers = ("n", "n_band", "positive_pct", "score")
    assert [third[name] for name in numbers] == [None] * 4
    assert second["suppressed"] is True  # else 48 - 30 - 12 would tell the third
    whole = rows[trust.pk]
    assert (whole["n"], whole["positive_pct"]) == (48, 60.4)
    assert (first["subgroup"], first["is_weighted"]) == ("", False)
    wave = api.rows("bi/dim_survey_wave/")[0]["wave_key"]
    assert {row["wave_key"] for row in rows.values()} == {wave}
    for query in ({"wave_key": wave}, {"question_key": first["question_key"]}):
        assert len(api.rows("bi/fact_survey_result/", **query)) == 5
        wrong = {name: value + 1 for name, value in query.items()}
        assert api.rows("bi/fact_survey_result/", **wrong) == []
    assert api.rows("bi/fact_survey_result/", is_weighted="true") == []
    assert api.get("bi/fact_survey_result/?is_weighted=1").status_code == 400


def survey_of(trust, options):
    ward = UnitFactory(kind="team", parent=trust)
    survey = SurveyFactory(kind="pulse")
    question = QuestionFactory(survey=survey)
    add_results(WaveFactory(survey=survey), question, {ward: options})
    rollup()
    return ward


@pytest.mark.parametrize(
    ("options", "band"),
    [([0, 0, 0, 10, 10], "over_90_pct"), ([10, 5, 5, 0, 0], "under_10_pct")],
)
def test_where_all_answer_alike_only_a_band_is_shown(api, trust, options, band):
    ward = survey_of(trust, options)
    rows = api.rows("bi/fact_survey_result/", unit_key=ward.pk)
    (row,) = rows
    assert (row["n"], row["n_band"]) == (20, band)
    assert (row["positive_pct"], row["score"]) == (None, None)
    assert (row["null_reason"], row["suppressed"]) == ("all_alike", False)
    code = "survey.pulse.make-improvements-happen"
    (figure,) = api.rows(f"indicators/{code}/values/", unit_key=ward.pk)
    shown = [figure[name] for name in ("numerator", "denominator", "value")]
    assert shown == [None, None, None]
    assert figure["null_reason"] == "all_alike"


def test_percentages_are_whole_below_thirty_answers(api, trust):
    ward = survey_of(trust, [1, 2, 3, 8, 3])  # 11 of 17
    (row,) = api.rows("bi/fact_survey_result/", unit_key=ward.pk)
    assert row["positive_pct"] == 65


def test_comments_as_read_by_machine(api, world, trust):
    rows = api.rows("bi/fact_survey_sentiment/", unit_key=world[0].pk)
    by_theme = {row["theme"]: row for row in rows}
    assert set(by_theme) == {"", "time_resources", "staff_engagement"}
    row = by_theme[""]
    assert (row["prompt_type"], row["month_date_key"]) == ("improve", 20260901)
    assert (row["comments"], row["positive"], row["negative"]) == (20, 8, 12)
    assert (row["mixed"], row["no_content"]) == (0, 0)
    assert row["net"] == -0.2
    # spread = 1.96 x sqrt((1 - 0.04) / 20)
    assert (row["ci_low"], row["ci_high"]) == (-0.6294, 0.2294)
    assert row["scorer_version"] == "rules-1"
    assert row["wave_key"] == api.rows("survey-waves/")[0]["wave_key"]
    hidden = by_theme["staff_engagement"]  # 8 comments
    assert hidden["suppressed"] is True
    assert hidden["null_reason"] == "small_number"
    names = ("comments", "positive", "negative", "net", "ci_low", "no_content")
    assert [hidden[name] for name in names] == [None] * 6
    path = "bi/fact_survey_sentiment/"
    assert len(api.rows(path, theme="", unit_key=trust.pk)) == 1
    assert len(api.rows(path, theme="time_resources")) == 3
    assert len(api.rows(path, prompt_type="improve")) == 9
    assert api.rows(path, prompt_type="good") == []
    assert len(api.rows(path, wave_key=row["wave_key"])) == 9
    assert api.rows(path, wave_key=row["wave_key"] + 1) == []


def test_two_prompts_are_never_put_together(api, trust):
    ward = UnitFactory(kind="team", parent=trust)
    wave = WaveFactory()
    add_comments(wave, ward, 12)
    wave.survey.prompts.create(text="What was good?", prompt_type="good")
    rollup()
    assert {r["prompt_type"] for r in api.rows("bi/fact_survey_sentiment/")} == {
        "improve"
    }


def test_units_with_their_line(api, ward, trust):
    rows = {row["unit_key"]: row for row in api.rows("bi/dim_unit/")}
    row = rows[ward.pk]
    assert (row["kind"], row["level"]) == ("team", 3)
    assert (row["trust_name"], row["division_name"]) == ("Riverbourne", "Medicine")
    assert (row["service_name"], row["team_name"]) == (None, "Ward 7")
    assert row["parent_unit_key"] == ward.parent_id
    assert row["path"].startswith(rows[trust.pk]["path"])


def test_a_new_name_above_makes_the_units_below_new(api, ward):
    since = now().isoformat()
    assert api.rows("bi/dim_unit/", updated_since=since) == []
    ward.parent.name = "Acute medicine"
    ward.parent.save()
    rows = {
        row["unit_key"]: row for row in api.rows("bi/dim_unit/", updated_since=since)
    }
    assert rows[ward.pk]["division_name"] == "Acute medicine"
    assert set(rows) == {ward.pk, ward.parent_id}


def test_the_calendar(api):
    def day(key):
        (row,) = api.rows("bi/dim_date/", date_key=key)
        return row

    row = day(20260331)
    assert (row["financial_year"], row["financial_quarter"]) == ("2025/26", 4)
    assert (row["financial_month"], row["quarter"]) == (12, 1)
    row = day(20260401)
    assert (row["financial_year"], row["financial_month"]) == ("2026/27", 1)
    assert day(19991231)["financial_year"] == "1999/00"
    row = day(20261122)
    assert (row["day_of_week"], row["is_weekend"]) == (7, True)
    assert (row["week_start"], row["month_start"]) == ("2026-11-16", "2026-11-01")
    row = day(20270101)
    assert (row["iso_year"], row["iso_week"]) == (2026, 53)
    response = api.get("bi/dim_date.csv")
    assert response["X-Row-Count"] == "17167"  # 1990 to 2036
    within = api.rows("bi/dim_date/", **{"from": "2026-02-01", "to": "2026-03-01"})
    assert len(within) == 28


def test_the_latest_run(api, world):
    run = rollup()
    row = api.page("rollup-runs/latest/")
    assert (row["run_key"], row["rows"]) == (run.pk, run.rows)
    assert row["as_of_date"] == run.as_of.isoformat()


def test_every_link_of_every_fact_finds_its_row(api, world):
    """Foreign keys hold over the whole star, in what one token sees."""
    keys = {}
    for table in STAR:
        rows = api.ndjson(table.path.rstrip("/") + ".ndjson")
        for column in table.keys:
            keys[f"{table.name}.{column.name}"] = {row[column.name] for row in rows}
        keys[table.name] = rows
    for table in STAR:
        for column in table.own:
            if column.references:
                used = {row[column.name] for row in keys[table.name]} - {None}
                assert used <= keys[column.references], f"{table.name}.{column.name}"


def test_row_keys_are_unique(api, world):
    for table in STAR:
        rows = api.ndjson(table.path.rstrip("/") + ".ndjson")
        assert len({row["row_key"] for row in rows}) == len(rows), table.name


def test_counts_of_the_index_are_those_of_the_tables(api, world):
    assert DataPoint.objects.count() == 24
    assert Project.objects.count() == 1
    for entry in api.page("bi/")["tables"]:
        path = entry["ndjson"].removeprefix("http://127.0.0.1:8000/api/v1/")
        assert len(api.ndjson(path)) == entry["rows"], entry["name"]
