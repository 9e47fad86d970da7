from django.db import migrations, models

EACH_A_ROW = ["review", "pin_told", "pin_found"]


def forget_numbers(apps, schema_editor):
    """Take the numbers out of the column that holds what is left of an address."""
    # Evidence is never changed: the trigger that sees to it is put back after each migration.
    schema_editor.execute(
        "DROP TRIGGER IF EXISTS interactions_evidence_stays ON interactions_evidence"
    )
    evidence = apps.get_model("interactions", "Evidence").objects.using(
        schema_editor.connection.alias
    )
    evidence.filter(kind__in=EACH_A_ROW).exclude(address_key="").update(address_key="")


class Migration(migrations.Migration):
    dependencies = [("interactions", "0011_readings_of_lists")]

    operations = [
        migrations.RemoveConstraint(model_name="evidence", name="evidence_once_a_minute"),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("about__isnull", True),
                    models.Q(("kind__in", EACH_A_ROW), _negated=True),
                ),
                fields=("interaction", "kind", "address_key", "minute"),
                name="evidence_once_a_minute",
            ),
        ),
        migrations.RunPython(forget_numbers, migrations.RunPython.noop),
    ]
