"""Starts what the tests run against, before Django reads its settings: PostgreSQL and Valkey.

Loaded with `-p tests.servers` (see pyproject.toml). What a developer sets wins:

- DATABASE_URL: a PostgreSQL server to use instead of starting one
- CELERY_BROKER_URL and CACHE_URL: likewise for Valkey (both, or neither)
- PG_BIN: the folder with `postgres` and `initdb`
"""

import atexit
import base64
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path

import psycopg
import pytest
from environ import Env

from pinapp.supervisor import valkey
from pinapp.supervisor.spawn import spawn
from tests.postgres import NotAvailable, Postgres

ROOT = Path(__file__).resolve().parent.parent
# What dev.py reads as "this machine cannot run it", as against "it failed".
CANNOT_RUN = 77
# pytest-xdist starts its workers from the controller's environment, and names each of them.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_running = contextlib.ExitStack()
atexit.register(_running.close)  # pytest_unconfigure is not reached when settings do not load


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Prepare the environment; a wrapper, because pytest-django reads settings in this hook."""
    if _WORKER:
        _prepare_worker()
    else:
        try:
            _start_servers()
        except NotAvailable as reason:
            _running.close()
            pytest.exit(f"The tests cannot run here: {reason}.", returncode=CANNOT_RUN)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    # Now, and not in addopts: fixtures of a later plugin override those of pytest-playwright.
    config.pluginmanager.import_plugin("tests.browser")


def pytest_unconfigure() -> None:
    _running.close()


def pytest_report_header() -> list[str]:
    database = os.environ["DATABASE_URL"].partition(":")[0]
    return [f"servers: {database}, valkey"]


def database_url(name: str) -> str:
    """Create another database, empty, on the server of this run; returns its address."""
    server = os.environ["DATABASE_URL"]
    parts = Env.db_url_config(server)
    with psycopg.connect(
        host=parts["HOST"] or parts.get("OPTIONS", {}).get("host"),
        port=parts["PORT"] or None,
        user=parts["USER"] or None,
        password=parts["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    path = server.partition("?")[0]
    return server.replace(path, f"{path.rpartition('/')[0]}/{name}", 1)


def _start_servers() -> None:
    # A run that is told to end cleans up, as it does after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="pinapp-test-"))
    _running.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(_made_up_secrets(), PINAPP_TEST_FOLDER=str(folder))
    os.environ["DATABASE_URL"] = _database_of_this_run()
    if not (os.environ.get("CELERY_BROKER_URL") and os.environ.get("CACHE_URL")):
        os.environ["PINAPP_TEST_VALKEY"] = str(_start_valkey(folder))
    _settle_on_var(folder / "var", number=0)


def _prepare_worker() -> None:
    """Give each xdist worker a folder and Valkey databases of its own."""
    number = int(_WORKER.removeprefix("gw")) + 1
    _settle_on_var(Path(os.environ["PINAPP_TEST_FOLDER"], _WORKER), number=number)


def _settle_on_var(folder: Path, *, number: int) -> None:
    folder.mkdir()
    # WhiteNoise warns when there is nowhere to look for static files.
    (folder / "static").mkdir()
    # Assets are built once, by `dev.py setup`, into the checkout's own var/.
    (folder / "build").symlink_to(ROOT / "var" / "build")
    os.environ["PINAPP_VAR"] = str(folder)
    if socket_path := os.environ.get("PINAPP_TEST_VALKEY"):
        os.environ["CELERY_BROKER_URL"] = valkey.broker_url(Path(socket_path), 2 * number)
        os.environ["CACHE_URL"] = valkey.cache_url(Path(socket_path), 2 * number + 1)


def _made_up_secrets() -> Mapping[str, str]:
    """Set what a developer's own `.env` must never decide for a test run."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TOKEN_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DEMO_PASSWORD": secrets.token_urlsafe(12),
        "DEBUG": "false",
        "STATIC_MANIFEST": "false",
        "EMAIL_URL": "memorymail://",
        # Its own tests ask for it; everywhere else somebody of the staff is simply signed in.
        "ADMIN_SECOND_STEP": "false",
        "PUBLIC_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "CSRF_TRUSTED_ORIGINS": "http://testserver",
        # A closed port of this machine: a test that forgets its sandbox fails, it never leaves.
        "PINTEREST_APP_ID": "1234567",
        "PINTEREST_APP_SECRET": "made-up-app-secret",
        "PINTEREST_API_URL": "http://127.0.0.1:9/v5",
        "PINTEREST_OAUTH_URL": "http://127.0.0.1:9/oauth/",
    }


def _database_of_this_run() -> str:
    if url := os.environ.get("DATABASE_URL"):
        return url
    server = Postgres()
    _running.callback(server.stop)
    return server.url()


def _start_valkey(folder: Path) -> Path:
    binary = valkey.find_binary()
    if binary is None:
        raise NotAvailable("neither Valkey nor Redis was found. Install one of them")
    socket_path = folder / "valkey.sock"
    process = spawn(
        valkey.command(binary, socket_path=socket_path, folder=folder, databases=64),
        log=folder / "valkey.log",
        environment=os.environ,
        directory=folder,
        death_signal=signal.SIGKILL,
    )
    _running.callback(_stop, process)
    if not valkey.wait_until_ready(socket_path, seconds=20):
        raise NotAvailable(f"{binary} did not start")
    return socket_path


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
