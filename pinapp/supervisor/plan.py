"""Decides what to run, from the environment alone: whatever is set there is not started here."""

import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pinapp.supervisor import postgres, readiness, valkey
from pinapp.supervisor.service import Service

DEMO_EMAIL = "demo@pinapp.example"
SANDBOX_APP_ID = "1234567"
_CALLBACK = "/connections/pinterest/callback/"
# Finishing the Pin that is being sent beats leaving it uncertain.
_WORKER_GRACE_SECONDS = 10.0


class CannotStart(Exception):
    """PinApp cannot be started as asked; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port that must be free, and the setting that moves it."""

    setting: str
    host: str
    number: int
    is_udp: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What `manage.py up` starts.

    `backends` come up before `preparation`, a command that brings the database and the demo in
    step, and `processes` after it. `environment` is the children's, every default filled in.
    """

    root: Path
    var: Path
    environment: Mapping[str, str]
    backends: tuple[Service, ...]
    preparation: tuple[str, ...]
    processes: tuple[Service, ...]
    ports: tuple[Port, ...]
    sandbox_url: str | None
    shop_url: str | None
    valkey_socket: Path | None
    postgres: postgres.Server | None
    with_demo: bool

    @property
    def public_url(self) -> str:
        return self.environment["PUBLIC_URL"]


def make_plan(*, root: Path, var: Path, environment: Mapping[str, str]) -> Plan:
    """Fill in the defaults of `environment` and list the services that they call for.

    Raises CannotStart when a number is none, or when no broker or no database is configured or
    can be run.
    """
    host = environment.get("HOST") or "127.0.0.1"
    port = _port(environment, "PORT", 8000)
    sandbox_port = _port(environment, "SANDBOX_PORT", 8100)
    shop_port = _port(environment, "SHOP_PORT", _beside(sandbox_port, 100))
    filled = dict(environment)
    _fill_in(filled, "PUBLIC_URL", f"http://127.0.0.1:{port}")
    # Without a mail server, sent mail is kept in a folder and shown in the demo.
    _fill_in(filled, "DEMO", "false" if filled.get("EMAIL_URL") else "true")
    socket_path = _embedded_socket(filled, var)
    broker = [_valkey(socket_path)] if socket_path else []
    server = _embedded_postgres(filled, var)
    database = [_postgres(server, var)] if server else []
    ports = [Port("PORT", host, port)]
    sandbox, shop = [], []
    if not filled.get("PINTEREST_APP_ID"):
        sandbox = [_sandbox(filled, var, sandbox_port, ports)]
        shop = [_shop(filled, shop_port, ports)]
    with_demo = bool(sandbox) or filled["DEMO"] == "true"
    return Plan(
        root=root,
        var=var,
        environment=filled,
        backends=(*database, *broker, *sandbox),
        preparation=(sys.executable, "manage.py", "prepare", *(["--demo"] if with_demo else [])),
        processes=(
            *(_worker(_threads(filled)), _beat(var), _web(host, port, filled["PUBLIC_URL"])),
            *shop,
        ),
        ports=tuple(ports),
        sandbox_url=f"http://127.0.0.1:{sandbox_port}" if sandbox else None,
        shop_url=filled["SHOP_URL"] if shop else None,
        valkey_socket=socket_path,
        postgres=server,
        with_demo=with_demo,
    )


def _beside(port: int, step: int) -> int:
    """Another port, so far from `port` that both move together."""
    return port + step if port + step < 65536 else port - step


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CannotStart(f"{name} is {text!r}. It must be a number from 1 to 65535.")
    return int(text)


def _fill_in(environment: dict[str, str], name: str, value: str) -> None:
    if not environment.get(name):
        environment[name] = value


def _embedded_socket(environment: dict[str, str], var: Path) -> Path | None:
    """Point broker and cache at an embedded Valkey, unless both are configured."""
    if environment.get("CELERY_BROKER_URL") and environment.get("CACHE_URL"):
        return None
    socket_path = _socket_path(var)
    _fill_in(environment, "CELERY_BROKER_URL", valkey.broker_url(socket_path))
    _fill_in(environment, "CACHE_URL", valkey.cache_url(socket_path))
    return socket_path


def _embedded_postgres(environment: dict[str, str], var: Path) -> postgres.Server | None:
    """Point at an embedded PostgreSQL, unless a database is configured."""
    if environment.get("DATABASE_URL"):
        return None
    try:
        server = postgres.Server(data=var / "postgres")
    except postgres.CannotRun as reason:
        raise CannotStart(str(reason)) from None
    environment["DATABASE_URL"] = server.url()
    return server


def _postgres(server: postgres.Server, var: Path) -> Service:
    return Service(
        name="postgres",
        command=tuple(server.command()),
        is_ready=lambda _log: server.has_database(),
        grace_seconds=20.0,
        environment={**server.environment(), "PINAPP_VAR": str(var)},
        directory=server.data,
        account=server.account,
        # At once, by itself and all of its children; what was committed is there at the next start.
        death_signal=signal.SIGQUIT,
        # SIGTERM would wait for every connection to end.
        stop_signal=signal.SIGINT,
    )


def _valkey(socket_path: Path) -> Service:
    binary = valkey.find_binary()
    if binary is None:
        raise CannotStart(
            "There is no Valkey or Redis for this kind of machine. Install valkey-server or "
            "redis-server, or set CELERY_BROKER_URL and CACHE_URL to one that runs elsewhere."
        )
    return Service(
        name="valkey",
        command=tuple(valkey.command(binary, socket_path=socket_path, folder=socket_path.parent)),
        is_ready=lambda _log: valkey.answers(socket_path),
        grace_seconds=3.0,
    )


def _socket_path(var: Path) -> Path:
    """Stay under var/ unless that makes the path longer than the kernel takes."""
    inside = var / "valkey.sock"
    if len(os.fsencode(inside)) <= valkey.LONGEST_SOCKET_PATH:
        return inside
    # mkdtemp makes it for this account only; the supervisor removes it when it stops.
    return Path(tempfile.mkdtemp(prefix="pinapp-")) / "valkey.sock"


def _sandbox(environment: dict[str, str], var: Path, port: int, ports: list[Port]) -> Service:
    address = f"http://127.0.0.1:{port}"
    environment["PINTEREST_APP_ID"] = SANDBOX_APP_ID
    environment["PINTEREST_APP_SECRET"] = environment.get("SANDBOX_APP_SECRET") or "sandbox-secret"
    environment["PINTEREST_API_URL"] = f"{address}/v5"
    environment["PINTEREST_OAUTH_URL"] = f"{address}/oauth/"
    names_port = _beside(port, 1)
    # The sandbox's crawler has a name only at the sandbox's own DNS server, and a private address.
    _fill_in(environment, "DNS_RESOLVER", f"127.0.0.1:{names_port}")
    _fill_in(environment, "CRAWLER_ALLOWED_NETWORKS", "127.0.0.0/8")
    ports.append(Port("SANDBOX_PORT", "127.0.0.1", port))
    ports.append(Port("SANDBOX_PORT", "127.0.0.1", names_port, is_udp=True))
    redirects = [
        word
        for address_of_app in _spellings(environment["PUBLIC_URL"])
        for word in ("--redirect-uri", address_of_app + _CALLBACK)
    ]
    command = (
        *(sys.executable, "-m", "sandbox", "--port", str(port)),
        *("--dns-port", str(names_port)),
        *("--state", str(var / "sandbox"), "--app-id", SANDBOX_APP_ID),
        *("--app-secret-env", "PINTEREST_APP_SECRET", *redirects),
    )
    return Service(
        name="sandbox",
        command=command,
        is_ready=lambda _log: readiness.answers_http(f"{address}/"),
        grace_seconds=5.0,
    )


def _shop(environment: dict[str, str], port: int, ports: list[Port]) -> Service:
    """A publisher's site to try the Pin-it button on: another origin, so another port."""
    address = f"http://127.0.0.1:{port}"
    environment["SHOP_PORT"] = str(port)
    environment["SHOP_URL"] = address
    ports.append(Port("SHOP_PORT", "127.0.0.1", port))
    return Service(
        name="shop",
        command=(sys.executable, "-m", "pinapp.demo.shop"),
        is_ready=lambda _log: readiness.answers_http(f"{address}/"),
        grace_seconds=3.0,
    )


