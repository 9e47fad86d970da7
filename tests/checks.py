"""Runs every check that needs no test: `python -m tests.checks [NAME...]` (see dev.py check).

All of them run even if one fails, so that one look shows everything there is to mend.
"""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from requirements.install import environment_with_node
from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BIOME = ROOT / "node_modules" / ".bin" / "biome"


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def passes(self) -> bool:
        print(f"\n=== {self.name}", flush=True)
        environment = {**os.environ, **self.environment}
        return subprocess.run(self.command, cwd=ROOT, env=environment, check=False).returncode == 0


def checks(var: Path, database_url: str) -> list[Check]:
    manage = (sys.executable, "-W", "error", "manage.py")
    like_production = production_environment(var, database_url)
    djangofmt = str(BIN / "djangofmt")
    return [
        Check("lint", (str(BIN / "ruff"), "check", ".")),
        Check("formatting", (str(BIN / "ruff"), "format", "--check", ".")),
        Check(
            "styles and scripts", (str(BIOME), "ci", "--error-on-warnings"), environment_with_node()
        ),
        Check("templates formatted", (djangofmt, "--check", "templates")),
        Check("templates linted", (djangofmt, "check", "templates")),
        Check("lines short", (sys.executable, "-m", "tests.lines")),
        Check("types", (str(BIN / "mypy"),), like_production),
        Check("import layers", (str(BIN / "lint-imports"),), like_production),
        Check(
            "migrations in step",
            (*manage, "makemigrations", "--check", "--dry-run"),
            like_production,
        ),
        Check(
            "ready for deployment",
            (*manage, "check", "--deploy", "--fail-level", "WARNING"),
            like_production,
        ),
        Check("templates compile", (sys.executable, "-m", "tests.templates"), like_production),
    ]


def production_environment(var: Path, database_url: str) -> dict[str, str]:
    """What an installation of its own would set; nothing but the database is connected to."""
    (var / "build").symlink_to(ROOT / "var" / "build")
    return {
        "DJANGO_SETTINGS_MODULE": "pinapp.settings",
        "PINAPP_VAR": str(var),
        "DEBUG": "false",
        "DEMO": "false",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "TOKEN_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "PUBLIC_URL": "https://pinapp.example",
        "ALLOWED_HOSTS": "pinapp.example",
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": "redis://127.0.0.1:9/0",
        "CACHE_URL": "redis://127.0.0.1:9/1",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "PINTEREST_APP_ID": "1234567",
        "PINTEREST_APP_SECRET": secrets.token_urlsafe(30),
        "PINTEREST_API_URL": "https://api.pinterest.com/v5",
        "PINTEREST_OAUTH_URL": "https://www.pinterest.com/oauth/",
    }


def main(names: Sequence[str]) -> int:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pinapp-check-"))
        # Django asks one which migrations it has before it compares them with the models.
        database = Postgres()
        stack.callback(database.stop)
        database.create("pinapp")
        all_of_them = checks(Path(folder), database.url())
        chosen = [check for check in all_of_them if not names or check.name in names]
        results = {check.name: check.passes() for check in chosen}
    print("\n=== Summary")
    for name, passed in results.items():
        print(f"{'passed' if passed else 'FAILED'}  {name}")
    return 0 if results and all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
