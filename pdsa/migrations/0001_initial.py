from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("organisation", "0001_initial"),
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ramp",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ramps",
                        to="projects.project",
                    ),
                ),
                (
                    "change_idea",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ramps",
                        to="projects.changeidea",
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deleted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="projects.project",
                    ),
                ),
                (
                    "aim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="measures",
                        to="projects.aim",
                    ),
                ),
                (
                    "driver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="measures",
                        to="projects.driver",
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("outcome", "Outcome"),
                            ("process", "Process"),
                            ("balancing", "Balancing"),
                        ],
                        max_length=10,
                    ),
                ),
                ("operational_definition", models.TextField(max_length=2000)),
                ("numerator_def", models.CharField(blank=True, max_length=300)),
                ("denominator_def", models.CharField(blank=True, max_length=300)),
                ("unit_of_measure", models.CharField(blank=True, max_length=40)),
                (
                    "data_type",
                    models.CharField(
                        choices=[
                            ("value", "A value"),
                            ("proportion", "A percentage (so many out of so many)"),
                            ("rate", "A rate (events per exposure)"),
                            ("count", "A count"),
                            ("time_between", "Time between events"),
                            ("cases_between", "Cases between events"),
                        ],
                        max_length=15,
                    ),
                ),
                ("decimals", models.PositiveSmallIntegerField(default=1)),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("up", "Higher is better"),
                            ("down", "Lower is better"),
                            ("neither", "Neither"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("fortnightly", "Every two weeks"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("event", "At each event"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200)),
                ("collector", models.CharField(blank=True, max_length=120)),
                (
                    "chart_type",
                    models.CharField(
                        choices=[
                            ("run", "Run chart"),
                            ("xmr", "XmR chart"),
                            ("p", "p chart"),
                            ("pp", "p′ chart"),
                            ("u", "u chart"),
                            ("up", "u′ chart"),
                            ("c", "c chart"),
                            ("g", "g chart"),
                            ("t", "t chart"),
                        ],
                        default="run",
                        max_length=4,
                    ),
                ),
                ("rule_set", models.CharField(default="anhoej", max_length=20)),
                ("screen", models.BooleanField(default=True)),
                ("clip", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(
                        fields=["updated_at", "id"],
                        name="pdsa_measur_updated_844556_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at", None), ("deleted_by", None)),
                            models.Q(
                                ("deleted_at__isnull", False),
                                ("deleted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="measure_deleted_when_and_who",
                        violation_error_message="A deletion needs both a time and a person.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("project", "name"),
                        name="measure_name_once_per_project",
                        violation_error_message="This project already has a measure of that name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("operational_definition", ""), _negated=True
                        ),
                        name="measure_needs_operational_definition",
                        violation_error_message="Say exactly how it is counted, so that two people would get the same number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decimals__lte", 4)),
                        name="measure_at_most_four_decimals",
                        violation_error_message="Show at most four decimals.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressScore",
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="projects.project",
                    ),
                ),
                (
                    "rater_kind",
                    models.CharField(
                        choices=[("self", "The team"), ("coach", "The coach")],
                        max_length=5,
                    ),
                ),
                (
                    "rater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("score", models.DecimalField(decimal_places=1, max_digits=2)),
                (
                    "suggested",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=2, null=True
                    ),
                ),
                ("evidence", models.JSONField(blank=True, default=dict)),
                ("on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "score__in",
                                [
                                    Decimal("0.5"),
                                    Decimal("1"),
                                    Decimal("1.5"),
                                    Decimal("2"),
                                    Decimal("2.5"),
                                    Decimal("3"),
                                    Decimal("3.5"),
                                    Decimal("4"),
                                    Decimal("4.5"),
                                    Decimal("5"),
                                ],
                            )
                        ),
                        name="score_in_halves",
                        violation_error_message="Scores go from 0.5 to 5.0 in halves.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cycle",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deleted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ramp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cycles",
                        to="pdsa.ramp",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next_cycles",
                        to="pdsa.cycle",
                    ),
                ),
                ("carried_learning", models.TextField(blank=True, max_length=2000)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("collect_information", "Collect information"),
                            ("develop", "Develop a change"),
                            ("test", "Test a change"),
                            ("implement", "Implement a change"),
                        ],
                        default="test",
                        max_length=20,
                    ),
                ),
                ("objective", models.CharField(max_length=300)),
                ("plan", models.TextField(blank=True, max_length=4000)),
                ("data_plan", models.TextField(blank=True, max_length=2000)),
                (
                    "scale",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "One patient, event or person"),
                            (2, "A few (2 to 5)"),
                            (3, "One shift, clinic or day"),
                            (4, "One bay or team"),
                            (5, "The whole ward or unit"),
                            (6, "Several units"),
                            (7, "Trust-wide"),
                        ],
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(7),
                        ],
                    ),
                ),
                ("planned_n", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_start_on", models.DateField(blank=True, null=True)),
                ("planned_end_on", models.DateField(blank=True, null=True)),
                ("do_on", models.DateField(blank=True, null=True)),
                ("study_on", models.DateField(blank=True, null=True)),
                ("plan_started_at", models.DateTimeField()),
                ("do_started_at", models.DateTimeField(blank=True, null=True)),
                ("do_finished_at", models.DateTimeField(blank=True, null=True)),
                ("study_started_at", models.DateTimeField(blank=True, null=True)),
                ("study_finished_at", models.DateTimeField(blank=True, null=True)),
                ("act_decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "conduct",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("as_planned", "As planned"),
                            ("changed", "Changed on the way"),
                            ("stopped", "Stopped early"),
                        ],
                        max_length=10,
                    ),
                ),
                ("observations", models.TextField(blank=True, max_length=8000)),
                ("problems", models.TextField(blank=True, max_length=4000)),
                ("actual_n", models.PositiveIntegerField(blank=True, null=True)),
                ("results", models.TextField(blank=True, max_length=4000)),
                ("learned", models.TextField(blank=True, max_length=4000)),
                ("surprises", models.TextField(blank=True, max_length=2000)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopt", "Adopt"),
                            ("adapt", "Adapt"),
                            ("abandon", "Abandon"),
                        ],
                        max_length=8,
                    ),
                ),
                ("why", models.TextField(blank=True, max_length=2000)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
                ("month", models.DateField()),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "other_change_ideas",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="projects.changeidea"
                    ),
                ),
                (
                    "measures",
                    models.ManyToManyField(
                        blank=True, related_name="cycles", to="pdsa.measure"
                    ),
                ),
            ],
            options={
                "ordering": ["ramp", "number"],
                "indexes": [
                    models.Index(
                        fields=["unit", "month"], name="pdsa_cycle_unit_id_9c2955_idx"
                    ),
                    models.Index(
                        fields=["updated_at", "id"],
                        name="pdsa_cycle_updated_03ae57_idx",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at", None), ("deleted_by", None)),
                            models.Q(
                                ("deleted_at__isnull", False),
                                ("deleted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cycle_deleted_when_and_who",
                        violation_error_message="A deletion needs both a time and a person.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("ramp", "number"),
                        name="cycle_number_once_per_ramp",
                        violation_error_message="This ramp already has a cycle of that number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("do_started_at", None),
                                ("do_started_at__gte", models.F("plan_started_at")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("do_started_at", None),
                                ("plan_started_at__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                ("do_finished_at", None),
                                ("do_finished_at__gte", models.F("do_started_at")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("do_finished_at", None),
                                ("do_started_at__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                ("study_started_at", None),
                                ("study_started_at__gte", models.F("do_finished_at")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("study_started_at", None),
                                ("do_finished_at__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                ("study_finished_at", None),
                                (
                                    "study_finished_at__gte",
                                    models.F("study_started_at"),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("study_finished_at", None),
                                ("study_started_at__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                ("act_decided_at", None),
                                ("act_decided_at__gte", models.F("study_finished_at")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("act_decided_at", None),
                                ("study_finished_at__isnull", False),
                                _connector="OR",
                            ),
                        ),
                        name="cycle_stages_in_order",
                        violation_error_message="The stages follow one another: Plan, Do, Study, Act.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act_decided_at", None), ("decision", "")),
                            models.Q(
                                ("act_decided_at__isnull", False),
                                models.Q(("decision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cycle_decision_with_its_time",
                        violation_error_message="A decision and its time belong together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scale", None),
                            models.Q(("scale__gte", 1), ("scale__lte", 7)),
                            _connector="OR",
                        ),
                        name="cycle_scale_one_to_seven",
                        violation_error_message="The scale ladder has seven steps.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_end_on", None),
                            ("planned_start_on", None),
                            ("planned_end_on__gte", models.F("planned_start_on")),
                            _connector="OR",
                        ),
                        name="cycle_planned_end_after_start",
                        violation_error_message="The planned end must not lie before the planned start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureTarget",
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
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="pdsa.measure",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=8, max_digits=18)),
                ("from_date", models.DateField()),
            ],
            options={
                "ordering": ["from_date"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "from_date"),
                        name="target_one_per_day",
                        violation_error_message="There is already a target from that day.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureState",
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
                    "measure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="state",
                        to="pdsa.measure",
                    ),
                ),
                ("n", models.PositiveIntegerField(default=0)),
                ("segment_n", models.PositiveIntegerField(default=0)),
                ("first_at", models.DateField(blank=True, null=True)),
                ("last_at", models.DateField(blank=True, null=True)),
                ("last_value", models.FloatField(blank=True, null=True)),
                ("mean", models.FloatField(blank=True, null=True)),
                ("lower", models.FloatField(blank=True, null=True)),
                ("upper", models.FloatField(blank=True, null=True)),
                ("variation", models.CharField(blank=True, max_length=20)),
                ("assurance", models.CharField(blank=True, max_length=12)),
                ("run_signal", models.BooleanField(default=False)),
                ("engine_version", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BenefitClaim",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="benefits",
                        to="projects.project",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="pdsa.measure",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("time_savings", "Time savings"),
                            ("timeliness", "Timeliness"),
                            ("cost_reduction", "Cost reduction"),
                            ("fewer_errors", "Fewer errors"),
                            ("quality", "Quality"),
                            ("productivity", "Productivity"),
                            ("patient_experience", "Patient experience"),
                            ("staff_experience", "Staff experience"),
                            ("equity", "Equity"),
                            ("carbon", "Carbon"),
                            ("unintended", "Unintended outcome"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True
                    ),
                ),
                ("unit_text", models.CharField(blank=True, max_length=40)),
                ("period", models.CharField(blank=True, max_length=60)),
                ("baseline", models.CharField(blank=True, max_length=300)),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("anecdote", "Anecdote"),
                            ("measured", "Measured"),
                            ("spc_signal", "Special cause on a chart"),
                            ("finance_validated", "Checked by finance"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cash_releasing", models.BooleanField(default=False)),
                (
                    "validated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "overlaps_with",
                    models.ManyToManyField(blank=True, to="pdsa.benefitclaim"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Prediction",
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
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="predictions",
                        to="pdsa.cycle",
                    ),
                ),
                ("question", models.CharField(blank=True, max_length=300)),
                ("statement", models.CharField(max_length=500)),
                ("because", models.CharField(blank=True, max_length=500)),
                (
                    "direction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("more", "More"),
                            ("less", "Less"),
                            ("same", "About the same"),
                        ],
                        max_length=4,
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True
                    ),
                ),
                (
                    "confidence",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                ("first_saved_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="pdsa.prediction",
                    ),
                ),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence", None),
                            models.Q(("confidence__gte", 1), ("confidence__lte", 5)),
                            _connector="OR",
                        ),
                        name="prediction_confidence_one_to_five",
                        violation_error_message="Confidence goes from 1 to 5.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataPoint",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deleted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="pdsa.measure",
                    ),
                ),
                ("period_start", models.DateField()),
                ("numerator", models.DecimalField(decimal_places=6, max_digits=18)),
                (
                    "denominator",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=18, null=True
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "cycle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="pdsa.cycle",
                    ),
                ),
                ("is_excluded", models.BooleanField(default=False)),
                ("exclusion_reason", models.CharField(blank=True, max_length=200)),
                (
                    "entered_via",
                    models.CharField(
                        choices=[
                            ("typed", "Typed"),
                            ("pasted", "Pasted"),
                            ("import", "Imported"),
                            ("api", "Sent by a system"),
                        ],
                        default="typed",
                        max_length=6,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=80)),
                ("source_ref", models.CharField(blank=True, max_length=80)),
                (
                    "token",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.apitoken",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.importbatch",
                    ),
                ),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "ordering": ["period_start"],
                "indexes": [
                    models.Index(
                        fields=["updated_at", "id"],
                        name="pdsa_datapo_updated_f4ea16_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at", None), ("deleted_by", None)),
                            models.Q(
                                ("deleted_at__isnull", False),
                                ("deleted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="datapoint_deleted_when_and_who",
                        violation_error_message="A deletion needs both a time and a person.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("measure", "period_start"),
                        name="point_one_per_measure_and_period",
                        violation_error_message="This measure already has a number for that date. Change that number instead.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("denominator", None),
                            ("denominator__gt", 0),
                            _connector="OR",
                        ),
                        name="point_denominator_above_zero",
                        violation_error_message="“Out of” must be more than 0.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exclusion_reason", ""), ("is_excluded", False)),
                            models.Q(
                                ("is_excluded", True),
                                models.Q(("exclusion_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="point_excluded_with_reason",
                        violation_error_message="Say why this number is left out.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Phase",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="pdsa.measure",
                    ),
                ),
                ("starts_on", models.DateField()),
                ("label", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=300)),
                (
                    "cycle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="pdsa.cycle",
                    ),
                ),
                (
                    "freeze_after_n",
                    models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "ordering": ["starts_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("measure", "starts_on"),
                        name="phase_one_per_start",
                        violation_error_message="A phase already starts on that day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="phase_undone_when_and_who",
                        violation_error_message="Undoing needs both a time and a person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("freeze_after_n", None),
                            ("freeze_after_n__gte", 12),
                            _connector="OR",
                        ),
                        name="phase_freeze_needs_twelve",
                        violation_error_message="Fix limits on at least 12 points.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deleted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="projects.project",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="pdsa.cycle",
                    ),
                ),
                ("what", models.CharField(max_length=200)),
                (
                    "who",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("where", models.CharField(blank=True, max_length=120)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at", None), ("deleted_by", None)),
                            models.Q(
                                ("deleted_at__isnull", False),
                                ("deleted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="task_deleted_when_and_who",
                        violation_error_message="A deletion needs both a time and a person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None)),
                            models.Q(
                                ("done_at__isnull", False), ("done_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="task_done_when_and_who",
                        violation_error_message="A done task needs a time and a person.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deleted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="projects.project",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="pdsa.cycle",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="pdsa.comment",
                    ),
                ),
                ("body", models.TextField(max_length=4000)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "mentions",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at", None), ("deleted_by", None)),
                            models.Q(
                                ("deleted_at__isnull", False),
                                ("deleted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="comment_deleted_when_and_who",
                        violation_error_message="A deletion needs both a time and a person.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deleted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="projects.project",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="pdsa.cycle",
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("kind", models.CharField(max_length=8)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=80)),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at", None), ("deleted_by", None)),
                            models.Q(
                                ("deleted_at__isnull", False),
                                ("deleted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_deleted_when_and_who",
                        violation_error_message="A deletion needs both a time and a person.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CycleOutcome",
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
                    "prediction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcome",
                        to="pdsa.prediction",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("as_predicted", "As we expected"),
                            ("partly", "Partly"),
                            ("not", "Not as we expected"),
                            ("cannot_tell", "Cannot tell"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
