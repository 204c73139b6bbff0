"""The unit tree over time, sites and headcount. Knows no users."""

from django.db import models
from django.db.models import F, Q

from qiportal.core.models import Versioned


class UnitQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Every signed-in person may see the structure of the trust."""
        return self if getattr(actor, "is_authenticated", False) else self.none()

    def open_on(self, day):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)

    def below(self, unit):
        """The unit itself and all units beneath it, as the tree stands now."""
        return self.filter(path__startswith=unit.path)

    def in_structure_order(self):
        return self.order_by("path")


class Unit(Versioned):
    """A trust, division, directorate, service or team. Never deleted, only closed.

    `path` lists the ids from the root, padded to eight digits: "00000001/00000007/".
    """

    class Kind(models.TextChoices):
        TRUST = "trust", "Trust"
        DIVISION = "division", "Division"
        DIRECTORATE = "directorate", "Directorate"
        SERVICE = "service", "Service"
        TEAM = "team", "Ward or team"

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, unique=True)
    ods_code = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=120, db_index=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_it_opens",
                violation_error_message="A unit cannot close before it opened.",
            ),
            models.CheckConstraint(
                condition=Q(kind="trust", parent=None)
                | (~Q(kind="trust") & Q(parent__isnull=False)),
                name="unit_only_a_trust_has_no_parent",
                violation_error_message="Only a trust stands at the top; every other "
                "unit needs a parent unit.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """0 for the trust, 1 for a division and so on."""
        return self.path.count("/") - 1

    def contains(self, other: "Unit") -> bool:
        """True when `other` is this unit or lies beneath it."""
        return other.path.startswith(self.path)


class UnitPlacement(models.Model):
    """Where a unit stood in the tree from one day to another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="placements")
    parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+"
    )
    path = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "valid_from"],
                name="placement_one_per_unit_and_start",
                violation_error_message="This unit already has a place from that day.",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(valid_to=None),
                name="placement_one_open_per_unit",
                violation_error_message="This unit already has an open place.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="placement_ends_after_it_starts",
                violation_error_message="A place in the tree must end after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} from {self.valid_from}"


class Site(models.Model):
    """A building or campus: a second axis, not a level of the tree."""

    ods_code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class StaffGroup(models.TextChoices):
    PROFESSIONAL = "scientific_technic", "Add Prof Scientific and Technic"
    CLINICAL_SERVICES = "clinical_services", "Additional Clinical Services"
    CLERICAL = "clerical", "Administrative and Clerical"
    ALLIED = "allied", "Allied Health Professionals"
    ESTATES = "estates", "Estates and Ancillary"
    SCIENTISTS = "scientists", "Healthcare Scientists"
    MEDICAL = "medical", "Medical and Dental"
    NURSING = "nursing", "Nursing and Midwifery Registered"
    STUDENTS = "students", "Students"


class Headcount(models.Model):
    """How many people of a staff group worked in a unit in a month."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    staff_group = models.CharField(max_length=20, choices=StaffGroup)
    month = models.DateField()
    headcount = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "staff_group", "month"],
                name="headcount_once_per_unit_group_month",
                violation_error_message="This month's headcount is already there.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"
