"""Measures and their data points. Points hang on measures, never on cycles."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from pdsa.models.cycles import Cycle
from pdsa.models.scoped import ProjectScoped
from projects.models import Aim, Driver, Project
from qiportal.accounts.models import ApiToken, Authored, Deletable, ImportBatch
from qiportal.core.models import Versioned


class MeasureQuerySet(ProjectScoped):
    through = "project"


class Measure(Authored, Deletable):
    """Something the project counts or measures over time."""

    class Kind(models.TextChoices):
        OUTCOME = "outcome", "Outcome"
        PROCESS = "process", "Process"
        BALANCING = "balancing", "Balancing"

    class DataType(models.TextChoices):
        VALUE = "value", "A value"
        PROPORTION = "proportion", "A percentage (so many out of so many)"
        RATE = "rate", "A rate (events per exposure)"
        COUNT = "count", "A count"
        TIME_BETWEEN = "time_between", "Time between events"
        CASES_BETWEEN = "cases_between", "Cases between events"

    class Direction(models.TextChoices):
        UP = "up", "Higher is better"
        DOWN = "down", "Lower is better"
        NEITHER = "neither", "Neither"

    class Frequency(models.TextChoices):
        DAILY = "daily", "Daily"
        WEEKLY = "weekly", "Weekly"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Monthly"
        QUARTERLY = "quarterly", "Quarterly"
        EVENT = "event", "At each event"

    class ChartType(models.TextChoices):
        RUN = "run", "Run chart"
        XMR = "xmr", "XmR chart"
        P = "p", "p chart"
        PP = "pp", "p′ chart"
        U = "u", "u chart"
        UP = "up", "u′ chart"
        C = "c", "c chart"
        G = "g", "g chart"
        T = "t", "t chart"

    project = models.ForeignKey(Project, models.CASCADE, related_name="measures")
    aim = models.ForeignKey(
        Aim, models.SET_NULL, null=True, blank=True, related_name="measures"
    )
    driver = models.ForeignKey(
        Driver, models.SET_NULL, null=True, blank=True, related_name="measures"
    )
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind)
    operational_definition = models.TextField(max_length=2000)
    numerator_def = models.CharField(max_length=300, blank=True)
    denominator_def = models.CharField(max_length=300, blank=True)
    unit_of_measure = models.CharField(max_length=40, blank=True)
    data_type = models.CharField(max_length=15, choices=DataType)
    decimals = models.PositiveSmallIntegerField(default=1)
    direction = models.CharField(max_length=8, choices=Direction)
    frequency = models.CharField(max_length=12, choices=Frequency)
    source = models.CharField(max_length=200, blank=True)
    collector = models.CharField(max_length=120, blank=True)
    chart_type = models.CharField(
        max_length=4, choices=ChartType, default=ChartType.RUN
    )
    rule_set = models.CharField(max_length=20, default="anhoej")
    screen = models.BooleanField(default=True)
    clip = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *Deletable.Meta.constraints,
            models.UniqueConstraint(
                fields=["project", "name"],
                condition=Q(deleted_at=None),
                name="measure_name_once_per_project",
                violation_error_message="This project already has a measure of that "
                "name.",
            ),
            models.CheckConstraint(
                condition=~Q(operational_definition=""),
                name="measure_needs_operational_definition",
                violation_error_message="Say exactly how it is counted, so that two "
                "people would get the same number.",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=4),
                name="measure_at_most_four_decimals",
                violation_error_message="Show at most four decimals.",
            ),
        ]
        indexes = [models.Index(fields=["updated_at", "id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def has_denominator(self) -> bool:
        return self.data_type in (self.DataType.PROPORTION, self.DataType.RATE)


class MeasureTarget(models.Model):
    """A target and the day it comes into force.

    `value` is on the scale of a point's value: 0.95 for a target of 95%.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="targets")
    value = models.DecimalField(max_digits=18, decimal_places=8)
    from_date = models.DateField()

    class Meta:
        ordering = ["from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "from_date"],
                name="target_one_per_day",
                violation_error_message="There is already a target from that day.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.value} from {self.from_date}"


class DataPointQuerySet(ProjectScoped):
    through = "measure__project"

    def alive(self):
        return self.filter(deleted_at=None, measure__deleted_at=None)


class DataPoint(Authored, Deletable):
    """One period's figure. A percentage keeps its numerator and denominator."""

    class EnteredVia(models.TextChoices):
        TYPED = "typed", "Typed"
        PASTED = "pasted", "Pasted"
        IMPORT = "import", "Imported"
        API = "api", "Sent by a system"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="points")
    period_start = models.DateField()
    numerator = models.DecimalField(max_digits=18, decimal_places=6)
    denominator = models.DecimalField(
        max_digits=18, decimal_places=6, null=True, blank=True
    )
    note = models.CharField(max_length=300, blank=True)
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, blank=True)
    is_excluded = models.BooleanField(default=False)
    exclusion_reason = models.CharField(max_length=200, blank=True)
    entered_via = models.CharField(
        max_length=6, choices=EnteredVia, default=EnteredVia.TYPED
    )
    source = models.CharField(max_length=80, blank=True)
    source_ref = models.CharField(max_length=80, blank=True)
    token = models.ForeignKey(
        ApiToken, models.PROTECT, null=True, blank=True, related_name="+"
    )
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = DataPointQuerySet.as_manager()

    class Meta:
        ordering = ["period_start"]
        constraints = [
            *Deletable.Meta.constraints,
            models.UniqueConstraint(
                fields=["measure", "period_start"],
                condition=Q(deleted_at=None),
                name="point_one_per_measure_and_period",
                violation_error_message="This measure already has a number for that "
                "date. Change that number instead.",
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gt=0),
                name="point_denominator_above_zero",
                violation_error_message="“Out of” must be more than 0.",
            ),
            models.CheckConstraint(
                condition=Q(is_excluded=False, exclusion_reason="")
                | (Q(is_excluded=True) & ~Q(exclusion_reason="")),
                name="point_excluded_with_reason",
                violation_error_message="Say why this number is left out.",
            ),
        ]
        indexes = [models.Index(fields=["updated_at", "id"])]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.period_start}"

    @property
    def value(self):
        """numerator, or numerator / denominator where there is one (not in percent)."""
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator


