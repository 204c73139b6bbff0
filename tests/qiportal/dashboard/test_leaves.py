"""Leaf queries: what counts, in which month, for which unit, on both engines."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pdsa.models import MeasureState
from projects.models import ProjectStatusChange
from qiportal.dashboard.leaves import pdsa, surveys, training
from qiportal.dashboard.leaves.base import window_until
from surveys.models import Comment, CommentScore, CommentTheme, ScorerVersion
from surveys.models import SurveyResult as Result
from tests.factories import (
    ApplicationFactory,
    ChangeIdeaFactory,
    CourseFactory,
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    MemberFactory,
    PredictionFactory,
    ProjectFactory,
    PromptFactory,
    QuestionFactory,
    RampFactory,
    SessionFactory,
    SurveyFactory,
    UserFactory,
    WaveFactory,
)
from training.models import Attendance

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 23)
JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


@pytest.fixture
def window():
    return window_until(TODAY)


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


def cycle_done(project, begun, *, decided=None, decision="adapt", **fields):
    """A test whose Do began at a moment, decided five days later unless told."""
    end = decided or begun + timedelta(days=5)
    return CycleFactory(
        ramp=fields.pop("ramp", None) or RampFactory(project=project),
        number=fields.pop("number", 1),
        unit=project.unit,
        plan_started_at=fields.pop("planned", begun - timedelta(days=2)),
        do_started_at=begun,
        do_finished_at=begun,
        study_started_at=begun,
        study_finished_at=begun,
        act_decided_at=end,
        decision=decision,
        **fields,
    )


def test_a_test_counts_in_the_london_month_its_do_began(window, project):
    cycle_done(project, london(2026, 7, 1, 0, 30))  # still June in UTC
    cycle_done(project, london(2020, 1, 5))  # before the window
    cycle_done(
        ProjectFactory(unit=project.unit, is_public_data=True), london(2026, 7, 5)
    )
    rows = list(pdsa.started(window))
    assert [(r.unit_id, r.period, r.numerator) for r in rows] == [
        (project.unit_id, JULY, 1)
    ]


@pytest.mark.parametrize(
    ("saved", "do_on", "prior"),
    [
        (-1, None, 1),  # before Do
        (0, None, 1),  # at the same moment
        (1, None, 0),  # an amendment
        (-1, date(2026, 10, 12), 1),
        (-1, date(2026, 10, 8), 0),  # the test is said to have been before the day
    ],
)
def test_a_prediction_counts_if_it_came_before_the_test(
    saved, do_on, prior, window, project
):
    begun = london(2026, 10, 12, 9)
    cycle = cycle_done(project, begun, do_on=do_on)
    PredictionFactory(cycle=cycle, first_saved_at=begun + timedelta(days=saved))
    rows = [(r.numerator, r.denominator) for r in pdsa.predictions(window)]
    assert rows == [(prior, 1)]


def test_two_predictions_are_one_test_and_none_is_a_test_without(window, project):
    begun = london(2026, 10, 12, 9)
    cycle = cycle_done(project, begun)
    PredictionFactory.create_batch(2, cycle=cycle, first_saved_at=begun)
    cycle_done(project, begun)
    (row,) = pdsa.predictions(window)
    assert (row.period, row.numerator, row.denominator, row.n) == (OCTOBER, 1, 2, 2)


def test_collecting_information_without_a_change_needs_no_prediction(window, project):
    begun, idea = london(2026, 10, 12, 9), ChangeIdeaFactory(project=project)
    cycle_done(project, begun, purpose="collect_information")
    ramp = RampFactory(project=project, change_idea=idea)
    cycle_done(project, begun, purpose="collect_information", ramp=ramp)
    (row,) = pdsa.predictions(window)
    assert row.denominator == 1


def test_decisions_by_kind_and_month_of_the_decision(window, project):
    begun = london(2026, 9, 29, 9)
    for decision in ("adopt", "abandon", "abandon"):
        cycle_done(project, begun, decision=decision)
    rows = {(r.period, r.subgroup): r.numerator for r in pdsa.decisions(window)}
    assert rows == {(OCTOBER, "adopt"): 1, (OCTOBER, "abandon"): 2}


def test_fresh_data_is_read_at_month_ends_from_the_state_then(window, project, lead):
    ProjectStatusChange.objects.create(
        project=project, to_status="active", at=london(2026, 8, 10), by=lead
    )
    ProjectStatusChange.objects.create(
        project=project, to_status="completed", at=london(2026, 11, 2), by=lead
    )
    measure = MeasureFactory(project=project)
    DataPointFactory(measure=measure, period_start=date(2026, 8, 2))
    rows = {r.period: (r.numerator, r.denominator) for r in pdsa.fresh_data(window)}
    assert rows == {
        date(2026, 8, 1): (1, 1),
        date(2026, 9, 1): (1, 1),  # 30 September: 59 days old
        OCTOBER: (0, 1),
    }


def test_charts_are_counted_by_their_newest_stretch(window, project):
    closed = ProjectFactory(status="resting")
    for n, state in enumerate(
        (
            {"variation": "improvement_high", "n": 20, "segment_n": 20},
            {"variation": "concern_low", "n": 20, "segment_n": 11},  # just rebased
            {"variation": "", "run_signal": True, "n": 14, "segment_n": 14},
            {"variation": "", "run_signal": False, "n": 14, "segment_n": 14},
            {"variation": "", "n": 0, "segment_n": 0},
        )
    ):
        measure = MeasureFactory(project=project, name=f"m{n}")
        MeasureState.objects.create(measure=measure, **state)
    MeasureState.objects.create(
        measure=MeasureFactory(project=closed), variation="concern_low", n=20
    )
    assert {row.subgroup: row.numerator for row in pdsa.icons(window)} == {
        "improvement_high": 1,
        "not_enough_points": 1,
        "unusual_run": 1,
        "no_unusual_run": 1,
    }


def trained(person, starts, outcome="attended", course=None, **fields):
    session = SessionFactory(
        course=course or CourseFactory(owner=UserFactory(home_unit=person.home_unit)),
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        status=fields.pop("session_status", "held"),
    )
    row = ApplicationFactory(
        applicant=person,
        session=session,
        status="booked",
        month=starts.date().replace(day=1),
        applied_at=starts - timedelta(days=30),
        **fields,
    )
    Attendance.objects.create(
        application=row, outcome=outcome, recorded_by=person, recorded_at=starts
    )
    return row


@pytest.mark.parametrize(
    ("days_after", "converted"), [(-1, 0), (0, 1), (179, 1), (180, 0)]
)
def test_conversion_is_a_test_begun_within_180_days(
    days_after, converted, window, frontline, project
):
    starts = london(2026, 3, 10, 9)
    trained(frontline, starts)
    MemberFactory(project=project, user=frontline)
    begun = starts.astimezone(UTC) + timedelta(days=days_after, minutes=1)
    cycle_done(project, begun + timedelta(days=2), planned=begun)
    (row,) = training.conversion(window)
    assert (row.period, row.numerator, row.denominator) == (
        date(2026, 3, 1),
        converted,
        1,
    )
    assert row.unit_id == frontline.home_unit_id
    numbers = [r.numerator for r in training.course_converted(window)]
    assert sum(numbers) == converted


def test_other_peoples_tests_convert_nobody(window, frontline, project):
    starts = london(2026, 3, 10, 9)
    trained(frontline, starts)
    cycle_done(project, starts + timedelta(days=9))
    (row,) = training.conversion(window)
    assert (row.numerator, row.denominator) == (0, 1)


def test_only_months_whose_180_days_are_over_count(window, frontline, time_machine):
    trained(frontline, london(2026, 5, 20, 9))
    trained(frontline, london(2026, 5, 31, 9))
    assert list(training.conversion(window)) == []  # 180 days from 31 May: 27 November
    assert len(list(training.conversion(window_until(date(2026, 12, 1))))) == 1


def test_who_did_not_come_or_whose_session_was_cancelled_is_no_attendee(
    window, frontline
):
    trained(frontline, london(2026, 3, 10, 9), "did_not_attend")
    trained(frontline, london(2026, 3, 11, 9), session_status="cancelled")
    trained(frontline, london(2026, 3, 12, 9), "part")
    (row,) = training.conversion(window)
    assert row.denominator == 1


def test_the_course_table_counts_each_step_by_course(window, frontline):
    course = CourseFactory(title="Coaching")
    starts = london(2026, 10, 14, 9)
    offered = starts - timedelta(days=20)
    trained(frontline, starts, course=course, offered_at=offered)
    trained(frontline, starts, "did_not_attend", course=course)
    session = SessionFactory(
        course=course, starts_at=starts, ends_at=starts.replace(hour=12)
    )
    ApplicationFactory(
        applicant=frontline,
        session=session,
        status="waitlisted",
        month=OCTOBER,
        applied_at=starts,
    )
    found = {}
    for name in ("applications", "offered", "booked", "attended", "absent"):
        (row,) = getattr(training, f"course_{name}")(window)
        assert (row.subgroup, row.period) == (str(course.pk), OCTOBER)
        found[name] = row.numerator
    assert found == {
        "applications": 3,
        "offered": 1,
        "booked": 2,
        "attended": 1,
        "absent": 1,
    }
    (wait,) = training.course_waiting(window)
    assert (wait.value, wait.subgroup) == (10, str(course.pk))


@pytest.fixture
def wave(db):
    survey = SurveyFactory(kind="pulse")
    return WaveFactory(survey=survey, opens_on=JULY)


def result(wave, unit, counts, **fields):
    question = fields.pop("question", None) or QuestionFactory(survey=wave.survey)
    return Result.objects.create(
        wave=wave,
        unit=unit,
        question=question,
        n=sum(counts) if counts else None,
        option_counts=counts,
        **fields,
    )


def test_results_count_positive_and_valid_answers_and_points(window, wave, ward):
    result(wave, ward, [4, 8, 10, 30, 12])
    (row,) = surveys.results(window)["survey.pulse.make-improvements-happen"]
    assert (row.period, row.numerator, row.denominator) == (JULY, 42, 64)
    (score,) = surveys.scores(window)["survey.pulse.make-improvements-happen.score"]
    assert round(score.numerator / score.denominator, 2) == 6.48


def test_a_hidden_result_brings_no_number(window, wave, ward):
    result(wave, ward, [], suppressed=True)
    for family in (surveys.results(window), surveys.scores(window)):
        ((row,),) = family.values()
        assert row.hidden
        assert (row.numerator, row.denominator, row.n) == (None, None, None)


def test_weighted_results_keep_the_published_score(window, wave, trust):
    row = result(wave, trust, [], weighted=True, published_score="55.7")
    Result.objects.filter(pk=row.pk).update(n=480)
    (found,) = surveys.weighted(window)[
        "survey.pulse.make-improvements-happen.weighted"
    ]
    assert (round(found.numerator, 6), found.n) == (0.557, 480)
    assert surveys.results(window) == {}


def test_a_wave_after_the_day_does_not_exist_yet(wave, ward):
    result(wave, ward, [1, 1, 1, 1, 1])
    past = window_until(date(2026, 6, 30))
    assert surveys.results(past) == surveys.scores(past) == surveys.weighted(past) == {}


def comment(wave, unit, label, version, themes=(), key="1"):
    row = Comment.objects.create(
        wave=wave,
        unit=unit,
        prompt=PromptFactory(survey=wave.survey, text=f"Better? {key}"),
        redacted_text="Two hours",
        source_hash=key,
        month=JULY,
        is_nil=label == "nil",
    )
    CommentScore.objects.create(
        comment=row, scorer_version=version, label=label, score=0, confidence=1
    )
    for theme in themes:
        CommentTheme.objects.create(comment=row, theme=theme, scorer_version=version)


def test_comments_give_net_labels_and_themes_of_the_active_reading(window, wave, ward):
    active = ScorerVersion.objects.create(name="new", active=True)
    old = ScorerVersion.objects.create(name="old")
    labels = ("positive", "negative", "negative", "neutral_mixed", "nil")
    for n, label in enumerate(labels):
        comment(wave, ward, label, active, ["training"] if n == 1 else [], f"k{n}")
    comment(wave, ward, "positive", old, ["training"], "old")
    family = surveys.comments(window)
    rows = {
        r.subgroup: (r.numerator, r.denominator) for r in family["comments.improve"]
    }
    assert rows == {
        "": (-1, 4),
        "positive": (1, 4),
        "mixed": (1, 4),
        "negative": (2, 4),
        "nil": (1, None),
    }
    theme = {r.subgroup: r.numerator for r in family["comments.improve.training"]}
    assert theme[""] == -1
    assert surveys.comments(window_until(date(2026, 6, 30))) == {}
