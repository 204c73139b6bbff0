"""Abstract bases for the apps above accounts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from qiportal.core.models import Versioned


class Authored(Versioned):
    """A versioned row that knows who made it."""

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class Deletable(models.Model):
    """Deleted by a person, kept 30 days so that the deletion can be undone."""

    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at=None, deleted_by=None)
                | Q(deleted_at__isnull=False, deleted_by__isnull=False),
                name="%(class)s_deleted_when_and_who",
                violation_error_message="A deletion needs both a time and a person.",
            )
        ]
