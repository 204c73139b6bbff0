"""Abstract bases only: this app owns no table."""

from django.db import models


class Versioned(models.Model):
    """When a row was made and last changed, and its version for the optimistic lock."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
