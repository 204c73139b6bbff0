"""Factories for tests and demo data. `.build()` + bulk_create makes many rows fast."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from pdsa.models import (
    BenefitClaim,
    Cycle,
    DataPoint,
    Measure,
    Phase,
    Prediction,
    Ramp,
)
from projects.models import Aim, ChangeIdea, Driver, Project, ProjectMember
from qiportal.accounts.models import RoleAssignment, User
from qiportal.core.dates import month_start, now, today
from qiportal.library.models import Method, MethodVersion
from qiportal.organisation.models import Unit
from qiportal.organisation.services import unit_insert
from surveys.models import Prompt, Question, Survey, Wave
from training.models import Application, Course, Session


class UnitFactory(DjangoModelFactory):
    """A placed unit: written by the service, so that it has its path and placement.

    Not checked first, which would take most of its time: the database still refuses
    what it must.
    """

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"U{n:04d}")
    name = factory.Sequence(lambda n: f"Ward {n}")
    kind = Unit.Kind.TRUST
    parent = None
    opened_on = date(2015, 4, 1)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return unit_insert(model_class(**kwargs))


class TeamFactory(UnitFactory):
    """A ward with its own trust above it, unless a parent is given."""

    kind = Unit.Kind.TEAM
    parent = factory.SubFactory(UnitFactory)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.nhs.uk")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    home_unit = factory.SubFactory(TeamFactory)
    password = factory.django.Password("correct horse battery")


class RoleAssignmentFactory(DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
    role = "qi_team"
    starts_on = date(2020, 1, 1)


class MethodFactory(DjangoModelFactory):
    class Meta:
        model = Method

    slug = factory.Sequence(lambda n: f"method-{n}")
    title = factory.Sequence(lambda n: f"Method {n}")
    category = "measure"
    family = "general"
    stage = "measure"
    level = "foundation"
    owner = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("owner")


class MethodVersionFactory(DjangoModelFactory):
    class Meta:
        model = MethodVersion

    method = factory.SubFactory(MethodFactory)
    number = 1
    summary = "What it is in one sentence."
    when_to_use = "When it helps."
    when_not_to_use = "When it does not."
    steps = "1. Begin.\n2. End."
    mistakes = "- Too much at once."
    source = "Common practice."
    licence = "Original text, free to reuse with credit"
    change_note = "First edition"
    author = factory.SelfAttribute("method.owner")
    created_by = factory.SelfAttribute("method.owner")


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    reference = factory.Sequence(lambda n: f"QI-2026-{n + 1001:04d}")
    title = factory.Sequence(lambda n: f"Fewer falls on ward {n}")
    problem = "Patients fall when call bells are out of reach."
    unit = factory.SubFactory(TeamFactory)
    status = "active"
    visibility = "trust"
    registered_on = factory.LazyFunction(lambda: today() - timedelta(days=90))
    started_on = factory.SelfAttribute("registered_on")
    last_activity_at = factory.LazyFunction(now)
    created_by = factory.SubFactory(UserFactory)


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = ProjectMember

    project = factory.SubFactory(ProjectFactory)
    user = factory.SubFactory(UserFactory)
    relation = "member"
    joined_on = factory.LazyFunction(lambda: today() - timedelta(days=60))


class AimFactory(DjangoModelFactory):
    class Meta:
        model = Aim

    project = factory.SubFactory(ProjectFactory)
    statement = "Reduce falls from 6 to 3 a month by next March."
    created_by = factory.SelfAttribute("project.created_by")


class DriverFactory(DjangoModelFactory):
    class Meta:
        model = Driver

    project = factory.SubFactory(ProjectFactory)
    level = "primary"
    text = factory.Sequence(lambda n: f"Driver {n}")
    created_by = factory.SelfAttribute("project.created_by")


class ChangeIdeaFactory(DjangoModelFactory):
    class Meta:
        model = ChangeIdea

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Idea {n}")
    created_by = factory.SelfAttribute("project.created_by")


class RampFactory(DjangoModelFactory):
    class Meta:
        model = Ramp

    project = factory.SubFactory(ProjectFactory)
    title = "Bell within reach"
    created_by = factory.SelfAttribute("project.created_by")


class CycleFactory(DjangoModelFactory):
    class Meta:
        model = Cycle

    ramp = factory.SubFactory(RampFactory)
    number = factory.Sequence(lambda n: n + 1)
    objective = "Does a bell check at each handover keep bells in reach?"
    scale = 1
    plan_started_at = factory.LazyFunction(now)
    unit = factory.SelfAttribute("ramp.project.unit")
    month = factory.LazyFunction(lambda: month_start(today()))
    created_by = factory.SelfAttribute("ramp.created_by")


class PredictionFactory(DjangoModelFactory):
    class Meta:
        model = Prediction

    cycle = factory.SubFactory(CycleFactory)
    statement = "Four of five bells will be in reach."
    direction = "more"
    value = Decimal(4)
    first_saved_at = factory.LazyFunction(now)
    by = factory.SelfAttribute("cycle.created_by")


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Falls {n}")
    kind = "outcome"
    operational_definition = "Falls reported on the incident system, per month."
    data_type = "count"
    direction = "down"
    frequency = "monthly"
    decimals = 0
    created_by = factory.SelfAttribute("project.created_by")


class DataPointFactory(DjangoModelFactory):
    class Meta:
        model = DataPoint

    measure = factory.SubFactory(MeasureFactory)
    period_start = factory.Sequence(lambda n: date(2020, 1, 1) + timedelta(days=n))
    numerator = Decimal(5)
    created_by = factory.SelfAttribute("measure.created_by")


class PhaseFactory(DjangoModelFactory):
    class Meta:
        model = Phase

    measure = factory.SubFactory(MeasureFactory)
    starts_on = date(2020, 1, 1)
    label = "Baseline"
    reason = "Before any change"
    created_by = factory.SelfAttribute("measure.created_by")


class BenefitClaimFactory(DjangoModelFactory):
    project = factory.SubFactory(ProjectFactory)
    what = "Night staff look for bells less"
    category = "time_savings"
    quantity = Decimal(4)
    unit_text = "hours"
    period = "a week"
    baseline = "The month before the first test"
    evidence = "measured"
    created_by = factory.SelfAttribute("project.created_by")

    class Meta:
        model = BenefitClaim


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    title = factory.Sequence(lambda n: f"QI foundation {n}")
    level = "foundation"
    owner = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("owner")


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    course = factory.SubFactory(CourseFactory)
    starts_at = factory.LazyFunction(lambda: now() + timedelta(days=21))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(hours=3))
    venue = "Education centre, room 2"
    places = 12
    created_by = factory.SelfAttribute("course.owner")


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = Application

    applicant = factory.SubFactory(UserFactory)
    session = factory.SubFactory(SessionFactory)
    course = factory.SelfAttribute("session.course")
    unit = factory.SelfAttribute("applicant.home_unit")
    month = factory.LazyFunction(lambda: month_start(today()))
    applied_at = factory.LazyFunction(now)
    created_by = factory.SelfAttribute("applicant")


class SurveyFactory(DjangoModelFactory):
    class Meta:
        model = Survey

    slug = factory.Sequence(lambda n: f"survey-{n}")
    title = factory.Sequence(lambda n: f"Survey {n}")
    kind = "local"


class WaveFactory(DjangoModelFactory):
    class Meta:
        model = Wave

    survey = factory.SubFactory(SurveyFactory)
    slug = factory.Sequence(lambda n: f"wave-{n}")
    label = factory.Sequence(lambda n: f"Wave {n}")
    year = 2026
    opens_on = date(2026, 9, 1)
    closes_on = date(2026, 9, 30)


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    survey = factory.SubFactory(SurveyFactory)
    year = 2026
    code = "q3f"
    wording_key = "make-improvements-happen"
    label = "Able to make improvements happen"


class PromptFactory(DjangoModelFactory):
    class Meta:
        model = Prompt

    survey = factory.SubFactory(SurveyFactory)
    text = "What could be better?"
    prompt_type = "improve"
