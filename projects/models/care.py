"""What surrounds a project: coaching, spread, barriers, readiness, time."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from projects.models.register import Project
from projects.models.theory import ChangeIdea
from qiportal.accounts.models import Authored
from qiportal.organisation.models import Unit

PERSON = settings.AUTH_USER_MODEL


def one_to(highest: int) -> list:
    return [MinValueValidator(1), MaxValueValidator(highest)]


class Handover(models.Model):
    """A lead passes the project on; its status stays as it is.

    Open until somebody accepts it, declines it or takes it back (`ended_at`).
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="handovers")
    from_user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    to_user = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    note = models.TextField(max_length=2000, blank=True)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_user=F("to_user")),
                name="handover_to_somebody_else",
                violation_error_message="Hand over to somebody else.",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(accepted_at=None, ended_at=None),
                name="handover_one_on_offer_per_project",
                violation_error_message="A handover is already on offer.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(ended_at=None),
                name="handover_accepted_or_ended",
                violation_error_message="A handover is either accepted or withdrawn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} to {self.to_user_id}"


class CoachingContact(models.Model):
    """A coach spoke with the team."""

    class Kind(models.TextChoices):
        VISIT = "visit", "Visit"
        CALL = "call", "Call"
        MESSAGE = "message", "Message"

    project = models.ForeignKey(Project, models.CASCADE, related_name="contacts")
    coach = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(max_length=500, blank=True)
    on = models.DateField()
    next_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.project_id} {self.on}"


class ForumReview(Authored):
    """What a directorate's review forum offered a project."""

    class Outcome(models.TextChoices):
        SUPPORT = "support", "Support"
        PAIR = "pair_with_similar", "Pair with a similar project"
        SPONSOR = "needs_sponsor", "Needs a sponsor"

    project = models.ForeignKey(Project, models.CASCADE, related_name="reviews")
    unit = models.ForeignKey(Unit, models.PROTECT)
    on = models.DateField()
    outcome = models.CharField(max_length=20, choices=Outcome)
    note = models.TextField(max_length=2000, blank=True)

    def __str__(self) -> str:
        return f"{self.project_id} {self.outcome}"


class SpreadEvent(Authored):
    """An idea on its way from one unit to another."""

    class Status(models.TextChoices):
        OFFERED = "offered", "Offered"
        INTERESTED = "interested", "Interested"
        TESTING = "testing", "Testing"
        ADOPTED = "adopted", "Adopted"
        DECLINED = "declined", "Declined"

    change_idea = models.ForeignKey(
        ChangeIdea, models.CASCADE, related_name="spread_events"
    )
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status)
    adapted_how = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_unit=F("to_unit")),
                name="spread_to_another_unit",
                violation_error_message="Spread goes to another unit.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.change_idea_id} to {self.to_unit_id}"


