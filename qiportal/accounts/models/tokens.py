"""The tokens of service accounts and how much each is used."""

from django.db import models
from django.db.models import Q

from qiportal.accounts.models.people import User
from qiportal.core.models import Versioned
from qiportal.organisation.models import Unit


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Sysadmins see every token, others those of their own service accounts."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return self if actor.is_sysadmin else self.owned_by(actor)

    def owned_by(self, actor):
        return self.filter(user__responsible=actor)

    def working_at(self, moment):
        """Not revoked, not expired, and both its people still here."""
        return self.filter(
            Q(user__responsible__is_active=True),
            revoked_at=None,
            expires_at__gt=moment,
            user__is_active=True,
            user__kind=User.Kind.SERVICE,
        )

    def with_people(self):
        return self.select_related("user__responsible", "unit")


class ApiToken(Versioned):
    """A service account's key: only its SHA-256 is kept."""

    class Scope(models.TextChoices):
        BI_READ = "bi:read", "Read the BI tables (bi:read)"
        PROJECTS_READ = "projects:read", "Read the live resources (projects:read)"
        MEASURES_WRITE = "measures:write", "Send data points (measures:write)"

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    key_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class TokenDay(models.Model):
    """How many requests a token made on one day."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="days")
    day = models.DateField()
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token", "day"],
                name="token_day_once",
                violation_error_message="This day is already counted.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.day}"
