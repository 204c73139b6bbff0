"""Courses, their runs, applications with a waiting list, and attendance."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qiportal.accounts.models import Authored
from qiportal.accounts.permissions import Perm, has_permission
from qiportal.core.dates import now
from qiportal.library.models import Method
from qiportal.organisation.models import Unit

PERSON = settings.AUTH_USER_MODEL


class CourseQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Everybody sees active courses; those who run training see all.

        So do service accounts: the runs of a retired course stay in the figures.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        if actor.is_service or has_permission(actor, Perm.TRAINING_RUN):
            return self
        return self.filter(is_active=True)

    def editable_by(self, actor):
        return self if has_permission(actor, Perm.TRAINING_RUN) else self.none()


class Course(Authored):
    """A course people can apply for."""

    class Level(models.TextChoices):
        AWARENESS = "awareness", "Awareness"
        FOUNDATION = "foundation", "Foundation"
        PRACTITIONER = "practitioner", "Practitioner"
        COACH = "coach", "Coach"
        EXPERT = "expert", "Expert"
        BOARD = "board", "Board"
        LIVED_EXPERIENCE = "lived_experience", "Lived experience"

    title = models.CharField(max_length=120, unique=True)
    summary = models.TextField(max_length=2000, blank=True)
    level = models.CharField(max_length=16, choices=Level)
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    methods = models.ManyToManyField(Method, blank=True, related_name="courses")
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class SessionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(course__in=Course.objects.visible_to(actor))

    def editable_by(self, actor):
        return self.filter(course__in=Course.objects.editable_by(actor))


class Session(Authored):
    """One run of a course. Cancelling it makes no one a non-attender."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        CANCELLED = "cancelled", "Cancelled"
        HELD = "held", "Held"

    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    venue = models.CharField(max_length=120)
    places = models.PositiveSmallIntegerField()
    trainers = models.ManyToManyField(PERSON, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message="A session must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(places__gt=0),
                name="session_has_places",
                violation_error_message="A session needs at least one place.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.starts_at:%d %b %Y}"


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """One's own; those who run training see all."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        if has_permission(actor, Perm.TRAINING_RUN):
            return self
        return self.filter(applicant=actor)

    def editable_by(self, actor):
        """Whoever sees an application may cancel it."""
        return self.visible_to(actor)


class Application(Authored):
    """Somebody wants a place. Demand counts it whether or not a place was found."""

    class Status(models.TextChoices):
        APPLIED = "applied", "Applied"
        OFFERED = "offered", "Place offered"
        BOOKED = "booked", "Booked"
        WAITLISTED = "waitlisted", "On the waiting list"
        DECLINED = "declined", "Declined"
        CANCELLED_IN_TIME = "cancelled_in_time", "Cancelled in time"
        CANCELLED_LATE = "cancelled_late", "Cancelled late"
        TRANSFERRED = "transferred", "Transferred"

    OPEN = (Status.APPLIED, Status.OFFERED, Status.BOOKED, Status.WAITLISTED)

    applicant = models.ForeignKey(PERSON, models.PROTECT, related_name="applications")
    course = models.ForeignKey(Course, models.PROTECT, related_name="applications")
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="applications"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    month = models.DateField()
    status = models.CharField(max_length=20, choices=Status, default=Status.APPLIED)
    applied_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["applied_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "session"],
                condition=Q(status__in=["applied", "offered", "booked", "waitlisted"]),
                name="application_one_open_per_session",
                violation_error_message="You have already applied for this session.",
            ),
            models.CheckConstraint(
                condition=Q(offered_at=None) | Q(offered_at__gte=F("applied_at")),
                name="application_offered_after_applied",
                violation_error_message="An offer cannot come before the application.",
            ),
        ]
        indexes = [models.Index(fields=["unit", "month"])]

    def __str__(self) -> str:
        return f"{self.applicant_id} for {self.course_id}"

    @property
    def is_open(self) -> bool:
        """Still waiting, offered or booked for something that has not begun."""
        begun = self.session and self.session.starts_at <= now()
        return self.status in self.OPEN and not begun


class Attendance(models.Model):
    """Did the booked person come?"""

    class Outcome(models.TextChoices):
        ATTENDED = "attended", "Attended"
        PART = "part", "Attended part of it"
        DID_NOT_ATTEND = "did_not_attend", "Did not attend"

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="attendance"
    )
    outcome = models.CharField(max_length=16, choices=Outcome)
    completed = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="did_not_attend", completed=True),
                name="attendance_completed_means_attended",
                violation_error_message="Nobody completes a course without coming.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"
