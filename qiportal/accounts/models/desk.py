"""A person's desk: drafts, saved filters, notifications, imports and tombstones."""

from django.db import models
from django.db.models import Q

from qiportal.accounts.models.people import User


class Draft(models.Model):
    """What somebody typed and has not saved yet, without patient identifiers."""

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    form_key = models.CharField(max_length=60)
    object_key = models.CharField(max_length=60, blank=True)
    payload = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form_key", "object_key"],
                name="draft_one_per_user_and_form",
                violation_error_message="There is already a draft of this form.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.form_key} {self.object_key}"


class SavedFilter(models.Model):
    """A named query string of a list page."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query_string = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_filter_name_once",
                violation_error_message="You already have a filter of this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notification(models.Model):
    """The mail outbox and the list on My work: a link and a title, never more."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    reference = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "key"],
                name="notification_once",
                violation_error_message="This person was already told.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ImportBatch(models.Model):
    """One uploaded or pasted file, its counts, never its content."""

    class State(models.TextChoices):
        CHECKED = "checked", "Checked only"
        REFUSED = "refused", "Refused, nothing was written"
        COMMITTED = "committed", "Written"
        UNDONE = "undone", "Undone"

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State)
    rows_ok = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)
    rows_failed = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict, blank=True)
    job_key = models.CharField(max_length=120, blank=True)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "file_sha256"],
                condition=Q(state="committed"),
                name="import_file_committed_once",
                violation_error_message="This file was already imported.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportError(models.Model):
    """What is wrong with one cell: where and how to mend it, never its text."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="errors")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"


class Tombstone(models.Model):
    """A row the API once served and no longer may; written by the deleting service."""

    resource = models.CharField(max_length=40)
    row_key = models.CharField(max_length=64)
    unit_path = models.CharField(max_length=120, blank=True)
    deleted_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "row_key"],
                name="tombstone_once",
                violation_error_message="This row is already marked as gone.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.row_key}"
