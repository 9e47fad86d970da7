"""Bring the database, the static files and the demo data in step with this version."""

import hashlib
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser

from pinapp.sqlite_file import has_tables


class Command(BaseCommand):
    help = "Migrate the database, collect the static files and, with --demo, lay out the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="lay out the demo as well")

    def handle(self, *_args: Any, **options: Any) -> None:
        former = settings.VAR_DIR / "db.sqlite3"
        if settings.IS_DATABASE_EMBEDDED and former.exists() and not has_tables():
            call_command("carry_over_sqlite", former)
        call_command("migrate", interactive=False, verbosity=1)
        _collect_static_files()
        if options["demo"] and "demo" in get_commands():
            call_command("demo")


def _collect_static_files() -> None:
    """Collect and compress the static files, unless they are the same as last time."""
    stamp_file = Path(settings.VAR_DIR) / "static.stamp"
    stamp = _stamp_of_static_files()
    if stamp_file.exists() and stamp_file.read_text() == stamp:
        return
    stamp_file.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp_file.write_text(stamp)


def _stamp_of_static_files() -> str:
    """Digest what a build or an upgrade of Django would change."""
    digest = hashlib.sha256(f"{django.__version__} {settings.STORAGES}".encode())
    for folder in settings.STATICFILES_DIRS:
        root = Path(str(folder[1] if isinstance(folder, tuple) else folder))
        for path in sorted(root.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
