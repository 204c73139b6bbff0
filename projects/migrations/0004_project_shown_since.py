from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_why_an_idea_ended"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="shown_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
