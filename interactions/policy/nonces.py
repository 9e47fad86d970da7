"""Nonces as browsers write them and as columns keep them. Pure."""

from __future__ import annotations

import base64
import uuid

from interactions.policy.tokens import is_nonce


def read_nonce(text: str) -> uuid.UUID | None:
    """The 16 bytes of 22 base64url characters; None for anything else.

    Of four spellings of the same bytes only the one that browsers make counts.
    """
    if not is_nonce(text):
        return None
    value = uuid.UUID(bytes=base64.urlsafe_b64decode(text + "=="))
    return value if write_nonce(value) == text else None


def write_nonce(value: uuid.UUID) -> str:
    """The same bytes as 22 characters."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()
