"""Which mail a person wants, and what the outbox remembers of them."""

from django.db import models

from qiportal.accounts.models.people import User


class MailPreference(models.Model):
    """A kind of mail a person has switched on or off; without a row it is on."""

    user = models.ForeignKey(User, models.CASCADE, related_name="mail_preferences")
    kind = models.CharField(max_length=20)
    wanted = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="mail_preference_once",
                violation_error_message="This kind of mail is already set.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'on' if self.wanted else 'off'}"


class MailBox(models.Model):
    """One person's place in the outbox.

    `not_before` is at once a lease (somebody is writing to this person) and a pause
    (their address failed). `weekly_for` is the Monday of the newest weekly mail.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="mail_box")
    not_before = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    weekly_for = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"mail of {self.user_id}"
