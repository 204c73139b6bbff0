"""Tasks, discussion, files and progress scores."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from pdsa.models.cycles import Cycle
from pdsa.models.scoped import ProjectScoped
from projects.models import Project
from qiportal.accounts.models import Authored, Deletable

PERSON = settings.AUTH_USER_MODEL


class TalkQuerySet(ProjectScoped):
    through = "project"


class Task(Authored, Deletable):
    """Who does what, where and by when."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    cycle = models.ForeignKey(
        Cycle, models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    what = models.CharField(max_length=200)
    who = models.ForeignKey(PERSON, models.PROTECT, related_name="tasks")
    where = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [
            *Deletable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_when_and_who",
                violation_error_message="A done task needs a time and a person.",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Comment(Authored, Deletable):
    """A contribution to a project's or a cycle's discussion."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="comments")
    cycle = models.ForeignKey(
        Cycle, models.CASCADE, null=True, blank=True, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    body = models.TextField(max_length=4000)
    mentions = models.ManyToManyField(PERSON, blank=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [*Deletable.Meta.constraints]

    def __str__(self) -> str:
        return self.body[:60]


class Attachment(Authored, Deletable):
    """A file of a project, stored under a random name."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="attachments")
    cycle = models.ForeignKey(
        Cycle, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [*Deletable.Meta.constraints]

    def __str__(self) -> str:
        return self.name


class ProgressScore(models.Model):
    """Where the team, or its coach, sees the project on the 0.5 to 5.0 ladder."""

    class RaterKind(models.TextChoices):
        SELF = "self", "The team"
        COACH = "coach", "The coach"

    project = models.ForeignKey(Project, models.CASCADE, related_name="scores")
    rater_kind = models.CharField(max_length=5, choices=RaterKind)
    rater = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=2, decimal_places=1)
    suggested = models.DecimalField(
        max_digits=2, decimal_places=1, null=True, blank=True
    )
    evidence = models.JSONField(default=dict, blank=True)
    on = models.DateField()

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__in=[Decimal(half) / 2 for half in range(1, 11)]),
                name="score_in_halves",
                violation_error_message="Scores go from 0.5 to 5.0 in halves.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.score}"
