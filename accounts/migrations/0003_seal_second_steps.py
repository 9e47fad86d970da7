"""Seal the TOTP keys and the seeds of recovery codes that lie in clear so far."""

from django.conf import settings
from django.db import migrations

from accounts.sealing import Sealer, is_sealed

KEYS = ("secret", "seed")


def place_of(row, key):
    return f"mfa_authenticator:{row.user_id}:{row.type}:{key}"


def seal(apps, schema_editor):
    sealer = Sealer(settings.TOKEN_KEYS)
    for row in apps.get_model("mfa", "Authenticator").objects.all().iterator():
        clear = [key for key in KEYS if isinstance(row.data.get(key), str) and not is_sealed(row.data[key])]
        for key in clear:
            row.data[key] = sealer.seal(row.data[key], place=place_of(row, key))
        if clear:
            row.save(update_fields=["data"])


def open_again(apps, schema_editor):
    sealer = Sealer(settings.TOKEN_KEYS)
    for row in apps.get_model("mfa", "Authenticator").objects.all().iterator():
        for key in KEYS:
            if is_sealed(row.data.get(key) or ""):
                row.data[key] = sealer.open(row.data[key], place=place_of(row, key))
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_succession"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal, open_again)]
