from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0006_counted_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="digest",
            name="mailed_until",
            field=models.DateField(help_text="the last day of the week mailed last", null=True),
        ),
    ]
