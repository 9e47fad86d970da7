"""Rotation of the keys that tokens are sealed with."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts import second_step, wire
from accounts.models import Connection, RowId
from accounts.sealing import SealBroken

_COLUMNS = {"access_token": "access_token_sealed", "refresh_token": "refresh_token_sealed"}


@dataclass(frozen=True, slots=True)
class Resealed:
    """What a rotation did: how many rows changed, and those that no key opens."""

    count: int
    broken: list[Connection]


@dataclass(frozen=True, slots=True)
class ResealedSecondSteps:
    """The same for second steps; `broken` names the people whose no key opens."""

    count: int
    broken: list[str]


def reseal_second_steps() -> ResealedSecondSteps:
    """Seal the secrets of every second step with the newest key, row by row."""
    count, broken = 0, []
    for row in second_step.authenticators().select_related("user"):
        try:
            count += _reseal_second_step(row.pk)
        except SealBroken:
            broken.append(str(row.user))
    return ResealedSecondSteps(count=count, broken=broken)


def _reseal_second_step(row_id: int) -> bool:
    sealer = wire.sealer()
    with transaction.atomic():
        row = second_step.authenticators().select_for_update().get(pk=row_id)
        changed = False
        for key in second_step.SECRET_KEYS:
            sealed = row.data.get(key)
            if sealed is None or sealer.is_current(sealed):
                continue
            place = second_step.place_of(row, key)
            row.data[key] = sealer.seal(sealer.open(sealed, place=place), place=place)
            changed = True
        if changed:
            row.save(update_fields=["data"])
    return changed


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
