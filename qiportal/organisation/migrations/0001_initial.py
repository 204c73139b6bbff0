import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True, db_index=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisation.unit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("trust", "Trust"),
                            ("division", "Division"),
                            ("directorate", "Directorate"),
                            ("service", "Service"),
                            ("team", "Ward or team"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("ods_code", models.CharField(blank=True, max_length=10)),
                ("path", models.CharField(blank=True, db_index=True, max_length=120)),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="organisation.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="unit_closes_after_it_opens",
                        violation_error_message="A unit cannot close before it opened.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "trust"), ("parent", None)),
                            models.Q(
                                models.Q(("kind", "trust"), _negated=True),
                                ("parent__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="unit_only_a_trust_has_no_parent",
                        violation_error_message="Only a trust stands at the top; every other unit needs a parent unit.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("ods_code", models.CharField(max_length=10, unique=True)),
                ("name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="UnitPlacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="organisation.unit",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
                ("path", models.CharField(max_length=120)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "valid_from"),
                        name="placement_one_per_unit_and_start",
                        violation_error_message="This unit already has a place from that day.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("unit",),
                        name="placement_one_open_per_unit",
                        violation_error_message="This unit already has an open place.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="placement_ends_after_it_starts",
                        violation_error_message="A place in the tree must end after it starts.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Headcount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisation.unit",
                    ),
                ),
                (
                    "staff_group",
                    models.CharField(
                        choices=[
                            ("scientific_technic", "Add Prof Scientific and Technic"),
                            ("clinical_services", "Additional Clinical Services"),
                            ("clerical", "Administrative and Clerical"),
                            ("allied", "Allied Health Professionals"),
                            ("estates", "Estates and Ancillary"),
                            ("scientists", "Healthcare Scientists"),
                            ("medical", "Medical and Dental"),
                            ("nursing", "Nursing and Midwifery Registered"),
                            ("students", "Students"),
                        ],
                        max_length=20,
                    ),
                ),
                ("month", models.DateField()),
                ("headcount", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "staff_group", "month"),
                        name="headcount_once_per_unit_group_month",
                        violation_error_message="This month's headcount is already there.",
                    )
                ],
            },
        ),
    ]
