"""The theory of change: drivers, change ideas, and the methods a project uses."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models.register import Aim, Project
from qiportal.accounts.models import Authored, Deletable
from qiportal.library.models import Method


class Driver(Authored, Deletable):
    """A primary or secondary driver of the aim."""

    class Level(models.TextChoices):
        PRIMARY = "primary", "Primary driver"
        SECONDARY = "secondary", "Secondary driver"

    project = models.ForeignKey(Project, models.CASCADE, related_name="drivers")
    aim = models.ForeignKey(
        Aim, models.PROTECT, null=True, blank=True, related_name="drivers"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    level = models.CharField(max_length=10, choices=Level)
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *Deletable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level="primary", parent=None)
                | Q(level="secondary", parent__isnull=False),
                name="driver_secondary_needs_a_primary",
                violation_error_message="A secondary driver hangs on a primary one.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class BankIdea(Authored):
    """A change idea anybody may try, with where it came from."""

    title = models.CharField(max_length=150)
    description = models.TextField(max_length=2000)
    source = models.CharField(max_length=300, blank=True)
    method = models.ForeignKey(Method, models.PROTECT, null=True, blank=True)
    origin_project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class ChangeIdea(Authored, Deletable):
    """A change this project tests."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        TESTING = "testing", "Being tested"
        ADOPTED = "adopted", "Adopted"
        ADAPTED = "adapted", "Adapted"
        ABANDONED = "abandoned", "Tried and dropped"

    project = models.ForeignKey(Project, models.CASCADE, related_name="ideas")
    driver = models.ForeignKey(
        Driver, models.SET_NULL, null=True, blank=True, related_name="ideas"
    )
    bank_idea = models.ForeignKey(
        BankIdea, models.PROTECT, null=True, blank=True, related_name="uses"
    )
    title = models.CharField(max_length=150)
    because = models.TextField(max_length=1000, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    why = models.TextField(max_length=1000, blank=True)
    would_try_if = models.CharField(max_length=300, blank=True)
    standard_work_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    sustain_check_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [*Deletable.Meta.constraints]

    def __str__(self) -> str:
        return self.title


class MethodUse(models.Model):
    """A library entry a project has put to use."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="method_uses")
    method = models.ForeignKey(Method, models.PROTECT, related_name="uses")
    used_for = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "method"],
                name="method_use_once",
                violation_error_message="This method is already attached.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.method_id}"
