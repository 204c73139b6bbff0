"""The method library: entries, their versions and files."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from qiportal.accounts.models import Authored
from qiportal.accounts.permissions import Perm, has_permission


class MethodQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Entries with a published version, retired ones too."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return self.filter(current_version__isnull=False)

    def editable_by(self, actor):
        """The QI team edits every entry, published or not."""
        return self if has_permission(actor, Perm.LIBRARY_EDIT) else self.none()

    def live(self):
        return self.filter(current_version__isnull=False, retired_on=None)

    def with_version(self):
        return self.select_related("current_version", "owner")

    def with_use(self):
        """Each with `projects_using`: how many projects attached it.

        The relation is looked at from behind, as the library knows no projects.
        """
        attached = Count(
            "uses", filter=Q(uses__project__deleted_at=None), distinct=True
        )
        return self.annotate(projects_using=attached)

    def in_order(self):
        return self.order_by("position", "title")


class Method(Authored):
    """A tool or method, such as the run chart. Its text lives in its versions."""

    class Category(models.TextChoices):
        START = "start", "Start and organise"
        UNDERSTAND = "understand", "Understand the system"
        MEASURE = "measure", "Measure"
        TEST = "test", "Generate and test"
        EMBED = "embed", "Embed and spread"

    class Family(models.TextChoices):
        MFI = "mfi", "Model for Improvement"
        LEAN = "lean", "Lean"
        SIX_SIGMA = "six_sigma", "Six Sigma"
        CO_DESIGN = "co_design", "Co-design"
        GENERAL = "general", "General"

    class Stage(models.TextChoices):
        SET_UP = "set_up", "Set up"
        UNDERSTAND = "understand", "Understand"
        MEASURE = "measure", "Measure"
        TEST = "test", "Test"
        EMBED = "embed", "Embed"

    class Level(models.TextChoices):
        AWARENESS = "awareness", "Awareness"
        FOUNDATION = "foundation", "Foundation"
        PRACTITIONER = "practitioner", "Practitioner"
        COACH = "coach", "Coach"
        EXPERT = "expert", "Expert"

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    category = models.CharField(max_length=12, choices=Category)
    family = models.CharField(max_length=12, choices=Family)
    stage = models.CharField(max_length=12, choices=Stage)
    level = models.CharField(max_length=12, choices=Level)
    position = models.PositiveSmallIntegerField(default=0)
    time_needed = models.CharField(max_length=80, blank=True)
    people_needed = models.CharField(max_length=120, blank=True)
    is_house = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    current_version = models.ForeignKey(
        "MethodVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_on = models.DateField(null=True, blank=True)

    objects = MethodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_house"],
                condition=Q(is_house=True),
                name="method_at_most_one_house_method",
                violation_error_message="The trust already has a house method.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class MethodVersionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=MethodVersion.State.PUBLISHED)

    def open(self):
        """Not published yet: a draft, or one in review. At most one per entry."""
        return self.exclude(state=MethodVersion.State.PUBLISHED)


class MethodVersion(Authored):
    """One edition of an entry. Once published it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        PUBLISHED = "published", "Published"

    method = models.ForeignKey(Method, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    summary = models.TextField(max_length=600)
    when_to_use = models.TextField(max_length=4000)
    when_not_to_use = models.TextField(max_length=4000)
    steps = models.TextField(max_length=8000)
    mistakes = models.TextField(max_length=4000)
    example = models.TextField(max_length=4000, blank=True)
    source = models.TextField(max_length=600)
    source_url = models.URLField(blank=True)
    licence = models.CharField(max_length=200)
    change_note = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    review_due_on = models.DateField(null=True, blank=True)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = MethodVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["method"],
                condition=~Q(state="published"),
                name="method_version_one_open_per_entry",
                violation_error_message="Somebody has begun a new version already.",
            ),
            models.UniqueConstraint(
                fields=["method", "number"],
                name="method_version_number_once",
                violation_error_message="This entry already has a version of that "
                "number.",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
                name="method_version_published_has_a_time",
                violation_error_message="A published version needs its time, and "
                "only a published one has it.",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="method_version_published_when_and_who",
                violation_error_message="Publishing needs both a time and a person.",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(review_due_on__isnull=False),
                name="method_version_published_needs_review_date",
                violation_error_message="Set the date by which this will be reviewed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} v{self.number}"

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class MethodResource(models.Model):
    """A template or link that belongs to a version: a file or an address, not both."""

    version = models.ForeignKey(MethodVersion, models.CASCADE, related_name="resources")
    title = models.CharField(max_length=120)
    file = models.FileField(upload_to="library/", blank=True)
    url = models.URLField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="")),
                name="method_resource_file_or_address",
                violation_error_message="Give either a file or a web address.",
            )
        ]

    def __str__(self) -> str:
        return self.title
