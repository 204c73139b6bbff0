"""Rollup runs, the pointer to the published one, and their facts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models import Barrier
from qiportal.organisation.models import Unit

PERSON = settings.AUTH_USER_MODEL


class RollupRun(models.Model):
    """One computation of all indicators as they stood on a day."""

    class State(models.TextChoices):
        COMPUTING = "computing", "Computing"
        READY = "ready", "Ready"
        PUBLISHED = "published", "Published"
        FAILED = "failed", "Failed"

    as_of = models.DateField()
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.COMPUTING)
    started_at = models.DateTimeField()
    heartbeat = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    code_version = models.CharField(max_length=40)
    timings = models.JSONField(default=dict, blank=True)
    stats = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "attempt"],
                name="rollup_attempt_once_per_day",
                violation_error_message="This attempt already exists.",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.pk} as of {self.as_of}"


class PublishedRun(models.Model):
    """The pointer: exactly one row, flipped in one transaction."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    run = models.ForeignKey(RollupRun, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="published_run_is_one_row",
                violation_error_message="There is one published run.",
            )
        ]

    def __str__(self) -> str:
        return f"published {self.run_id}"


class IndicatorSnapshot(models.Model):
    """One figure of one unit and period, written once under its run."""

    run = models.ForeignKey(RollupRun, models.CASCADE, related_name="snapshots")
    indicator = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    subgroup = models.CharField(max_length=40, blank=True)
    period_start = models.DateField()
    numerator = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True
    )
    denominator = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True
    )
    value = models.FloatField(null=True, blank=True)
    n = models.PositiveIntegerField(null=True, blank=True)
    suppressed_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "indicator", "unit", "subgroup", "period_start"],
                name="snapshot_once",
                violation_error_message="This figure is already in the run.",
            ),
            models.CheckConstraint(
                condition=Q(suppressed_reason="")
                | Q(numerator=None, denominator=None, value=None, n=None),
                name="snapshot_suppressed_has_no_numbers",
                violation_error_message="A hidden figure holds no numbers.",
            ),
        ]
        indexes = [models.Index(fields=["run", "unit", "indicator", "period_start"])]

    def __str__(self) -> str:
        return f"{self.indicator} {self.unit_id} {self.period_start}"


class BoardPack(models.Model):
    """A frozen board page; its run is never purged."""

    run = models.ForeignKey(RollupRun, models.PROTECT, related_name="packs")
    title = models.CharField(max_length=120)
    payload = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class BoardAction(models.Model):
    """What the board takes on."""

    class Type(models.TextChoices):
        ASSURANCE = "assurance", "Assurance"
        IMPROVEMENT = "improvement", "Improvement"
        UNBLOCK = "unblock", "Unblock"

    barrier = models.ForeignKey(
        Barrier, models.PROTECT, null=True, blank=True, related_name="board_actions"
    )
    type = models.CharField(max_length=12, choices=Type)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.text[:60]


class BoardVisit(models.Model):
    """The run a person last saw on the board page: for "what changed"."""

    user = models.OneToOneField(PERSON, models.CASCADE, related_name="+")
    run = models.ForeignKey(RollupRun, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.run_id}"
