from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analytics", "0007_mailed_until")]
    operations = [
        migrations.AddField(
            model_name="series", name="asked_from", field=models.DateField(null=True)
        ),
    ]
