"""Names for rows: those that strangers see mean nothing and can't be guessed."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import datetime
from typing import Final

# Digits and letters that are told apart when read aloud.
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
KEY_LENGTH: Final = 12


def new_key() -> str:
    """A public name of a site or an entity: 59 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))


def new_id() -> uuid.UUID:
    """A UUID of version 7: random, but with the time in front, so that new rows lie together.

    Of five million rows only those of today are in memory then.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = _of_time(milliseconds) | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def first_id_of(at: datetime) -> uuid.UUID:
    """No id that was made before `at` is as large; all made from then on are."""
    return uuid.UUID(int=_of_time(int(at.timestamp() * 1000)))


def _of_time(milliseconds: int) -> int:
    return (milliseconds & (2**48 - 1)) << 80
