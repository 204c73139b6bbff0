import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Method",
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
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=120)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("start", "Start and organise"),
                            ("understand", "Understand the system"),
                            ("measure", "Measure"),
                            ("test", "Generate and test"),
                            ("embed", "Embed and spread"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("mfi", "Model for Improvement"),
                            ("lean", "Lean"),
                            ("six_sigma", "Six Sigma"),
                            ("co_design", "Co-design"),
                            ("general", "General"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("set_up", "Set up"),
                            ("understand", "Understand"),
                            ("measure", "Measure"),
                            ("test", "Test"),
                            ("embed", "Embed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("awareness", "Awareness"),
                            ("foundation", "Foundation"),
                            ("practitioner", "Practitioner"),
                            ("coach", "Coach"),
                            ("expert", "Expert"),
                        ],
                        max_length=12,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("time_needed", models.CharField(blank=True, max_length=80)),
                ("people_needed", models.CharField(blank=True, max_length=120)),
                ("is_house", models.BooleanField(default=False)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("retired_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_house", True)),
                        fields=("is_house",),
                        name="method_at_most_one_house_method",
                        violation_error_message="The trust already has a house method.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MethodVersion",
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
                    "method",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="library.method",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("summary", models.TextField(max_length=600)),
                ("when_to_use", models.TextField(max_length=4000)),
                ("when_not_to_use", models.TextField(max_length=4000)),
                ("steps", models.TextField(max_length=8000)),
                ("mistakes", models.TextField(max_length=4000)),
                ("example", models.TextField(blank=True, max_length=4000)),
                ("source", models.TextField(max_length=600)),
                ("source_url", models.URLField(blank=True)),
                ("licence", models.CharField(max_length=200)),
                ("change_note", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("published", "Published"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("review_due_on", models.DateField(blank=True, null=True)),
                ("submission_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published"), _negated=True),
                        fields=("method",),
                        name="method_version_one_open_per_entry",
                        violation_error_message="Somebody has begun a new version already.",
                    ),
                    models.UniqueConstraint(
                        fields=("method", "number"),
                        name="method_version_number_once",
                        violation_error_message="This entry already has a version of that number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", False), ("state", "published")
                            ),
                            models.Q(
                                models.Q(("state", "published"), _negated=True),
                                ("published_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="method_version_published_has_a_time",
                        violation_error_message="A published version needs its time, and only a published one has it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("published_by", None)),
                            models.Q(
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="method_version_published_when_and_who",
                        violation_error_message="Publishing needs both a time and a person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("review_due_on__isnull", False),
                            _connector="OR",
                        ),
                        name="method_version_published_needs_review_date",
                        violation_error_message="Set the date by which this will be reviewed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MethodResource",
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resources",
                        to="library.methodversion",
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("file", models.FileField(blank=True, upload_to="library/")),
                ("url", models.URLField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file", ""), models.Q(("url", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("file", ""), _negated=True), ("url", "")
                            ),
                            _connector="OR",
                        ),
                        name="method_resource_file_or_address",
                        violation_error_message="Give either a file or a web address.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="Method",
            name="current_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="library.methodversion",
            ),
        ),
    ]