class Barrier(Authored):
    """Something the team cannot move by itself."""

    class Level(models.TextChoices):
        UNIT = "unit", "Unit"
        DIVISION = "division", "Division"
        EXECUTIVE = "executive", "Executive"

    class Type(models.TextChoices):
        TIME = "time", "Time to do it"
        MONEY = "money", "Money or equipment"
        DATA = "data", "Data we cannot get"
        DIGITAL = "digital", "Digital systems"
        PERMISSION = "permission", "A decision or permission"
        OTHER_TEAM = "other_team", "Another team's part"
        OTHER = "other", "Something else"

    project = models.ForeignKey(Project, models.CASCADE, related_name="barriers")
    type = models.CharField(max_length=12, choices=Type)
    text = models.TextField(max_length=1000)
    level = models.CharField(max_length=10, choices=Level)
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(max_length=1000, blank=True)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, outcome="")
                | (Q(resolved_at__isnull=False) & ~Q(outcome="")),
                name="barrier_resolved_with_outcome",
                violation_error_message="Say what came of it when you resolve it.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CoproductionRating(Authored):
    """How far patients shape one stage (ladder of Think Local Act Personal)."""

    class Stage(models.TextChoices):
        CHOOSE = "choose", "Choosing the problem"
        DESIGN = "design", "Designing the change"
        TEST = "test", "Testing it"
        STUDY = "study", "Studying the results"
        DECIDE = "decide", "Deciding what next"

    class Rung(models.IntegerChoices):
        COERCION = 1, "Coercion"
        EDUCATING = 2, "Educating"
        INFORMING = 3, "Informing"
        CONSULTATION = 4, "Consultation"
        ENGAGEMENT = 5, "Engagement"
        CO_DESIGN = 6, "Co-design"
        CO_PRODUCTION = 7, "Co-production"

    project = models.ForeignKey(Project, models.CASCADE, related_name="coproduction")
    stage = models.CharField(max_length=8, choices=Stage)
    rung = models.PositiveSmallIntegerField(choices=Rung, validators=one_to(7))
    members = models.PositiveSmallIntegerField(default=0)
    reward_offered = models.BooleanField(default=False)
    evidence = models.CharField(max_length=500, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rung__gte=1, rung__lte=7),
                name="coproduction_rung_one_to_seven",
                violation_error_message="The ladder has seven rungs.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage} {self.rung}"


READINESS_ITEMS = (
    "clear_reason",
    "leader_backing",
    "time",
    "team_agrees",
    "data_obtainable",
    "patients_involved",
    "safe_to_fail",
    "load_bearable",
)


class ReadinessCheck(models.Model):
    """One rater's view of eight conditions, each 1 to 5. There is no total."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="readiness")
    rater = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    rater_role = models.CharField(max_length=60)
    clear_reason = models.PositiveSmallIntegerField(validators=one_to(5))
    leader_backing = models.PositiveSmallIntegerField(validators=one_to(5))
    time = models.PositiveSmallIntegerField(validators=one_to(5))
    team_agrees = models.PositiveSmallIntegerField(validators=one_to(5))
    data_obtainable = models.PositiveSmallIntegerField(validators=one_to(5))
    patients_involved = models.PositiveSmallIntegerField(validators=one_to(5))
    safe_to_fail = models.PositiveSmallIntegerField(validators=one_to(5))
    load_bearable = models.PositiveSmallIntegerField(validators=one_to(5))
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    **{f"{item}__gte": 1 for item in READINESS_ITEMS},
                    **{f"{item}__lte": 5 for item in READINESS_ITEMS},
                ),
                name="readiness_items_one_to_five",
                violation_error_message="Each item is answered from 1 to 5.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.on}"


class TimeAgreement(Authored):
    """Time somebody was promised for improvement work."""

    class Source(models.TextChoices):
        ROSTERED = "rostered", "Rostered"
        BACKFILLED = "backfilled", "Backfilled"
        SPA = "spa", "SPA or study time"
        OWN = "own", "Own time"

    project = models.ForeignKey(Project, models.CASCADE, related_name="agreements")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    hours_per_month = models.DecimalField(max_digits=5, decimal_places=1)
    source = models.CharField(max_length=10, choices=Source)
    sponsor = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hours_per_month__gt=0),
                name="time_agreement_has_hours",
                violation_error_message="Agree on more than zero hours.",
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="time_agreement_ends_after_it_starts",
                violation_error_message="An agreement must end after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.hours_per_month} h"


class TimeCheck(models.Model):
    """Did the month's agreed time happen? Seen by the person and the sponsor only."""

    class Answer(models.TextChoices):
        ALL = "all", "All of it"
        SOME = "some", "Some of it"
        NONE = "none", "None of it"

    agreement = models.ForeignKey(TimeAgreement, models.CASCADE, related_name="checks")
    month = models.DateField()
    answer = models.CharField(max_length=4, choices=Answer)
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "month"],
                name="time_check_once_a_month",
                violation_error_message="This month was already answered.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.month}"
