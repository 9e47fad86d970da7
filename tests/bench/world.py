"""The servers of a benchmark, on this machine only: PostgreSQL, Valkey, sandbox, workers."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from pinapp.supervisor import readiness, valkey
from pinapp.supervisor.plan import make_plan
from pinapp.supervisor.service import Running, Service
from tests.application import free_ports
from tests.postgres import NotAvailable, Postgres

ROOT = Path(__file__).resolve().parent.parent.parent
APP_ID, APP_SECRET = "1234567", "made-up-app-secret"
DURABILITY = "PostgreSQL with fsync, full_page_writes and synchronous_commit on, 256 MB of buffers"
_DATABASE = {"shared_buffers": "256MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min"}
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class World:
    """Where everything is. `environment` is what our processes run with."""

    postgres: Postgres
    folder: Path
    sandbox_url: str
    environment: Mapping[str, str]

    def database_url(self, name: str) -> str:
        return self.postgres.url(name)

    def copy_database(self, source: str, target: str) -> None:
        """Copy a database that nobody is connected to."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {target} TEMPLATE {source}")

    @contextmanager
    def processes(self, database: str, *, sends: int, workers: int = 1) -> Iterator[None]:
        """Workers with so many sends at once in all, and a scheduler, as `make run` starts them."""
        environment = {
            **self.environment,
            "DATABASE_URL": self.database_url(database),
            "SENDS_AT_ONCE": str(sends // workers),
            "LOG_LEVEL": "WARNING",
        }
        plan = make_plan(root=ROOT, var=self.folder, environment=environment)
        by_name = {each.name: each for each in plan.processes}
        worker = by_name["worker"]
        with ExitStack() as stack:
            for name in (f"worker-{number}" for number in range(workers)):
                named = replace(worker, name=name, command=(*worker.command, "-n", f"{name}@%h"))
                start(named, self.folder, environment, stack)
            start(by_name["scheduler"], self.folder, environment, stack)
            yield

    def _address(self, database: str) -> str:
        return f"host={self.postgres.folder} user=postgres dbname={database}"


@contextmanager
def build_world() -> Iterator[World]:
    """Start the servers, and stop them again. Raises NotAvailable."""
    with ExitStack() as stack:
        # In the system's folder: a socket's path must be short.
        folder = Path(tempfile.mkdtemp(prefix="pinapp-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        for name in ("static", "build"):
            (folder / name).mkdir()
        postgres = Postgres(durable=True, more=_DATABASE)
        stack.callback(postgres.stop)
        postgres.create("pinapp")
        (port,) = free_ports(1)
        sandbox_url = f"http://127.0.0.1:{port}"
        environment = _environment(folder, sandbox_url, postgres.url())
        for service in (_valkey(folder), _sandbox(port)):
            start(service, folder, environment, stack)
        yield World(postgres, folder, sandbox_url, environment)


def start(
    service: Service, folder: Path, environment: Mapping[str, str], stack: ExitStack
) -> Running:
    """Start a process and wait until it is ready; it ends with `stack`."""
    running = Running(
        service, log=folder / f"{service.name}.log", environment=dict(environment), root=ROOT
    )
    running.start()
    stack.callback(_end, running)
    give_up_at = time.monotonic() + _PATIENCE_S
    while not running.has_become_ready() and not running.ready:
        if not running.is_alive() or time.monotonic() > give_up_at:
            raise NotAvailable(f"{service.name} did not start: {running.said()[-2000:]}")
        time.sleep(0.05)
    return running


def _end(running: Running) -> None:
    running.kill()
    running.process = None


def _valkey(folder: Path) -> Service:
    binary = valkey.find_binary()
    if binary is None:
        raise NotAvailable("neither Valkey nor Redis was found. Install one of them")
    socket_path = folder / "valkey.sock"
    return Service(
        name="valkey",
        command=tuple(valkey.command(binary, socket_path=socket_path, folder=folder)),
        is_ready=lambda _log: valkey.answers(socket_path),
        grace_seconds=1.0,
    )


def _sandbox(port: int) -> Service:
    command: Sequence[str] = (
        *(sys.executable, "-m", "sandbox", "--no-demo", "--port", str(port)),
        *("--seed", "1", "--app-id", APP_ID),
    )
    return Service(
        name="sandbox",
        command=tuple(command),
        is_ready=lambda _log: readiness.answers_http(f"http://127.0.0.1:{port}/"),
        grace_seconds=1.0,
    )


def _environment(folder: Path, sandbox_url: str, database_url: str) -> dict[str, str]:
    socket_path = folder / "valkey.sock"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pinapp.settings",
        "PINAPP_VAR": str(folder),
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": valkey.broker_url(socket_path),
        "CACHE_URL": valkey.cache_url(socket_path),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TOKEN_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "PUBLIC_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver",
        "DEBUG": "false",
        "DEMO": "false",
        "EMAIL_URL": "dummymail://",
        "STATIC_MANIFEST": "false",
        "TRUSTED_PROXIES": "0",
        "LOG_LEVEL": "WARNING",
        "PUBLISHING_PACE": "1",
        "PINTEREST_APP_ID": APP_ID,
        "PINTEREST_APP_SECRET": APP_SECRET,
        "PINTEREST_API_URL": f"{sandbox_url}/v5",
        "PINTEREST_OAUTH_URL": f"{sandbox_url}/oauth/",
    }