def _spellings(public_url: str) -> list[str]:
    """This machine has two names, and a browser may use either; Pinterest compares exactly."""
    url = public_url.rstrip("/")
    parts = urlsplit(url)
    other = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}.get(parts.hostname or "")
    if other is None:
        return [url]
    return [url, url.replace(parts.hostname or "", other, 1)]


def _threads(environment: Mapping[str, str]) -> int:
    """Threads of the worker: while some send, others prepare a Pin or write one down.

    One that hands out Pins and those that read figures or sites' pages come on top: they take none
    of publishing's.
    """
    sends = _count(environment, "SENDS_AT_ONCE", "8")
    others = _count(environment, "FIGURES_AT_ONCE", "4") + _count(environment, "LISTS_AT_ONCE", "2")
    return sends + sends // 2 + 1 + others


def _count(environment: Mapping[str, str], name: str, default: str) -> int:
    text = environment.get(name) or default
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 64):
        raise CannotStart(f"{name} is {text!r}. It must be a number from 1 to 64.")
    return int(text)


def _worker(threads: int) -> Service:
    return Service(
        name="worker",
        command=(
            *(sys.executable, "-m", "celery", "-A", "pinapp", "worker", "-P", "threads"),
            *("-c", str(threads), "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        ),
        is_ready=readiness.worker_is_ready,
        grace_seconds=_WORKER_GRACE_SECONDS,
    )


def _beat(var: Path) -> Service:
    return Service(
        name="scheduler",
        command=(
            *(sys.executable, "-m", "celery", "-A", "pinapp", "beat", "--loglevel", "WARNING"),
            *("--schedule", str(var / "beat.schedule"), "--pidfile="),
        ),
        is_ready=lambda _log: True,
        grace_seconds=5.0,
    )


def _web(host: str, port: int, public_url: str) -> Service:
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - HOST may say so
    return Service(
        name="web",
        command=(
            # No lifespan, no WebSockets, no HTTP/2: what nobody needs is nobody's way in.
            *(sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--http", "1"),
            *("--host", host, "--port", str(port), "--workers", str(_web_workers())),
            # Also how long a connection may stay idle between two requests.
            *("--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536"),
            # Connections at once, of each process.
            *("--backlog", "4096", "--backpressure", "4096"),
            *("--workers-kill-timeout", "5", "--respawn-failed-workers"),
            "pinapp.asgi:application",
        ),
        is_ready=lambda _log: readiness.answers_http(
            f"http://{here}:{port}/healthz", host=urlsplit(public_url).netloc
        ),
        grace_seconds=7.0,
        death_signal=signal.SIGTERM,
    )


def _web_workers() -> int:
    """Leave half of the processors to the worker and the database."""
    return 2 if (os.cpu_count() or 1) >= 4 else 1
