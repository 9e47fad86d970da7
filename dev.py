#!/usr/bin/env python3
"""One command for each thing a developer does. Needs nothing but Python 3.11 with pip.

python3 dev.py setup            install what `run` and `test` need
python3 dev.py run              start PinApp with everything it needs; Ctrl-C stops it
python3 dev.py test [ARGS...]   run all tests, or hand ARGS to pytest
python3 dev.py bench            measure, beside baselines from the same run (BENCH=publishing)
python3 dev.py chaos            publish while everything is killed, and count at the sandbox
python3 dev.py check            lint, formatting, types, layers, migrations, deployment
python3 dev.py format           format Python, templates, styles and scripts
python3 dev.py lock [ARGS...]   renew the lock files (`--upgrade`: to newer versions)
python3 dev.py clean            remove what the others created
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"PinApp needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
        "Name a newer one: `make run PYTHON=python3.11`."
    )

# Only a Python that is new enough can read the rest.
import base64
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from requirements.install import (
    PYTHON,
    ROOT,
    VENV,
    Stop,
    call,
    environment_for_uv,
    environment_with_node,
    npm_command,
    say,
    set_up,
    set_up_tools,
    var,
)


def setup(arguments: list[str]) -> int:
    refuse(arguments)
    set_up("dev")
    say("Ready. `make run` starts PinApp, `make test` tests it.")
    return 0


def run(arguments: list[str]) -> int:
    refuse(arguments)
    set_up("run")
    write_local_secrets()
    os.chdir(ROOT)
    # The full path: a Python that is called by a bare name does not find its packages.
    os.execv(PYTHON, [str(PYTHON), "manage.py", "up"])  # noqa: S606 - no shell is wanted


def write_local_secrets() -> None:
    """Make up, once, the secrets of a machine that nobody has configured."""
    path = var() / "local.env"
    if path.exists():
        return
    token_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    lines = (
        "# Made up by `make run`; settings in the environment or in .env win.",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"TOKEN_KEYS={token_key}",
        f"DEMO_PASSWORD={secrets.token_urlsafe(9)}",
        f"SANDBOX_APP_SECRET={secrets.token_urlsafe(30)}",
    )
    fresh = path.with_suffix(".fresh")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines) + "\n")
    fresh.rename(path)


def test(arguments: list[str]) -> int:
    # Test runs keep to folders of their own; the assets they show are this checkout's.
    os.environ.pop("PINAPP_VAR", None)
    set_up("dev")
    words = arguments[1:] if arguments[:1] == ["--"] else arguments
    return finish([PYTHON, "-m", "tests", *words])


def bench(arguments: list[str]) -> int:
    refuse(arguments)
    set_up("dev")
    return finish([PYTHON, "-m", "tests.bench"])


def chaos(arguments: list[str]) -> int:
    refuse(arguments)
    set_up("dev")
    return finish([PYTHON, "-m", "tests.chaos"])


def check(arguments: list[str]) -> int:
    refuse(arguments)
    set_up("dev")
    return finish([PYTHON, "-m", "tests.checks"])


def format_code(arguments: list[str]) -> int:
    refuse(arguments)
    set_up("dev")
    biome = ROOT / "node_modules" / ".bin" / "biome"
    commands: tuple[list[str | Path], ...] = (
        [VENV / "bin" / "ruff", "format", "."],
        [VENV / "bin" / "djangofmt", "--quiet", "templates"],
        [biome, "check", "--write", "--linter-enabled=false"],
    )
    for command in commands:
        call(
            command,
            environment=environment_with_node(),
            otherwise="Not everything could be formatted; the reason stands above.",
        )
    return 0


def finish(command: Sequence[str | Path]) -> int:
    """Run to the end even when Ctrl-C is pressed: the child got it too and cleans up."""
    with subprocess.Popen([str(word) for word in command], cwd=ROOT) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def lock(arguments: list[str]) -> int:
    # Only what locking needs: the packages themselves may ask for what is not locked yet.
    set_up_tools()
    compile_lock: list[str | Path] = [
        *(VENV / "bin" / "uv", "pip", "compile", "--quiet", "--universal", "--python-version"),
        *("3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
        *("--no-annotate", "--no-header", *arguments),
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    apart = project["optional-dependencies"]
    on_top = ("--extra", "dev", "--constraint", "requirements/run.txt")
    for output, source, *options in (
        ("run.txt", "pyproject.toml", "--extra", "embedded"),
        ("dev.txt", "pyproject.toml", "--extra", "embedded", *on_top),
        ("node.txt", "-"),
        ("clients.txt", "-"),
    ):
        call(
            [*compile_lock, source, *options, "--output-file", f"requirements/{output}"],
            given="\n".join(apart[output.removesuffix(".txt")]) if source == "-" else None,
            environment=environment_for_uv(),
            otherwise=f"requirements/{output} could not be locked; the reason stands above.",
        )
    call(
        [*npm_command(), "install", "--package-lock-only", "--ignore-scripts"],
        environment=environment_with_node(),
        otherwise="package-lock.json could not be renewed; the reason stands above.",
    )
    drop_sponsors(ROOT / "package-lock.json")
    set_up("dev")
    return 0


def drop_sponsors(lock_file: Path) -> None:
    """Take the addresses of sponsor pages out: a lock file holds no address at all."""
    locked = json.loads(lock_file.read_text())
    for package in locked["packages"].values():
        package.pop("funding", None)
    lock_file.write_text(json.dumps(locked, indent=2) + "\n")


def clean(arguments: list[str]) -> int:
    refuse(arguments)
    with nothing_running():
        for name in (".venv", "node_modules", "var", ".mypy_cache", ".ruff_cache"):
            shutil.rmtree(ROOT / name, ignore_errors=True)
        for name in (".pytest_cache", ".import_linter_cache", ".hypothesis"):
            shutil.rmtree(ROOT / name, ignore_errors=True)
        for folder in list(ROOT.rglob("__pycache__")):
            shutil.rmtree(folder, ignore_errors=True)
    return 0


@contextlib.contextmanager
def nothing_running() -> Iterator[None]:
    """Refuse while `make run` is up: it holds this lock for as long as it runs."""
    lock_file = ROOT / "var" / "supervisor.lock"
    if not lock_file.exists():
        yield
        return
    with lock_file.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop("PinApp is running here. Stop it first (Ctrl-C in its window).") from None
        yield


def refuse(arguments: list[str]) -> None:
    if arguments:
        raise Stop(f"This command takes no arguments, but got: {' '.join(arguments)}")


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "setup": setup,
    "run": run,
    "test": test,
    "bench": bench,
    "chaos": chaos,
    "check": check,
    "format": format_code,
    "lock": lock,
    "clean": clean,
}


def main(arguments: list[str]) -> int:
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        say(__doc__.strip())
        return 2
    try:
        return command(arguments[1:])
    except Stop as reason:
        sys.stderr.write(f"\n{reason}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
