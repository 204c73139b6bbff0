"""Benefit claims: what got better, and how strong the evidence is."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from pdsa.models.measures import Measure
from pdsa.models.scoped import ProjectScoped
from projects.models import Project
from qiportal.accounts.models import Authored, Deletable

PERSON = settings.AUTH_USER_MODEL


class BenefitQuerySet(ProjectScoped):
    through = "project"


class BenefitClaim(Authored, Deletable):
    """A benefit somebody claims, with the strength of its evidence.

    `validator` is whom the team asked to check it; `validated_by` is who did. Claims
    that overlap are about the same gain, so sums count only one of them.
    """

    class Category(models.TextChoices):
        TIME = "time_savings", "Time savings"
        TIMELINESS = "timeliness", "Timeliness"
        COST = "cost_reduction", "Cost reduction"
        ERRORS = "fewer_errors", "Fewer errors"
        QUALITY = "quality", "Quality"
        PRODUCTIVITY = "productivity", "Productivity"
        PATIENT = "patient_experience", "Patient experience"
        STAFF = "staff_experience", "Staff experience"
        EQUITY = "equity", "Equity"
        CARBON = "carbon", "Carbon"
        UNINTENDED = "unintended", "Unintended outcome"

    class Money(models.TextChoices):
        SAVING = "saving", "Cost saving"
        AVOIDANCE = "avoidance", "Cost avoidance"
        REVENUE = "revenue", "Revenue"

    class Evidence(models.TextChoices):
        ANECDOTE = "anecdote", "Anecdote"
        MEASURED = "measured", "Measured"
        SPC_SIGNAL = "spc_signal", "Special cause on a chart"
        FINANCE = "finance_validated", "Checked by finance"

    project = models.ForeignKey(Project, models.CASCADE, related_name="benefits")
    measure = models.ForeignKey(Measure, models.SET_NULL, null=True, blank=True)
    what = models.CharField(max_length=400, blank=True)
    category = models.CharField(max_length=20, choices=Category)
    money = models.CharField(max_length=10, choices=Money, blank=True)
    quantity = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    unit_text = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=60, blank=True)
    baseline = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=20, choices=Evidence)
    cash_releasing = models.BooleanField(default=False)
    validator = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_on = models.DateField(null=True, blank=True)
    overlaps_with = models.ManyToManyField("self", blank=True)
    submission_id = models.UUIDField(unique=True, null=True, blank=True)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        constraints = [
            *Deletable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(money="") | Q(category="cost_reduction"),
                name="benefit_money_is_a_cost_reduction",
                violation_error_message="Saving, avoidance and revenue are kinds of "
                "cost reduction.",
            ),
            models.CheckConstraint(
                condition=Q(cash_releasing=False)
                | (Q(category="cost_reduction") & ~Q(money="avoidance")),
                name="benefit_only_money_releases_cash",
                violation_error_message="Only a cost saving or revenue can release "
                "cash.",
            ),
            models.CheckConstraint(
                condition=Q(evidence="finance_validated", validated_by__isnull=False)
                | (~Q(evidence="finance_validated") & Q(validated_by=None)),
                name="benefit_checked_by_somebody",
                violation_error_message="“Checked by finance” needs who checked it.",
            ),
            models.CheckConstraint(
                condition=Q(quantity=None)
                | Q(quantity__gt=0)
                | Q(category="unintended"),
                name="benefit_only_unintended_below_zero",
                violation_error_message="Only an unintended outcome can be below 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.what or self.get_category_display()
