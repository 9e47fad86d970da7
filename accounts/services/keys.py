"""Rotation of the keys that tokens are sealed with."""

from __future__ import annotations

from django.db import transaction

from accounts import wire
from accounts.models import Connection, RowId

_COLUMNS = {"access_token": "access_token_sealed", "refresh_token": "refresh_token_sealed"}


def reseal_tokens() -> int:
    """Seal every stored token with the newest key; returns how many rows changed.

    Raises SealBroken for a token that no key opens; rows before it stay resealed.
    """
    ids = Connection.objects.exclude(access_token_sealed="").values_list("pk", flat=True)
    return sum(_reseal(connection_id) for connection_id in list(ids))


def _reseal(connection_id: RowId) -> bool:
    sealer = wire.sealer()
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection_id)
        changed = []
        for name, column in _COLUMNS.items():
            sealed = getattr(connection, column)
            if not sealed or sealer.is_current(sealed):
                continue
            place = connection.token_place(name)
            setattr(connection, column, sealer.seal(sealer.open(sealed, place=place), place=place))
            changed.append(column)
        if changed:
            connection.save(update_fields=changed)
    return bool(changed)
