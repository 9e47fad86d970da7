"""Reckon the levels of interactions anew from their evidence, as after a change of the policy."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interactions.models import Interaction, Site
from interactions.services.reckoning import reckon

_BATCH = 500


class Command(BaseCommand):
    help = "Reckons levels and times of interactions anew from their evidence."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="KEY", help="only those of this site")

    def handle(self, *_args: Any, **options: Any) -> None:
        interactions = Interaction.objects.order_by("pk")
        if options["site"]:
            if not Site.objects.filter(key=options["site"]).exists():
                raise CommandError(f"There is no site with the key {options['site']}.")
            interactions = interactions.filter(site__key=options["site"])
        looked_at = changed = 0
        last = None
        while True:
            rest = interactions.filter(pk__gt=last) if last else interactions
            ids = list(rest.values_list("pk", flat=True)[:_BATCH])
            if not ids:
                break
            changed += reckon(ids)
            looked_at += len(ids)
            last = ids[-1]
        self.stdout.write(f"{looked_at} interactions reckoned, {changed} changed.")
