"""The tables are the health app's by now."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pinapp', '0001_health'),
        ('health', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='Heartbeat'),
                migrations.DeleteModel(name='Alarm'),
            ],
        ),
    ]
