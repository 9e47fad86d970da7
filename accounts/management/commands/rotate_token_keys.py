"""Seal all stored tokens with the first key of TOKEN_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.keys import reseal_tokens


class Command(BaseCommand):
    help = (
        "Seals every stored token with the first key of TOKEN_KEYS. Put the new key in front, "
        "restart, run this, then take the old key out."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        resealed = reseal_tokens()
        plural = "" if resealed.count == 1 else "s"
        done = f"Resealed the tokens of {resealed.count} connection{plural}."
        if resealed.broken:
            names = ", ".join(f"{each} in {each.workspace}" for each in resealed.broken)
            raise CommandError(
                f"{done} These could not be opened: {names}. Put the key that is missing back "
                "into TOKEN_KEYS and run this again; an account whose key is lost has to be "
                "reconnected."
            )
        self.stdout.write(done)
