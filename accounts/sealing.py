"""Encryption of secrets at rest, each bound to the place it belongs to.

AES-GCM-SIV with the place (`table:row:column`) as associated data: a ciphertext copied to another
row or column is refused instead of acting as somebody else's token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

_VERSION = "v1"
_NONCE_BYTES = 12
_KEY_ID_LENGTH = 8


class SealBroken(Exception):
    """A stored secret can't be opened: unknown key, altered text, or moved from another row."""


class BadKey(ValueError):
    """A key in `TOKEN_KEYS` is not 32 bytes in URL-safe base64."""


class Sealer:
    """Seals with the first key and opens with any of them, so that keys can be rotated."""

    def __init__(self, keys: list[str]) -> None:
        if not keys:
            raise BadKey("TOKEN_KEYS is empty; give at least one key.")
        raw_keys = [_decode_key(key) for key in keys]
        self._ciphers = {_key_id(raw): AESGCMSIV(raw) for raw in raw_keys}
        self._newest = _key_id(raw_keys[0])

    def __repr__(self) -> str:
        return f"Sealer({len(self._ciphers)} keys)"

    def seal(self, secret: str, *, place: str) -> str:
        """Encrypt `secret` so that it opens at `place` only."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, secret.encode(), place.encode())
        body = base64.urlsafe_b64encode(nonce + sealed).decode()
        return f"{_VERSION}.{self._newest}.{body}"

    def open(self, sealed: str, *, place: str) -> str:
        """Decrypt what `seal` made for `place`. Raises SealBroken."""
        version, _, rest = sealed.partition(".")
        key_id, _, body = rest.partition(".")
        cipher = self._ciphers.get(key_id)
        if version != _VERSION or cipher is None:
            raise SealBroken("A stored secret was sealed with a key that TOKEN_KEYS does not hold.")
        try:
            raw = _decode_body(body)
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise SealBroken(f"The secret stored at {place} was altered or moved.") from error

    def is_current(self, sealed: str) -> bool:
        """Whether the newest key sealed this."""
        return sealed.startswith(f"{_VERSION}.{self._newest}.")


def is_sealed(text: str) -> bool:
    """Whether a text has the form of a sealed one; only opening it shows that it is."""
    version, _, rest = text.partition(".")
    key_id, _, body = rest.partition(".")
    return version == _VERSION and len(key_id) == _KEY_ID_LENGTH and bool(body)


def _decode_body(body: str) -> bytes:
    """Decode strictly: Python's own decoder skips over characters that are not base64."""
    raw = base64.urlsafe_b64decode(body)
    if base64.urlsafe_b64encode(raw).decode() != body:
        raise ValueError("not what was written")
    return raw


def _decode_key(key: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(key)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32:
        raise BadKey(
            "TOKEN_KEYS must hold keys of 32 bytes in URL-safe base64. Make one with: "
            'python -c "import base64, os; '
            'print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
        )
    return raw


def _key_id(raw: bytes) -> str:
    return hashlib.sha256(b"pinapp token key " + raw).hexdigest()[:_KEY_ID_LENGTH]
