"""Rotation of the keys that tokens are sealed with."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts import wire
from accounts.models import Connection, RowId
from accounts.sealing import SealBroken

_COLUMNS = {"access_token": "access_token_sealed", "refresh_token": "refresh_token_sealed"}


@dataclass(frozen=True, slots=True)
class Resealed:
    """What a rotation did: how many rows changed, and those that no key opens."""

    count: int
    broken: list[Connection]


def reseal_tokens() -> Resealed:
    """Seal every stored token with the newest key, row by row, so that it can be interrupted."""
    count, broken = 0, []
    sealed = Connection.objects.exclude(access_token_sealed="", refresh_token_sealed="")
    for connection in sealed.select_related("workspace").order_by("connected_at"):
        try:
            count += _reseal(connection.pk)
        except SealBroken:
            broken.append(connection)
    return Resealed(count=count, broken=broken)


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
