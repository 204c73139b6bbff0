import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
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
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("national", "National staff survey"),
                            ("pulse", "Quarterly pulse survey"),
                            ("local", "Local survey"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScorerVersion",
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
                ("name", models.CharField(max_length=60, unique=True)),
                ("lexicon_hash", models.CharField(max_length=64)),
                ("taxonomy_hash", models.CharField(max_length=64)),
                ("active", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)),
                        fields=("active",),
                        name="scorer_one_active",
                        violation_error_message="Another scorer version is active.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Benchmark",
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
                    "survey_kind",
                    models.CharField(
                        choices=[
                            ("national", "National staff survey"),
                            ("pulse", "Quarterly pulse survey"),
                            ("local", "Local survey"),
                        ],
                        max_length=10,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("question", models.CharField(max_length=20)),
                ("wording_key", models.SlugField(max_length=60)),
                ("organisation_code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=150)),
                ("group", models.CharField(max_length=150)),
                ("region", models.CharField(blank=True, max_length=60)),
                ("respondents", models.PositiveIntegerField(blank=True, null=True)),
                ("base", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=7, null=True
                    ),
                ),
                ("suppressed", models.BooleanField(default=False)),
                (
                    "not_comparable_before",
                    models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.importbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey_kind", "year", "question", "organisation_code"),
                        name="benchmark_once",
                        violation_error_message="This organisation's result is already there.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suppressed", False), ("value", None), _connector="OR"
                        ),
                        name="benchmark_suppressed_has_no_value",
                        violation_error_message="A hidden result holds no value.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wave",
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
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waves",
                        to="surveys.survey",
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("label", models.CharField(max_length=80)),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "release_year",
                    models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["opens_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="wave_closes_after_it_opens",
                        violation_error_message="A wave must close after it opens.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="surveys.survey",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=20)),
                ("wording_key", models.SlugField(max_length=60)),
                ("label", models.CharField(max_length=120)),
                ("wording", models.CharField(blank=True, max_length=400)),
                ("scale", models.CharField(default="agree5", max_length=20)),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("up", "Higher is better"),
                            ("down", "Lower is better"),
                        ],
                        default="up",
                        max_length=4,
                    ),
                ),
                ("subscore", models.CharField(blank=True, max_length=40)),
                ("theme", models.CharField(blank=True, max_length=30)),
                ("is_local", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "year", "code"),
                        name="question_once_per_survey_and_year",
                        violation_error_message="This year's survey already has that question.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Prompt",
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
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prompts",
                        to="surveys.survey",
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                (
                    "prompt_type",
                    models.CharField(
                        choices=[
                            ("improve", "What could be better?"),
                            ("good", "What was good?"),
                            ("open", "Anything else?"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "prompt_type", "text"),
                        name="prompt_once_per_survey",
                        violation_error_message="This survey already has that prompt.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyResult",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="surveys.wave",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="surveys.question",
                    ),
                ),
                ("subgroup", models.CharField(blank=True, max_length=40)),
                ("n", models.PositiveIntegerField(blank=True, null=True)),
                ("option_counts", models.JSONField(blank=True, default=list)),
                (
                    "published_score",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=7, null=True
                    ),
                ),
                ("suppressed", models.BooleanField(default=False)),
                ("weighted", models.BooleanField(default=False)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.importbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("wave", "unit", "question", "subgroup", "weighted"),
                        name="survey_result_once",
                        violation_error_message="This result is already there.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suppressed", False),
                            models.Q(
                                ("n", None),
                                ("option_counts", []),
                                ("published_score", None),
                            ),
                            _connector="OR",
                        ),
                        name="survey_result_suppressed_has_no_numbers",
                        violation_error_message="A hidden result holds no numbers.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="surveys.wave",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="surveys.prompt",
                    ),
                ),
                ("redacted_text", models.TextField()),
                ("redaction_counts", models.JSONField(blank=True, default=dict)),
                ("source_hash", models.CharField(max_length=64)),
                ("month", models.DateField()),
                ("is_nil", models.BooleanField(default=False)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.importbatch",
                    ),
                ),
                (
                    "release",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        default="held",
                        max_length=8,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["unit", "month"], name="surveys_com_unit_id_0bb828_idx"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("wave", "source_hash"),
                        name="comment_once_per_wave",
                        violation_error_message="This comment is already in the wave.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("proposed_by", None),
                            models.Q(
                                ("approved_by", models.F("proposed_by")), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="comment_two_people_for_a_quote",
                        violation_error_message="Somebody else must approve this quote.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("release", "approved"), _negated=True),
                            models.Q(
                                ("approved_by__isnull", False),
                                ("proposed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="comment_approved_by_two",
                        violation_error_message="A quote needs a proposer and an approver.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentScore",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="surveys.comment",
                    ),
                ),
                (
                    "scorer_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="surveys.scorerversion",
                    ),
                ),
                ("label", models.CharField(max_length=14)),
                ("score", models.FloatField()),
                ("confidence", models.FloatField()),
                ("suggestion", models.BooleanField(default=False)),
                ("hits", models.JSONField(blank=True, default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comment", "scorer_version"),
                        name="comment_score_once_per_version",
                        violation_error_message="This version has scored the comment.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentTheme",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="themes",
                        to="surveys.comment",
                    ),
                ),
                ("theme", models.CharField(max_length=30)),
                (
                    "scorer_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="surveys.scorerversion",
                    ),
                ),
                ("hits", models.JSONField(blank=True, default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comment", "theme", "scorer_version"),
                        name="comment_theme_once_per_version",
                        violation_error_message="This theme is already marked.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HumanLabel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="surveys.comment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("label", models.CharField(max_length=14)),
                ("themes", models.JSONField(blank=True, default=list)),
            ],
        ),
    ]
