"""Survey waves, result counts, redacted comments, scores and benchmarks.

Counts only: no respondent is stored anywhere.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qiportal.accounts.models import ImportBatch
from qiportal.accounts.permissions import Perm, has_permission
from qiportal.core.models import Versioned
from qiportal.organisation.models import Unit

PERSON = settings.AUTH_USER_MODEL


class Survey(models.Model):
    """A questionnaire. Its kind is the instrument, and kinds never share a line."""

    class Kind(models.TextChoices):
        NATIONAL = "national", "National staff survey"
        PULSE = "pulse", "Quarterly pulse survey"
        LOCAL = "local", "Local survey"

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)

    def __str__(self) -> str:
        return self.title


class WaveQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Everybody signed in sees that a wave exists; figures come from snapshots."""
        return self if getattr(actor, "is_authenticated", False) else self.none()


class Wave(Versioned):
    """One fielding of a survey. A published wave is frozen."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="waves")
    slug = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    release_year = models.PositiveSmallIntegerField(null=True, blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="wave_closes_after_it_opens",
                violation_error_message="A wave must close after it opens.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Question(models.Model):
    """A question as asked in one year; `wording_key` joins the years."""

    class Direction(models.TextChoices):
        UP = "up", "Higher is better"
        DOWN = "down", "Lower is better"

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="questions")
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    wording_key = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    wording = models.CharField(max_length=400, blank=True)
    scale = models.CharField(max_length=20, default="agree5")
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.UP)
    subscore = models.CharField(max_length=40, blank=True)
    theme = models.CharField(max_length=30, blank=True)
    is_local = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "year", "code"],
                name="question_once_per_survey_and_year",
                violation_error_message="This year's survey already has that question.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class PromptType(models.TextChoices):
    IMPROVE = "improve", "What could be better?"
    GOOD = "good", "What was good?"
    OPEN = "open", "Anything else?"


class Prompt(models.Model):
    """An open question of a survey."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="prompts")
    text = models.CharField(max_length=300)
    prompt_type = models.CharField(max_length=8, choices=PromptType)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "prompt_type", "text"],
                name="prompt_once_per_survey",
                violation_error_message="This survey already has that prompt.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class SurveyResult(models.Model):
    """How a unit answered a question in a wave: counts, or the published score."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="results")
    subgroup = models.CharField(max_length=40, blank=True)
    n = models.PositiveIntegerField(null=True, blank=True)
    option_counts = models.JSONField(default=list, blank=True)
    published_score = models.DecimalField(
        max_digits=7, decimal_places=4, null=True, blank=True
    )
    suppressed = models.BooleanField(default=False)
    weighted = models.BooleanField(default=False)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "unit", "question", "subgroup", "weighted"],
                name="survey_result_once",
                violation_error_message="This result is already there.",
            ),
            models.CheckConstraint(
                condition=Q(suppressed=False)
                | Q(n=None, published_score=None, option_counts=[]),
                name="survey_result_suppressed_has_no_numbers",
                violation_error_message="A hidden result holds no numbers.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CommentQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Redacted comments: the QI team only; nobody reads raw ones."""
        return self if has_permission(actor, Perm.COMMENTS_READ) else self.none()


class Comment(models.Model):
    """A survey comment after redaction. No name, no day, no raw text."""

    class Release(models.TextChoices):
        HELD = "held", "Held"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="comments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="comments")
    redacted_text = models.TextField()
    redaction_counts = models.JSONField(default=dict, blank=True)
    source_hash = models.CharField(max_length=64)
    month = models.DateField()
    is_nil = models.BooleanField(default=False)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True)
    release = models.CharField(max_length=8, choices=Release, default=Release.HELD)
    proposed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "source_hash"],
                name="comment_once_per_wave",
                violation_error_message="This comment is already in the wave.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(proposed_by=None)
                | ~Q(approved_by=F("proposed_by")),
                name="comment_two_people_for_a_quote",
                violation_error_message="Somebody else must approve this quote.",
            ),
            models.CheckConstraint(
                condition=~Q(release="approved")
                | Q(approved_by__isnull=False, proposed_by__isnull=False),
                name="comment_approved_by_two",
                violation_error_message="A quote needs a proposer and an approver.",
            ),
        ]
        indexes = [models.Index(fields=["unit", "month"])]

    def __str__(self) -> str:
        return str(self.pk)


class ScorerVersion(models.Model):
    """Engine, lexicon and taxonomy in one name; one is shown at a time."""

    name = models.CharField(max_length=60, unique=True)
    lexicon_hash = models.CharField(max_length=64)
    taxonomy_hash = models.CharField(max_length=64)
    active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["active"],
                condition=Q(active=True),
                name="scorer_one_active",
                violation_error_message="Another scorer version is active.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CommentScore(models.Model):
    """What one scorer version read in a comment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="scores")
    scorer_version = models.ForeignKey(ScorerVersion, models.PROTECT)
    label = models.CharField(max_length=14)
    score = models.FloatField()
    confidence = models.FloatField()
    suggestion = models.BooleanField(default=False)
    hits = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "scorer_version"],
                name="comment_score_once_per_version",
                violation_error_message="This version has scored the comment.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class CommentTheme(models.Model):
    """A theme found in a comment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="themes")
    theme = models.CharField(max_length=30)
    scorer_version = models.ForeignKey(ScorerVersion, models.PROTECT)
    hits = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "theme", "scorer_version"],
                name="comment_theme_once_per_version",
                violation_error_message="This theme is already marked.",
            )
        ]

    def __str__(self) -> str:
        return self.theme


class HumanLabel(models.Model):
    """How a person reads a comment: for checking and training the scorer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="labels")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    label = models.CharField(max_length=14)
    themes = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.label


class Benchmark(models.Model):
    """A published result of another organisation, which is never a unit here."""

    survey_kind = models.CharField(max_length=10, choices=Survey.Kind)
    year = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=20)
    wording_key = models.SlugField(max_length=60)
    organisation_code = models.CharField(max_length=60)
    name = models.CharField(max_length=150)
    group = models.CharField(max_length=150)
    region = models.CharField(max_length=60, blank=True)
    respondents = models.PositiveIntegerField(null=True, blank=True)
    base = models.PositiveIntegerField(null=True, blank=True)
    value = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    suppressed = models.BooleanField(default=False)
    not_comparable_before = models.PositiveSmallIntegerField(null=True, blank=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey_kind", "year", "question", "organisation_code"],
                name="benchmark_once",
                violation_error_message="This organisation's result is already there.",
            ),
            models.CheckConstraint(
                condition=Q(suppressed=False) | Q(value=None),
                name="benchmark_suppressed_has_no_value",
                violation_error_message="A hidden result holds no value.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_code} {self.year} {self.question}"
