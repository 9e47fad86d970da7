"""A throw-away PostgreSQL for a test run: no apt, no new users, nothing left behind."""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping

from pinapp.supervisor.postgres import CannotRun, Server
from pinapp.supervisor.spawn import spawn

# What most tests write need not survive a power cut.
_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SETTINGS = {
    "shared_buffers": "64MB",
    # A failing test prints its own errors; expected constraint violations are not news.
    "log_min_messages": "fatal",
}


class NotAvailable(Exception):
    """This machine has no PostgreSQL that the tests could run; the text says why."""


class Postgres:
    """A running server of the kind that `make run` starts, all of it in a short-lived folder.

    `durable`: what it has committed survives even its own sudden death, as in production.
    `more`: further settings of PostgreSQL's.
    """

    def __init__(self, *, durable: bool = False, more: Mapping[str, str] | None = None) -> None:
        settings = {**_SETTINGS, **({} if durable else _FORGETFUL), **(more or {})}
        try:
            self._server = Server(settings=settings)
        except CannotRun as reason:
            raise NotAvailable(str(reason).rstrip(".")) from None
        self.folder = self._server.sockets
        try:
            self._server.prepare()
            self._process = self._start()
        except BaseException as reason:
            shutil.rmtree(self.folder, ignore_errors=True)
            if isinstance(reason, CannotRun):
                raise NotAvailable(str(reason).rstrip(".")) from None
            raise

    def url(self, database: str = "pinapp") -> str:
        return self._server.url(database, role="postgres")

    def stop(self) -> None:
        # SIGQUIT: stop at once. The data are deleted in the next line.
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, database: str) -> None:
        """Create an empty database."""
        self._server.create(database)

    def restart(self, how: signal.Signals) -> None:
        """Stop it by a signal (SIGINT: fast; SIGQUIT: as in a crash) and start it again."""
        self._process.send_signal(how)
        self._process.wait(60)
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        log = self.folder / "postgres.log"
        process = spawn(
            self._server.command(),
            log=log,
            environment=self._server.environment(),
            directory=self._server.data,
            account=self._server.account,
            # The postmaster takes its own children with it on SIGQUIT.
            death_signal=signal.SIGQUIT,
        )
        give_up_at = time.monotonic() + 30
        while not self._server.answers():
            if process.poll() is not None or time.monotonic() > give_up_at:
                process.kill()
                said = log.read_text(errors="replace")
                raise NotAvailable(f"PostgreSQL did not start: {said[-2000:].strip()}")
            time.sleep(0.05)
        return process
