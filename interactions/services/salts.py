"""Addresses of visitors, kept as what can be compared within a day and never turned back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta

from interactions.models import DailySalt

_KNOWN: dict[date, bytes] = {}


def address_key(address: str | None, *, now: datetime) -> str:
    """A keyed hash of an address, 22 characters; the same for the same address on one UTC day."""
    if not address:
        return ""
    digest = hmac.digest(_salt_of(now.date()), address.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def forget_salts(*, now: datetime) -> int:
    """Delete the salts of days that are over everywhere; returns how many."""
    over = now.date() - timedelta(days=1)
    for day in [day for day in _KNOWN if day < over]:
        del _KNOWN[day]
    deleted, _ = DailySalt.objects.filter(day__lt=over).delete()
    return deleted


def _salt_of(day: date) -> bytes:
    known = _KNOWN.get(day)
    if known is None:
        row, _ = DailySalt.objects.get_or_create(
            day=day, defaults={"salt": secrets.token_bytes(32)}
        )
        known = _KNOWN[day] = bytes(row.salt)
    return known
