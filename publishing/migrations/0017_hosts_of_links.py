from django.db import migrations

from publishing.pins.policy.normalise import link_key


def read_anew(apps, _schema_editor):
    """Keys of links whose host was read by other rules than a browser's, such as `straße.example`."""
    pins = apps.get_model('publishing', 'Pin').objects.exclude(link='')
    batch = []
    for pin in pins.only('pk', 'link', 'link_key').iterator(chunk_size=1000):
        key = link_key(pin.link)
        if key == pin.link_key:
            continue
        pin.link_key = key
        batch.append(pin)
        if len(batch) == 1000:
            pins.model.objects.bulk_update(batch, ['link_key'])
            batch = []
    pins.model.objects.bulk_update(batch, ['link_key'])


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0016_preflight_of_videos'),
    ]

    operations = [
        migrations.RunPython(read_anew, migrations.RunPython.noop),
    ]
