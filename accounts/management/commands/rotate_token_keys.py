"""Seal all stored tokens with the first key of TOKEN_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.keys import reseal_second_steps, reseal_tokens


class Command(BaseCommand):
    help = (
        "Seals every stored token and second step with the first key of TOKEN_KEYS. Put the new "
        "key in front, restart, run this, then take the old key out."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        resealed, steps = reseal_tokens(), reseal_second_steps()
        plural = "" if resealed.count == 1 else "s"
        done = f"Resealed the tokens of {resealed.count} connection{plural}."
        if steps.count:
            done += f" Resealed {steps.count} second step{'' if steps.count == 1 else 's'}."
        if steps.broken:
            raise CommandError(
                f"{done} The second step of {', '.join(steps.broken)} could not be opened. Put the "
                "key that is missing back into TOKEN_KEYS and run this again; where it is lost, "
                "delete the authenticators of these people in the administration."
            )
        if resealed.broken:
            names = ", ".join(f"{each} in {each.workspace}" for each in resealed.broken)
            raise CommandError(
                f"{done} These could not be opened: {names}. Put the key that is missing back "
                "into TOKEN_KEYS and run this again; an account whose key is lost has to be "
                "reconnected."
            )
        self.stdout.write(done)
