"""Addresses at which anybody gets a Pin's picture for a while: for Pinterest, which has no account.

An address says which picture of which Pin it is for and until when it works, under the server's
signature; nothing is stored. It ends before its time when the Pin is deleted or shows another one.
"""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from publishing.models import Media, Pin

_SALT: Final = "publishing.public_pictures"
_CONTENT: Final = struct.Struct(">16s16sI")
PATH: Final = "/pins/pictures/"


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """What an address of ours names, until when."""

    pin_id: UUID
    media_id: UUID
    until: datetime


def public_url(pin: Pin, media: Media, *, until: datetime) -> str:
    """The whole address of a Pin's picture. It ends in the picture's kind, which some demand."""
    content = _CONTENT.pack(pin.pk.bytes, media.pk.bytes, int(until.timestamp()))
    name = _signer().sign(base64.urlsafe_b64encode(content).decode().rstrip("="))
    return f"{settings.PUBLIC_URL}{PATH}{name}.{media.extension}"


def public_media_url(pin: Pin, media: Media | None, *, until: datetime) -> str:
    """Where anybody gets a Pin's picture: at its origin on the web, or here; empty for none."""
    if media is None:
        return ""
    return media.origin_url or public_url(pin, media, until=until)


def public_picture(name: str, *, now: datetime) -> Media | None:
    """The picture of the last part of an address; None where it shows none (any more)."""
    try:
        named = _read(_signer().unsign(name.rpartition(".")[0]))
    except BadSignature:
        return None
    if named is None or now >= named.until:
        return None
    return Media.objects.filter(pk=named.media_id, pins=named.pin_id).first()


def named_media_id(name: str) -> UUID | None:
    """Which picture an address is for, whoever wrote it and whenever: to find one of ours again."""
    named = _read(name.split(".", 1)[0])
    return named.media_id if named else None


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")


def _read(content: str) -> PublicPicture | None:
    try:
        packed = base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))
        pin, media, until = _CONTENT.unpack(packed)
    except (ValueError, binascii.Error, struct.error):
        return None
    return PublicPicture(UUID(bytes=pin), UUID(bytes=media), datetime.fromtimestamp(until, tz=UTC))