class PhaseQuerySet(ProjectScoped):
    through = "measure__project"


class Phase(Authored):
    """A stretch with its own limits; the first is the baseline, later ones a rebase."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="phases")
    starts_on = models.DateField()
    label = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, blank=True)
    freeze_after_n = models.PositiveSmallIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "starts_on"],
                condition=Q(undone_at=None),
                name="phase_one_per_start",
                violation_error_message="A phase already starts on that day.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="phase_undone_when_and_who",
                violation_error_message="Undoing needs both a time and a person.",
            ),
            models.CheckConstraint(
                condition=Q(freeze_after_n=None) | Q(freeze_after_n__gte=12),
                name="phase_freeze_needs_twelve",
                violation_error_message="Fix limits on at least 12 points.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} from {self.starts_on}"


class MeasureState(Versioned):
    """The newest analysis of a measure, for lists. Rebuilt from points at any time.

    `n` counts all points, `segment_n` those since the newest rebase: fewer than 12 and
    the limits and icons are on trial, fewer than 8 and nothing may be judged.
    Values are on the scale of a point's value, so 0.95 for 95%.
    """

    measure = models.OneToOneField(Measure, models.CASCADE, related_name="state")
    n = models.PositiveIntegerField(default=0)
    segment_n = models.PositiveIntegerField(default=0)
    first_at = models.DateField(null=True, blank=True)
    last_at = models.DateField(null=True, blank=True)
    last_value = models.FloatField(null=True, blank=True)
    mean = models.FloatField(null=True, blank=True)
    lower = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    variation = models.CharField(max_length=20, blank=True)
    assurance = models.CharField(max_length=12, blank=True)
    run_signal = models.BooleanField(default=False)
    engine_version = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.n} points"
