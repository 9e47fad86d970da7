"""The servers and processes of a run: the real ones, each of which can be killed and started."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from pinapp.supervisor import readiness, valkey
from pinapp.supervisor.plan import make_plan
from pinapp.supervisor.service import Service
from tests.application import free_ports
from tests.chaos.actors import Actor, Forked, Started
from tests.chaos.options import ROOT, Options
from tests.postgres import NotAvailable, Postgres

WORKERS = ("worker-1", "worker-2")
SCHEDULERS = ("scheduler-1", "scheduler-2")
WEB = "web"
_PATIENCE_S = 90.0


class Stage:
    """Everything that runs. Its methods belong to the thread that made it: children die with it."""

    def __init__(self, options: Options, database: Postgres, sockets: Path) -> None:
        self.options = options
        self.database = database
        self.folder = options.folder / "chaos"
        self.sockets = sockets
        web_port, sandbox_port = free_ports(2)
        self.web_url = f"http://127.0.0.1:{web_port}"
        self.sandbox_url = f"http://127.0.0.1:{sandbox_port}"
        self.environment = self._environment(web_port)
        self.actors: dict[str, Actor] = {}
        self._servers: dict[str, Started] = {}
        self._start_at: dict[str, float] = {}

    # Coming and going

    def start_servers(self) -> None:
        """Start the broker and the sandbox, and wait for both."""
        self._servers = {"valkey": self._running(self._valkey())}
        self._servers["sandbox"] = self._running(self._sandbox())
        for server in self._servers.values():
            server.start()
        self._wait_for(self._servers)

    def start_actors(self) -> None:
        """Start web, workers and schedulers, and wait for them."""
        self.actors = {service.name: self._actor(service) for service in self._services()}
        for actor in self.actors.values():
            actor.start()
        self._wait_for(self.actors)

    def stop(self) -> None:
        """End all of it at once: nothing is needed any more."""
        for running in (*self.actors.values(), *self._servers.values()):
            running.kill()
        for actor in self.actors.values():
            if isinstance(actor, Forked):
                actor.close()

    def run(self, *command: str) -> str:
        """Run a command of ours to its end, with this stage's environment; returns its output."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**self._with_name("setup"), "LOG_LEVEL": "WARNING"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    # Accidents

    def kill(self, name: str, *, back_after: float) -> None:
        """Kill -9 a process with its children; `tend` starts it again after so many seconds."""
        self.actors[name].kill()
        self._start_at[name] = time.monotonic() + back_after

    def tend(self) -> None:
        """Start again what was killed and has lain long enough; note who got ready."""
        now = time.monotonic()
        for name, actor in self.actors.items():
            if not actor.is_alive() and now >= self._start_at.setdefault(name, now + 0.5):
                del self._start_at[name]
                actor.start()
            actor.has_become_ready()

    def is_ready(self, name: str) -> bool:
        return self.actors[name].is_alive() and self.actors[name].ready

    def worker_of(self, process_id: int) -> str | None:
        """The name of the worker that attempts know by this process id, if it is alive."""
        for name in WORKERS:
            worker = self.actors[name]
            if isinstance(worker, Forked) and worker.is_known_as(process_id):
                return name
        return None

    def restart_broker(self) -> None:
        """Kill the broker, which keeps nothing, and start it again."""
        self._servers["valkey"].kill()
        (self.sockets / "valkey.sock").unlink(missing_ok=True)
        self._servers["valkey"].start()

    def restart_database(self, how: signal.Signals) -> None:
        self.database.restart(how)

    # What it consists of

    def url(self, name: str) -> str:
        """The database's address for a process, which it calls itself `name` there."""
        return f"{self.database.url()}&application_name={name}"

    def _actor(self, service: Service) -> Actor:
        if service.name not in WORKERS:
            return self._running(service)
        return Forked(
            command=service.command,
            log=self.folder / "log" / f"{service.name}.log",
            environment=self._with_name(service.name),
        )

    def _running(self, service: Service) -> Started:
        return Started(
            service,
            log=self.folder / "log" / f"{service.name}.log",
            environment=self._with_name(service.name),
            root=ROOT,
        )

    def _with_name(self, name: str) -> dict[str, str]:
        return {**self.environment, "DATABASE_URL": self.url(name)}

    def _wait_for(self, runnings: Mapping[str, Actor]) -> None:
        give_up_at = time.monotonic() + _PATIENCE_S
        while waiting := [name for name, each in runnings.items() if not each.ready]:
            for name in waiting:
                if not runnings[name].is_alive() or time.monotonic() > give_up_at:
                    raise NotAvailable(f"{name} did not start: {runnings[name].said()[-2000:]}")
                runnings[name].has_become_ready()
            time.sleep(0.05)

    def _services(self) -> Iterator[Service]:
        """As `make run` runs them, but two workers and two schedulers."""
        plan = make_plan(root=ROOT, var=self.folder, environment=self.environment)
        by_name = {service.name: service for service in plan.processes}
        for name in WORKERS:
            worker = by_name["worker"]
            yield replace(worker, name=name, command=(*worker.command, "-n", f"{name}@%h"))
        for name in SCHEDULERS:
            scheduler = by_name["scheduler"]
            words = tuple(
                str(self.folder / f"{name}.schedule") if word.endswith("beat.schedule") else word
                for word in scheduler.command
            )
            yield replace(scheduler, name=name, command=words)
        yield by_name["web"]

    def _valkey(self) -> Service:
        binary = valkey.find_binary()
        if binary is None:
            raise NotAvailable("neither Valkey nor Redis was found. Install one of them")
        socket_path = self.sockets / "valkey.sock"
        return Service(
            name="valkey",
            command=tuple(valkey.command(binary, socket_path=socket_path, folder=self.sockets)),
            is_ready=lambda _log: valkey.answers(socket_path),
            grace_seconds=1.0,
        )

    def _sandbox(self) -> Service:
        port = self.sandbox_url.rpartition(":")[2]
        return Service(
            name="sandbox",
            command=(
                *(sys.executable, "-m", "sandbox", "--no-demo", "--port", port),
                *("--seed", str(self.options.seed)),
                *("--app-id", self.environment["PINTEREST_APP_ID"]),
            ),
            is_ready=lambda _log: readiness.answers_http(f"{self.sandbox_url}/"),
            grace_seconds=1.0,
        )

    def _environment(self, web_port: int) -> dict[str, str]:
        socket_path = self.sockets / "valkey.sock"
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "pinapp.settings",
            "PINAPP_VAR": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": str(web_port),
            "PUBLIC_URL": self.web_url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "CSRF_TRUSTED_ORIGINS": self.web_url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "TOKEN_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "DEBUG": "false",
            "DEMO": "false",
            "EMAIL_URL": "dummymail://",
            "STATIC_MANIFEST": "false",
            "TRUSTED_PROXIES": "0",
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            "CELERY_BROKER_URL": valkey.broker_url(socket_path),
            "CACHE_URL": valkey.cache_url(socket_path),
            "PINTEREST_APP_ID": "1234567",
            "PINTEREST_APP_SECRET": "made-up-app-secret",
            "PINTEREST_API_URL": f"{self.sandbox_url}/v5",
            "PINTEREST_OAUTH_URL": f"{self.sandbox_url}/oauth/",
            "PUBLISHING_PACE": str(self.options.pace),
            # Few, so that Pins wait for a place whenever a worker is killed.
            "SENDS_AT_ONCE": "4",
        }


@contextmanager
def set_stage(options: Options) -> Iterator[Stage]:
    """A stage with its servers up and its database empty. Raises NotAvailable."""
    folder = options.folder / "chaos"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("log", "static", "build"):
        (folder / name).mkdir(parents=True)
    with ExitStack() as stack:
        # In the system's folder: a socket's path must be short.
        sockets = Path(tempfile.mkdtemp(prefix="pinapp-chaos-"))
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        database = Postgres(durable=True)
        stack.callback(database.stop)
        database.create("pinapp")
        stage = Stage(options, database, sockets)
        stack.callback(stage.stop)
        stage.start_servers()
        yield stage
