"""Takes over the tables that the project's own app had."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('pinapp', '0001_health'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('worker', 'worker'), ('scheduler', 'scheduler')], max_length=10)),
                ('host', models.CharField(max_length=100)),
                ('pid', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['kind', '-at'], name='last_heartbeats')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'host', 'pid'), name='one_heart_per_process')],
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('worker', 'worker'), ('scheduler', 'scheduler'), ('cache', 'cache'), ('unknown', 'unknown')], max_length=10)),
                ('began_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('over_at', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('over_mailed_at', models.DateTimeField(blank=True, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('over_at', None)), fields=('workspace',), name='one_open_alarm_per_workspace')],
            },
        ),
            ],
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE pinapp_{name} RENAME TO health_{name}",
                    f"ALTER TABLE health_{name} RENAME TO pinapp_{name}",
                )
                for name in ("heartbeat", "alarm")
            ],
        ),
    ]
