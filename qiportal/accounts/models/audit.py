"""Who changed what: append-only, without foreign keys so that it outlives its rows."""

from django.db import models


class AuditIsAppendOnly(Exception):
    """Somebody tried to change or delete an audit event."""


class AuditQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AuditIsAppendOnly("Audit events cannot be changed.")

    def delete(self):
        raise AuditIsAppendOnly("Audit events cannot be deleted.")

    def bulk_update(self, objs, fields, batch_size=None):
        raise AuditIsAppendOnly("Audit events cannot be changed.")


class AuditEvent(models.Model):
    """One write (or one audited read), with old and new values of the fields."""

    type = models.CharField(max_length=60, db_index=True)
    actor = models.CharField(max_length=254)
    effective_role = models.CharField(max_length=20)
    target_model = models.CharField(max_length=60)
    target_id = models.CharField(max_length=64)
    unit_path = models.CharField(max_length=120, blank=True)
    old = models.JSONField(default=dict, blank=True)
    new = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField(db_index=True)
    row_hash = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["target_model", "target_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.type}"

    def delete(self, *args, **kwargs):
        raise AuditIsAppendOnly("Audit events cannot be deleted.")


class AuditSeal(models.Model):
    """A day's count and digest, chained to the day before."""

    day = models.DateField(unique=True)
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.day)
