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
            name="RollupRun",
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
                ("as_of", models.DateField()),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("computing", "Computing"),
                            ("ready", "Ready"),
                            ("published", "Published"),
                            ("failed", "Failed"),
                        ],
                        default="computing",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("heartbeat", models.DateTimeField()),
                ("rows", models.PositiveIntegerField(default=0)),
                ("code_version", models.CharField(max_length=40)),
                ("timings", models.JSONField(blank=True, default=dict)),
                ("stats", models.JSONField(blank=True, default=dict)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("as_of", "attempt"),
                        name="rollup_attempt_once_per_day",
                        violation_error_message="This attempt already exists.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardAction",
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
                    "barrier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="board_actions",
                        to="projects.barrier",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("assurance", "Assurance"),
                            ("improvement", "Improvement"),
                            ("unblock", "Unblock"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_on", models.DateField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PublishedRun",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, primary_key=True, serialize=False
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dashboard.rolluprun",
                    ),
                ),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="published_run_is_one_row",
                        violation_error_message="There is one published run.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorSnapshot",
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshots",
                        to="dashboard.rolluprun",
                    ),
                ),
                ("indicator", models.CharField(max_length=120)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
                ("subgroup", models.CharField(blank=True, max_length=40)),
                ("period_start", models.DateField()),
                (
                    "numerator",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=20, null=True
                    ),
                ),
                (
                    "denominator",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=20, null=True
                    ),
                ),
                ("value", models.FloatField(blank=True, null=True)),
                ("n", models.PositiveIntegerField(blank=True, null=True)),
                ("suppressed_reason", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["run", "unit", "indicator", "period_start"],
                        name="dashboard_i_run_id_e0ee55_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "indicator", "unit", "subgroup", "period_start"),
                        name="snapshot_once",
                        violation_error_message="This figure is already in the run.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suppressed_reason", ""),
                            models.Q(
                                ("denominator", None),
                                ("n", None),
                                ("numerator", None),
                                ("value", None),
                            ),
                            _connector="OR",
                        ),
                        name="snapshot_suppressed_has_no_numbers",
                        violation_error_message="A hidden figure holds no numbers.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardPack",
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="dashboard.rolluprun",
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("payload", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="BoardVisit",
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
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="dashboard.rolluprun",
                    ),
                ),
                ("at", models.DateTimeField(auto_now=True)),
            ],
        ),
    ]
