"""When a Pin's counts of 90 days were told; so far, when the Pin was read."""

from django.db import migrations, models
from django.db.models import F, Q


def counted_when_read(apps, schema_editor):
    told = Q(impression__isnull=False) | Q(pin_click__isnull=False)
    told |= Q(outbound_click__isnull=False)
    apps.get_model("analytics", "PinRow").objects.filter(told).update(counted_at=F("read_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0005_steps"),
    ]

    operations = [
        migrations.AddField(
            model_name="pinrow",
            name="counted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(counted_when_read, migrations.RunPython.noop, elidable=True),
    ]
