"""The register: projects, their states, their people and their aim."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from qiportal.accounts.models import Authored, Deletable, ImportBatch
from qiportal.accounts.permissions import Role, has_role
from qiportal.library.models import Method
from qiportal.organisation.models import Site, Unit


class Status(models.TextChoices):
    IDEA = "idea", "Idea"
    ACTIVE = "active", "Active"
    RESTING = "resting", "Resting"
    COMPLETED = "completed", "Completed"
    STOPPED = "stopped", "Stopped"
    SUSTAINED = "sustained", "Sustained"


LIVE = (Status.IDEA, Status.ACTIVE)
CLOSED = (Status.COMPLETED, Status.STOPPED, Status.SUSTAINED)


class Visibility(models.TextChoices):
    TRUST = "trust", "Everyone in the trust"
    TEAM = "team", "Our team only"
    DRAFT = "draft", "Members only, while we draft it"


class Relation(models.TextChoices):
    LEAD = "lead", "Lead"
    MEMBER = "member", "Member"
    SPONSOR = "sponsor", "Sponsor"
    COACH = "coach", "Coach"
    PATIENT_PARTNER = "patient_partner", "Patient partner"


WRITERS = (Relation.LEAD, Relation.MEMBER, Relation.PATIENT_PARTNER)


def _open_membership(actor, relations=None):
    rows = ProjectMember.objects.filter(
        project=OuterRef("pk"), user=actor, left_on=None
    )
    return Exists(rows.filter(relation__in=relations) if relations else rows)


class ProjectQuerySet(models.QuerySet):
    def alive(self):
        """Rows nobody has deleted."""
        return self.filter(deleted_at=None)

    def visible_to(self, actor):
        """What a person may see (SECURITY section 1); service accounts see trust rows.

        trust: everybody signed in. team: the owning unit and below, plus members and
        the QI team. draft: members and the QI team.
        """
        if not getattr(actor, "is_authenticated", False) or not actor.is_active:
            return self.none()
        alive = self.alive()
        if actor.is_service:
            return alive.filter(visibility=Visibility.TRUST)
        if has_role(actor, Role.QI_TEAM):
            return alive
        seen = Q(visibility=Visibility.TRUST) | Q(_open_membership(actor))
        if home := actor.home_unit:
            above = [home.path[:end] for end in range(9, len(home.path) + 1, 9)]
            seen |= Q(visibility=Visibility.TEAM, unit__path__in=above)
        return alive.filter(seen)

    def editable_by(self, actor):
        """Where the actor may write cycles, measures and ideas: lead and members."""
        return self.visible_to(actor).filter(_open_membership(actor, WRITERS))

    def led_by(self, actor):
        """Where the actor may change charter, people and state: lead, or QI team."""
        if has_role(actor, Role.QI_TEAM):
            return self.visible_to(actor)
        return self.visible_to(actor).filter(_open_membership(actor, [Relation.LEAD]))

    def with_summary(self):
        """Everything a list row prints, in one query."""
        return self.select_related("unit", "method")


class Programme(Authored):
    """Projects that pull in one direction, seen together."""

    name = models.CharField(max_length=120, unique=True)
    purpose = models.TextField(max_length=2000)
    unit = models.ForeignKey(Unit, models.PROTECT)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Project(Authored, Deletable):
    """An improvement project. `status` is the copy of its newest status change.

    `shown_since`: when its visibility or unit last changed, so that readers of changes
    also learn of the rows beneath it, which did not change themselves.
    """

    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=150)
    problem = models.TextField(max_length=4000)
    rationale = models.TextField(max_length=4000, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True)
    method = models.ForeignKey(
        Method, models.PROTECT, null=True, blank=True, related_name="projects"
    )
    reason_if_other = models.CharField(max_length=300, blank=True)
    visibility = models.CharField(
        max_length=8, choices=Visibility, default=Visibility.TRUST
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.IDEA)
    registered_on = models.DateField()
    started_on = models.DateField(null=True, blank=True)
    target_end_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    learning = models.TextField(max_length=4000, blank=True)
    last_activity_at = models.DateTimeField()
    lead_leaves_on = models.DateField(null=True, blank=True)
    shown_since = models.DateTimeField(null=True, blank=True)
    is_public_data = models.BooleanField(default=False)
    programmes = models.ManyToManyField(
        Programme, through="ProgrammeProject", related_name="projects"
    )
    external_id = models.CharField(max_length=80, blank=True)
    batch = models.ForeignKey(
        ImportBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
    )
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            *Deletable.Meta.constraints,
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="project_external_id_once",
                violation_error_message="Another project has this external number.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_by=None)
                | Q(closed_on__isnull=False, closed_by__isnull=False),
                name="project_closed_when_and_who",
                violation_error_message="Closing needs both a date and a person.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_on__isnull=False)
                | (~Q(status__in=CLOSED) & Q(closed_on=None)),
                name="project_closed_date_matches_status",
                violation_error_message="A closed project needs its closing date, and "
                "only a closed one has it.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=CLOSED) | ~Q(learning=""),
                name="project_closed_needs_learning",
                violation_error_message="Write what was learned before closing.",
            ),
            models.CheckConstraint(
                condition=Q(target_end_on=None)
                | Q(started_on=None)
                | Q(target_end_on__gte=F("started_on")),
                name="project_ends_after_it_starts",
                violation_error_message="The planned end must lie after the start.",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "unit"]),
            models.Index(fields=["-last_activity_at"]),
            models.Index(fields=["updated_at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/projects/{self.reference}/"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED


class ReferenceYear(models.Model):
    """The last running number given out in a year: the 42 of QI-2026-0042."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class ProgrammeProject(models.Model):
    programme = models.ForeignKey(Programme, models.PROTECT)
    project = models.ForeignKey(Project, models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project"],
                name="programme_project_once",
                violation_error_message="This project is already in the programme.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.project_id}"


class ProjectStatusChange(models.Model):
    """One step in a project's life. Past month-ends are read from these rows."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="status_changes")
    from_status = models.CharField(max_length=10, choices=Status, blank=True)
    to_status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["project", "at"])]

    def __str__(self) -> str:
        return f"{self.project_id} {self.to_status}"


class ProjectMember(models.Model):
    """A person's relation to a project, for a time."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships"
    )
    relation = models.CharField(max_length=16, choices=Relation)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "relation"],
                condition=Q(left_on=None),
                name="member_one_open_row_per_relation",
                violation_error_message="This person already has this part in the "
                "project.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="member_leaves_after_joining",
                violation_error_message="Nobody can leave before joining.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.relation} of {self.project_id}"

    @property
    def is_lead(self) -> bool:
        return self.relation == Relation.LEAD


