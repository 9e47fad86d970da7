"""`python -m sandbox`: the sandbox as a process of its own."""

import argparse
import contextlib
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from sandbox.crawler import Crawler
from sandbox.dns import NameServer, records_of_crawler
from sandbox.persistence import Keeper
from sandbox.pictures import PictureStore
from sandbox.sandbox import DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox
from sandbox.seed_demo import seed_demo
from sandbox.server import SandboxServer
from sandbox.settings import Settings

# Linux has all of 127.0.0.0/8: whoever is fetched from can tell the two apart.
CRAWLER_ADDRESS = "127.0.0.54"
PROXY_ADDRESS = "127.0.0.53"


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit code."""
    options = read_options(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    keeper = Keeper(options.state) if options.state else None
    sandbox = build_sandbox(options, keeper)
    try:
        server = SandboxServer(sandbox, (options.host, options.port))
    except OSError as error:
        say(f"The sandbox cannot listen on {options.host}:{options.port}: {error.strerror}.")
        return 1
    try:
        names = open_names(options)
    except OSError as error:
        server.server_close()
        say(f"The sandbox cannot answer DNS on port {options.dns_port}: {error.strerror}.")
        return 1
    with server, names:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        say(f"Local Pinterest sandbox: {server.base_url}/ (nothing here reaches Pinterest)")
        run_until(stop, sandbox, keeper)
        server.shutdown()
    return 0


def open_names(options: argparse.Namespace) -> contextlib.AbstractContextManager[None]:
    """The DNS server, if one is asked for; listens at once. Raises OSError for a taken port."""
    if options.dns_port is None:
        return contextlib.nullcontext()
    names = NameServer(records_of_crawler(CRAWLER_ADDRESS), ("127.0.0.1", options.dns_port))
    return _serving(names)


@contextlib.contextmanager
def _serving(names: NameServer) -> Iterator[None]:
    with names:
        threading.Thread(target=names.serve_forever, args=(0.05,), daemon=True).start()
        say(f"Names of the crawler: DNS at {names.place}")
        yield
        names.shutdown()


def run_until(stop: threading.Event, sandbox: Sandbox, keeper: Keeper | None) -> None:
    """Wait for the end, saving once a second where there is something to save."""
    if keeper is None:
        stop.wait()
        return
    while not stop.wait(keeper.pause_seconds):
        save(sandbox, keeper)
    save(sandbox, keeper)


def save(sandbox: Sandbox, keeper: Keeper) -> None:
    """Save, or say why not: a full disk must not end a demo."""
    try:
        keeper.save_if_changed(sandbox)
    except OSError as error:
        say(f"The sandbox could not save its state to {keeper.file}: {error.strerror}.")


def build_sandbox(options: argparse.Namespace, keeper: Keeper | None) -> Sandbox:
    """The sandbox of the options: restored where there is a state, else with demo content."""
    sandbox = Sandbox(
        seed=secrets.randbits(64) if options.seed is None else options.seed,
        pictures=PictureStore(options.state / "pictures" if options.state else None),
        crawler=Crawler(
            allow_hosts=options.allow_host,
            address=usable(CRAWLER_ADDRESS),
            proxy_address=usable(PROXY_ADDRESS),
        ),
        settings=Settings(public_url=options.public_url.rstrip("/")),
    )
    report = keeper.restore(sandbox) if keeper else None
    if report:
        say(report)
    known = sandbox.records.apps.get(options.app_id)
    sandbox.add_app(
        app_id=options.app_id,
        secret=os.environ.get(options.app_secret_env) or DEFAULT_APP_SECRET,
        name=options.app_name,
        redirect_uris=options.redirect_uri,
        tier=known.tier if known else "standard",
        features=known.features if known else (),
    )
    if not sandbox.records.accounts and not options.no_demo:
        seed_demo(sandbox)
    return sandbox


def usable(address: str) -> str | None:
    """The address, if this machine can fetch from it; else None, and a note."""
    with socket.socket() as door:
        try:
            door.bind((address, 0))
        except OSError as error:
            say(f"Fetching from 127.0.0.1, as {address} cannot be used here: {error.strerror}.")
            return None
    return address


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument(
        "--dns-port", type=int, help="a UDP port to answer the names of the crawler on"
    )
    parser.add_argument("--state", type=Path, help="a folder in which the sandbox remembers")
    parser.add_argument("--app-id", default=DEFAULT_APP_ID)
    parser.add_argument(
        "--app-secret-env",
        default="PINTEREST_APP_SECRET",
        help="the environment variable that holds the app's secret",
    )
    parser.add_argument("--app-name", default="PinApp")
    parser.add_argument("--redirect-uri", action="append", default=[])
    parser.add_argument("--public-url", default="", help="the origin in picture addresses")
    parser.add_argument(
        "--allow-host", action="append", default=[], help="a host the crawler may visit"
    )
    parser.add_argument("--seed", type=int, help="for the same ids and tokens on each start")
    parser.add_argument("--no-demo", action="store_true", help="start without demo content")
    return parser.parse_args(arguments)


def say(text: str) -> None:
    """One line for whoever started the process."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
