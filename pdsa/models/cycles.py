"""PDSA cycles: linked in ramps, each with four separately stamped stages."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from pdsa.models.scoped import ProjectScoped
from projects.models import ChangeIdea, Project
from qiportal.accounts.models import Authored, Deletable
from qiportal.organisation.models import Unit


class RampQuerySet(ProjectScoped):
    through = "project"


class Ramp(Authored):
    """Linked tests of one change idea, growing step by step."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="ramps")
    change_idea = models.ForeignKey(
        ChangeIdea, models.PROTECT, null=True, blank=True, related_name="ramps"
    )
    title = models.CharField(max_length=150)
    position = models.PositiveSmallIntegerField(default=0)

    objects = RampQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Scale(models.IntegerChoices):
    ONE = 1, "One patient, event or person"
    FEW = 2, "A few (2 to 5)"
    SHIFT = 3, "One shift, clinic or day"
    BAY = 4, "One bay or team"
    WARD = 5, "The whole ward or unit"
    UNITS = 6, "Several units"
    TRUST = 7, "Trust-wide"


class CycleQuerySet(ProjectScoped):
    through = "ramp__project"


STAMPS = (
    "plan_started_at",
    "do_started_at",
    "do_finished_at",
    "study_started_at",
    "study_finished_at",
    "act_decided_at",
)


def stamps_in_order() -> Q:
    """Each stamp needs the one before it, and never lies earlier."""
    order = Q()
    for before, after in zip(STAMPS, STAMPS[1:], strict=False):
        order &= Q(**{after: None}) | Q(**{f"{after}__gte": F(before)})
        order &= Q(**{after: None}) | Q(**{f"{before}__isnull": False})
    return order


class Cycle(Authored, Deletable):
    """One Plan-Do-Study-Act test.

    `do_on` and `study_on` are the dates the team states; the `*_at` stamps are the
    server's. Lock, order and fidelity rules use the stamps.
    """

    class Purpose(models.TextChoices):
        COLLECT = "collect_information", "Collect information"
        DEVELOP = "develop", "Develop a change"
        TEST = "test", "Test a change"
        IMPLEMENT = "implement", "Implement a change"

    class Decision(models.TextChoices):
        ADOPT = "adopt", "Adopt"
        ADAPT = "adapt", "Adapt"
        ABANDON = "abandon", "Abandon"

    class Conduct(models.TextChoices):
        AS_PLANNED = "as_planned", "As planned"
        CHANGED = "changed", "Changed on the way"
        STOPPED = "stopped", "Stopped early"

    ramp = models.ForeignKey(Ramp, models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField()
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next_cycles"
    )
    carried_learning = models.TextField(max_length=2000, blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.TEST)
    objective = models.CharField(max_length=300)
    plan = models.TextField(max_length=4000, blank=True)
    data_plan = models.TextField(max_length=2000, blank=True)
    scale = models.PositiveSmallIntegerField(
        choices=Scale,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )
    planned_n = models.PositiveIntegerField(null=True, blank=True)
    planned_start_on = models.DateField(null=True, blank=True)
    planned_end_on = models.DateField(null=True, blank=True)
    do_on = models.DateField(null=True, blank=True)
    study_on = models.DateField(null=True, blank=True)
    plan_started_at = models.DateTimeField()
    do_started_at = models.DateTimeField(null=True, blank=True)
    do_finished_at = models.DateTimeField(null=True, blank=True)
    study_started_at = models.DateTimeField(null=True, blank=True)
    study_finished_at = models.DateTimeField(null=True, blank=True)
    act_decided_at = models.DateTimeField(null=True, blank=True)
    conduct = models.CharField(max_length=10, choices=Conduct, blank=True)
    observations = models.TextField(max_length=8000, blank=True)
    problems = models.TextField(max_length=4000, blank=True)
    actual_n = models.PositiveIntegerField(null=True, blank=True)
    results = models.TextField(max_length=4000, blank=True)
    learned = models.TextField(max_length=4000, blank=True)
    surprises = models.TextField(max_length=2000, blank=True)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    why = models.TextField(max_length=2000, blank=True)
    other_change_ideas = models.ManyToManyField(
        ChangeIdea, blank=True, related_name="+"
    )
    measures = models.ManyToManyField("pdsa.Measure", blank=True, related_name="cycles")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    month = models.DateField()
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["ramp", "number"]
        constraints = [
            *Deletable.Meta.constraints,
            models.UniqueConstraint(
                fields=["ramp", "number"],
                condition=Q(deleted_at=None),
                name="cycle_number_once_per_ramp",
                violation_error_message="This ramp already has a cycle of that number.",
            ),
            models.CheckConstraint(
                condition=stamps_in_order(),
                name="cycle_stages_in_order",
                violation_error_message="The stages follow one another: Plan, Do, "
                "Study, Act.",
            ),
            models.CheckConstraint(
                condition=Q(act_decided_at=None, decision="")
                | (Q(act_decided_at__isnull=False) & ~Q(decision="")),
                name="cycle_decision_with_its_time",
                violation_error_message="A decision and its time belong together.",
            ),
            models.CheckConstraint(
                condition=Q(scale=None) | Q(scale__gte=1, scale__lte=7),
                name="cycle_scale_one_to_seven",
                violation_error_message="The scale ladder has seven steps.",
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on=None)
                | Q(planned_start_on=None)
                | Q(planned_end_on__gte=F("planned_start_on")),
                name="cycle_planned_end_after_start",
                violation_error_message="The planned end must not lie before the "
                "planned start.",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "month"]),
            models.Index(fields=["updated_at", "id"]),
        ]

    def __str__(self) -> str:
        return f"Cycle {self.number}: {self.objective}"

    @property
    def stage(self) -> str:
        """The stage now open: plan, do, study, act or done."""
        if self.act_decided_at:
            return "done"
        if self.study_finished_at:
            return "act"
        if self.do_finished_at:
            return "study"
        return "do" if self.do_started_at else "plan"


class PredictionQuerySet(ProjectScoped):
    through = "cycle__ramp__project"


class Prediction(models.Model):
    """What the team expects. Insert-only: a correction is a new row that supersedes."""

    class Direction(models.TextChoices):
        MORE = "more", "More"
        LESS = "less", "Less"
        SAME = "same", "About the same"

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="predictions")
    question = models.CharField(max_length=300, blank=True)
    statement = models.CharField(max_length=500)
    because = models.CharField(max_length=500, blank=True)
    direction = models.CharField(max_length=4, choices=Direction, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    confidence = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    first_saved_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = PredictionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=1, confidence__lte=5),
                name="prediction_confidence_one_to_five",
                violation_error_message="Confidence goes from 1 to 5.",
            )
        ]

    def __str__(self) -> str:
        return self.statement


class CycleOutcome(models.Model):
    """What came of a prediction."""

    class Outcome(models.TextChoices):
        AS_PREDICTED = "as_predicted", "As we expected"
        PARTLY = "partly", "Partly"
        NOT = "not", "Not as we expected"
        CANNOT_TELL = "cannot_tell", "Cannot tell"

    prediction = models.OneToOneField(
        Prediction, models.CASCADE, related_name="outcome"
    )
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.prediction_id} {self.outcome}"
