"""Runs `manage.py up` for a test: the real processes, a folder and ports of their own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pinapp.supervisor.spawn import tie_to_parent
from tests.servers import database_url

ROOT = Path(__file__).resolve().parent.parent
# Decided by the supervisor, not by what the unit tests run with.
_OF_THE_UNIT_TESTS = (
    *("CELERY_BROKER_URL", "CACHE_URL", "EMAIL_URL", "STATIC_MANIFEST", "DEBUG", "HOST"),
    *("PUBLIC_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEMO"),
    *("PINTEREST_APP_ID", "PINTEREST_APP_SECRET", "PINTEREST_API_URL", "PINTEREST_OAUTH_URL"),
    *("DNS_RESOLVER", "CRAWLER_ALLOWED_NETWORKS", "SHOP_URL"),
)


@dataclass(frozen=True)
class Application:
    """A running PinApp: where it answers, and who may sign in."""

    url: str
    sandbox_url: str
    shop_url: str
    email: str
    password: str
    var: Path
    environment: Mapping[str, str]
    process: "subprocess.Popen[str]"

    def output(self) -> str:
        """What `make run` would have shown so far."""
        return (self.var / "console.log").read_text()


class DidNotStart(AssertionError):
    """`manage.py up` ended or fell silent; the text is what it printed."""


def private_environment(var: Path, **more: str) -> dict[str, str]:
    """Build an environment in which `manage.py up` meets nothing of another instance."""
    ports = free_ports(3)
    return {
        **{key: value for key, value in os.environ.items() if key not in _OF_THE_UNIT_TESTS},
        "PINAPP_VAR": str(var),
        "PORT": str(ports[0]),
        "SANDBOX_PORT": str(ports[1]),
        "SHOP_PORT": str(ports[2]),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEMO_PASSWORD": secrets.token_urlsafe(12),
        "PYTHONUNBUFFERED": "1",
        **more,
    }


@contextmanager
def start_application(var: Path, *, name: str) -> Iterator[Application]:
    """Run the application until the block ends; `name` is that of its fresh database."""
    environment = private_environment(var, DATABASE_URL=database_url(name))
    with ExitStack() as stack:
        process = launch(var, environment)
        stack.callback(stop, process)
        wait_until_up(process, var)
        yield Application(
            url=f"http://127.0.0.1:{environment['PORT']}",
            sandbox_url=f"http://127.0.0.1:{environment['SANDBOX_PORT']}",
            shop_url=f"http://127.0.0.1:{environment['SHOP_PORT']}",
            email="demo@pinapp.example",
            password=environment["DEMO_PASSWORD"],
            var=var,
            environment=environment,
            process=process,
        )


def launch(var: Path, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start `manage.py up` in a session of its own; its console goes to var/console.log."""
    var.mkdir(parents=True, exist_ok=True)
    if not (var / "build").exists():
        # Assets are built once, by `dev.py setup`, into the checkout's own var/.
        (var / "build").symlink_to(ROOT / "var" / "build")
    with (var / "console.log").open("w") as console:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "up"],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=dict(environment),
            start_new_session=True,
            text=True,
            # A test run that is killed takes the application with it.
            preexec_fn=tie_to_parent(signal.SIGTERM),
        )


def wait_until_up(process: "subprocess.Popen[str]", var: Path, *, seconds: float = 90) -> str:
    """Wait for the demo login, which comes last, and return everything printed."""
    give_up_at = time.monotonic() + seconds
    while "demo@pinapp.example" not in (printed := (var / "console.log").read_text()):
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise DidNotStart(f"{printed}\n{_ends_of_logs(var)}")
        time.sleep(0.1)
    return printed


def stop(process: "subprocess.Popen[str]", *, seconds: float = 30) -> int:
    """Ask it to stop, as Ctrl-C does, and return its exit code."""
    process.send_signal(signal.SIGINT)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on right now."""
    with ExitStack() as stack:
        doors = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [door.getsockname()[1] for door in doors]


@contextmanager
def held_port() -> Iterator[int]:
    """A port that another program listens on for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def _ends_of_logs(var: Path) -> str:
    logs = sorted((var / "log").glob("*.log"))
    return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in logs)
