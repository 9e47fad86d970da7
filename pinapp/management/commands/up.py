"""Run PinApp with everything it needs on this machine, until asked to stop."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pinapp.private_files import close_to_others
from pinapp.supervisor.plan import CannotStart, make_plan
from pinapp.supervisor.single import only_supervisor
from pinapp.supervisor.supervisor import Supervisor


class Command(BaseCommand):
    help = "Start web, worker, scheduler and, unless configured, the broker and the sandbox."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        close_to_others(settings.VAR_DIR)
        try:
            with only_supervisor(settings.VAR_DIR):
                # Reading the settings has put .env and var/local.env into the environment.
                plan = make_plan(
                    root=settings.BASE_DIR, var=settings.VAR_DIR, environment=os.environ
                )
                code = Supervisor(plan, say=self._say).run()
        except CannotStart as reason:
            raise CommandError(str(reason)) from None
        sys.exit(code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
