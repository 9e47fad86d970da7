"""Carry the data of an SQLite file, in which earlier versions kept them, over to PostgreSQL."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from pinapp.sqlite_file import CannotCarryOver, carry_over


class Command(BaseCommand):
    help = "Carry the data of an SQLite file (var/db.sqlite3) over into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            counts = carry_over(file)
        except CannotCarryOver as reason:
            raise CommandError(str(reason)) from None
        # What was changed since then, and the triggers, as with any other upgrade.
        call_command("migrate", interactive=False, verbosity=0)
        rows, tables = sum(counts.values()), sum(1 for count in counts.values() if count)
        self.stdout.write(f"{rows} rows of {tables} tables were carried over from {file}.")
