from django.db import models


class JobRun(models.Model):
    """One piece of background work. The row is the truth; a message only points at it.

    `key` names the work within its kind (a night, a batch), so asking twice is safe.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed, will be tried again"
        DEAD = "dead", "Given up"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    scheduled_for = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    stats = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    requested_by = models.CharField(max_length=254, default="system")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="jobrun_once_per_kind_and_key",
                violation_error_message="This job was already asked for.",
            )
        ]
        indexes = [models.Index(fields=["state", "scheduled_for"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
