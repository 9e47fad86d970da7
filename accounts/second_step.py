"""Secrets of the second step at sign-in, sealed like tokens: each opens in its person's row alone.

allauth keeps them as JSON in its own table and asks its adapter to decrypt a text without saying
whose it is, so a text read from the table carries its place with it.
"""

from __future__ import annotations

import logging
from typing import Any, Final, Self

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from accounts import wire
from accounts.sealing import SealBroken, is_sealed

logger = logging.getLogger(__name__)

SECRET_KEYS: Final = ("secret", "seed")
"""The TOTP key, and what recovery codes are made from."""


class PlacedText(str):
    """A sealed text that knows where it belongs."""

    __slots__ = ("place",)

    place: str

    @classmethod
    def at(cls, place: str, sealed: str) -> Self:
        text = cls(sealed)
        text.place = place
        return text

    def __repr__(self) -> str:
        return f"PlacedText(at {self.place})"


class MFAAdapter(DefaultMFAAdapter):
    """Opens what `seal_secrets` has sealed."""

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValidationError, which a form shows, for what is not sealed or was moved."""
        try:
            if isinstance(encrypted_text, PlacedText):
                return wire.sealer().open(str(encrypted_text), place=encrypted_text.place)
        except SealBroken as error:
            logger.error("second_step_unreadable %s", error)  # noqa: TRY400 - it names the place
        raise ValidationError(
            "The second step of this account can't be read on this server any more. Ask whoever"
            " runs it to put the missing key back, or to take the second step off your account."
        )


def place_of(authenticator: Any, key: str) -> str:
    """Where a secret opens: a row has one of each kind for each person."""
    return f"mfa_authenticator:{authenticator.user_id}:{authenticator.type}:{key}"


def place_secrets(*, instance: Any, **_kwargs: Any) -> None:
    """After a row was read: let each sealed text know its place."""
    for key, text in _secrets(instance):
        if is_sealed(text):
            instance.data[key] = PlacedText.at(place_of(instance, key), text)


def seal_secrets(*, instance: Any, **_kwargs: Any) -> None:
    """Before a row is written: no secret reaches the table in clear."""
    for key, text in _secrets(instance):
        if not is_sealed(text):
            place = place_of(instance, key)
            sealed = wire.sealer().seal(text, place=place)
            instance.data[key] = PlacedText.at(place, sealed)


def _secrets(authenticator: Any) -> list[tuple[str, str]]:
    data = authenticator.data
    if not isinstance(data, dict):
        return []
    return [(key, data[key]) for key in SECRET_KEYS if isinstance(data.get(key), str)]


def authenticators() -> Any:
    """All rows, in a lasting order."""
    return Authenticator.objects.order_by("pk")