class Aim(Authored):
    """What the project tries to accomplish: how much, for whom, where, by when."""

    class Direction(models.TextChoices):
        INCREASE = "increase", "Increase"
        DECREASE = "decrease", "Decrease"

    project = models.ForeignKey(Project, models.CASCADE, related_name="aims")
    statement = models.TextField(max_length=1000)
    direction = models.CharField(max_length=8, choices=Direction, blank=True)
    quantity = models.CharField(max_length=150, blank=True)
    population = models.CharField(max_length=150, blank=True)
    place = models.CharField(max_length=150, blank=True)
    baseline = models.DecimalField(
        max_digits=14, decimal_places=4, null=True, blank=True
    )
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    unit_text = models.CharField(max_length=40, blank=True)
    target_on = models.DateField(null=True, blank=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(is_current=True),
                name="aim_one_current_per_project",
                violation_error_message="A project has one aim at a time.",
            ),
            models.CheckConstraint(
                condition=Q(baseline=None) | Q(target=None) | ~Q(baseline=F("target")),
                name="aim_target_differs_from_baseline",
                violation_error_message="The target must differ from the baseline.",
            ),
        ]

    def __str__(self) -> str:
        return self.statement[:80]

    @property
    def is_smart(self) -> bool:
        """All parts of the aim template are there (baseline may be unknown)."""
        parts = [self.direction, self.quantity, self.population, self.target_on]
        return all(parts) and self.target is not None
