"""Seal all stored tokens with the first key of TOKEN_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.sealing import SealBroken
from accounts.services.keys import reseal_tokens


class Command(BaseCommand):
    help = (
        "Seals every stored token with the first key of TOKEN_KEYS. Put the new key in front, "
        "restart, run this, then take the old key out."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = reseal_tokens()
        except SealBroken as error:
            raise CommandError(f"{error} Put the missing key back into TOKEN_KEYS.") from error
        self.stdout.write(f"Resealed the tokens of {count} connections.")
