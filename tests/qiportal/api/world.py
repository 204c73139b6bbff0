"""One small trust with something in every table of the API."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pdsa.models import CycleOutcome, ProgressScore
from pdsa.services import measure_state_refresh
from projects.models import (
    Aim,
    Barrier,
    CoproductionRating,
    MethodUse,
    ProjectStatusChange,
)
from surveys.models import (
    Comment,
    CommentScore,
    CommentTheme,
    ScorerVersion,
    SurveyResult,
)
from tests.factories import (
    ApplicationFactory,
    ChangeIdeaFactory,
    CourseFactory,
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    MemberFactory,
    MethodFactory,
    MethodVersionFactory,
    PhaseFactory,
    PredictionFactory,
    ProjectFactory,
    PromptFactory,
    QuestionFactory,
    RampFactory,
    SessionFactory,
    SurveyFactory,
    UnitFactory,
    UserFactory,
    WaveFactory,
)
from training.models import Attendance

CANARIES = {
    "name": "Xanthippe Canary",
    "email": "canary@example.nhs.uk",
    "words": "zebra-words-nobody-may-read",
}
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


def person(unit):
    """Somebody whose name and address must never leave the portal."""
    return UserFactory(
        full_name=f"{CANARIES['name']} {uuid.uuid4().hex[:4]}",
        email=f"{uuid.uuid4().hex[:6]}.{CANARIES['email']}",
        home_unit=unit,
        job_title=CANARIES["words"],
    )


def method():
    row = MethodFactory(is_house=True)
    row.current_version = MethodVersionFactory(
        method=row,
        state="published",
        published_at=AT,
        published_by=row.owner,
        review_due_on=date(2027, 10, 5),
        steps=CANARIES["words"],
    )
    row.save()
    return row


def add_project(unit, **fields):
    """A project with people, aim, states, a barrier, a ramp and a measure."""
    lead = person(unit)
    house = method() if fields.pop("with_method", False) else None
    row = ProjectFactory(
        unit=unit,
        method=house,
        created_by=lead,
        rationale=CANARIES["words"],
        learning=CANARIES["words"],
        started_on=date(2026, 9, 1),
        **fields,
    )
    for relation in ("lead", "patient_partner"):
        MemberFactory(project=row, user=person(unit), relation=relation)
    Aim.objects.create(
        project=row,
        statement="Reduce falls from 6 to 3 a month by next March.",
        direction="decrease",
        quantity="falls",
        population="patients",
        baseline=6,
        target=3,
        target_on=date(2027, 3, 31),
        created_by=lead,
    )
    for status, days in (("idea", 0), ("active", 10)):
        ProjectStatusChange.objects.create(
            project=row, to_status=status, at=AT + timedelta(days=days), by=lead
        )
    if house:
        MethodUse.objects.create(
            project=row, method=house, at=AT, used_for=CANARIES["words"]
        )
    Barrier.objects.create(
        project=row,
        type="time",
        level="division",
        text=CANARIES["words"],
        raised_at=AT,
        created_by=lead,
    )
    scores(row, lead)
    tests(row, lead)
    numbers(row)
    return row


def scores(project, lead):
    for kind, score in (("self", "3.0"), ("coach", "2.5")):
        ProgressScore.objects.create(
            project=project,
            rater_kind=kind,
            rater=lead,
            score=Decimal(score),
            on=date(2026, 10, 31),
        )
    CoproductionRating.objects.create(
        project=project,
        stage="test",
        rung=6,
        members=2,
        on=date(2026, 10, 31),
        evidence=CANARIES["words"],
        created_by=lead,
    )


def tests(project, lead):
    """A ramp of two tests: a finished one and one that is planned."""
    idea = ChangeIdeaFactory(project=project, because="Bells out of reach")
    ramp = RampFactory(project=project, change_idea=idea)
    first = CycleFactory(
        ramp=ramp,
        number=1,
        plan=CANARIES["words"],
        objective=f"Bell check? {CANARIES['words']}",
        plan_started_at=AT,
        do_on=date(2026, 10, 6),
        do_started_at=AT + timedelta(days=1),
        do_finished_at=AT + timedelta(days=2),
        study_on=date(2026, 10, 8),
        study_started_at=AT + timedelta(days=3),
        study_finished_at=AT + timedelta(days=3),
        act_decided_at=AT + timedelta(days=4),
        observations=CANARIES["words"],
        results=CANARIES["words"],
        learned=f"{CANARIES['words']} and more",
        decision="adapt",
        why=CANARIES["words"],
        conduct="as_planned",
        planned_n=5,
        actual_n=4,
        scale=1,
    )
    prediction = PredictionFactory(
        cycle=first, first_saved_at=AT, statement=CANARIES["words"]
    )
    CycleOutcome.objects.create(
        prediction=prediction,
        outcome="partly",
        note=CANARIES["words"],
        by=lead,
        at=AT + timedelta(days=3),
    )
    CycleFactory(
        ramp=ramp,
        number=2,
        previous=first,
        carried_learning=CANARIES["words"],
        scale=2,
        plan_started_at=AT + timedelta(days=5),
    )


def numbers(project):
    """A percentage on an XmR chart with a baseline, a rebase and a point left out."""
    measure = MeasureFactory(
        project=project,
        data_type="proportion",
        chart_type="xmr",
        frequency="monthly",
        direction="up",
    )
    measure.targets.create(value=Decimal("0.95"), from_date=date(2025, 1, 1))
    for n in range(24):
        DataPointFactory(
            measure=measure,
            period_start=date(2024 + n // 12, n % 12 + 1, 1),
            numerator=(40 if n < 12 else 46) + n % 3,
            denominator=50,
            note=CANARIES["words"],
            is_excluded=n == 5,
            exclusion_reason="Ward closed" if n == 5 else "",
        )
    PhaseFactory(measure=measure, starts_on=date(2024, 1, 1))
    PhaseFactory(measure=measure, starts_on=date(2025, 1, 1), label="New board")
    measure_state_refresh(measure=measure)


def add_training(unit):
    """A run of a course with people who came, one who did not and one who waits."""
    session = SessionFactory(
        course=CourseFactory(owner=person(unit)),
        starts_at=datetime(2026, 10, 14, 8, tzinfo=UTC),
        ends_at=datetime(2026, 10, 14, 11, tzinfo=UTC),
        status="held",
        venue=CANARIES["words"],
    )
    outcomes = ["attended", "attended", "part", "did_not_attend", None]
    for outcome in outcomes:
        row = ApplicationFactory(
            applicant=person(unit),
            session=session,
            status="booked" if outcome else "waitlisted",
            month=OCTOBER,
            applied_at=datetime(2026, 10, 2, 9, tzinfo=UTC),
            offered_at=datetime(2026, 10, 9, 9, tzinfo=UTC) if outcome else None,
        )
        if outcome:
            Attendance.objects.create(
                application=row,
                outcome=outcome,
                completed=outcome == "attended",
                recorded_by=row.applicant,
                recorded_at=session.ends_at,
            )
    return session


def add_results(wave, question, counts):
    """counts: {unit: option counts, or None where the publisher hid them}."""
    SurveyResult.objects.bulk_create(
        SurveyResult(
            wave=wave,
            unit=unit,
            question=question,
            n=None if options is None else sum(options),
            option_counts=options or [],
            suppressed=options is None,
        )
        for unit, options in counts.items()
    )


def add_comments(wave, unit, count, *, label="negative", theme="time_resources"):
    """Scored comments of one unit and month."""
    prompt = wave.survey.prompts.first() or PromptFactory(survey=wave.survey)
    scorer, _ = ScorerVersion.objects.get_or_create(
        name="rules-1",
        defaults={"lexicon_hash": "1", "taxonomy_hash": "1", "active": True},
    )
    for _ in range(count):
        comment = Comment.objects.create(
            wave=wave,
            unit=unit,
            prompt=prompt,
            redacted_text=CANARIES["words"],
            source_hash=uuid.uuid4().hex,
            month=date(2026, 9, 1),
        )
        CommentScore.objects.create(
            comment=comment, scorer_version=scorer, label=label, score=0, confidence=1
        )
        CommentTheme.objects.create(comment=comment, scorer_version=scorer, theme=theme)


def add_survey(units):
    """One wave: wards of 30, 12 and 6 answers, and comments in the first."""
    survey = SurveyFactory(kind="national", title="NHS Staff Survey")
    wave = WaveFactory(survey=survey)
    question = QuestionFactory(survey=survey)
    options = ([2, 4, 4, 14, 6], [1, 2, 3, 4, 2], [1, 1, 1, 2, 1])
    add_results(wave, question, dict(zip(units, options, strict=True)))
    add_comments(wave, units[0], 12)
    add_comments(wave, units[0], 8, label="positive", theme="staff_engagement")
    return wave


def build(trust):
    """Everything. Gives the trust's three wards."""
    division = UnitFactory(kind="division", parent=trust, name="Medicine")
    wards = [UnitFactory(kind="team", parent=division, name=f"W{n}") for n in "123"]
    add_project(wards[0], with_method=True, reference="QI-2026-0042")
    add_training(wards[0])
    add_survey(wards)
    return wards
