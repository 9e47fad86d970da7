"""One command sets everything up, and says in words what is missing."""

import fcntl
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from requirements import install
from tests import __main__ as suites
from tests.application import ROOT


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that set-up takes for the checkout, with a registry that is out of reach."""
    root = tmp_path / "a checkout"
    (root / "requirements").mkdir(parents=True)
    for name in ("run.txt", "dev.txt", "node.txt"):
        (root / "requirements" / name).write_text((ROOT / "requirements" / name).read_text())
    monkeypatch.setattr(install, "ROOT", root)
    monkeypatch.setattr(install, "VENV", root / ".venv")
    monkeypatch.setattr(install, "PYTHON", root / ".venv" / "bin" / "python")
    monkeypatch.setattr(install, "REQUIREMENTS", root / "requirements")
    monkeypatch.setenv("PINAPP_VAR", str(root / "var"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    return root


## Locks


@pytest.mark.parametrize(
    "name", ["requirements/run.txt", "requirements/dev.txt", "requirements/node.txt"]
)
def test_every_locked_python_package_has_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    packages = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE | re.IGNORECASE)
    unhashed = re.findall(r"^\S+==[^\\\n]*$", text, re.MULTILINE)
    assert len(packages) > 0
    assert unhashed == []
    assert re.findall(r"(?:https?|file)://|--(?:extra-)?index-url|--find-links", text) == []


def test_the_node_lock_has_integrity_and_no_address_of_a_registry():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert len(installed) > 5
    assert [name for name, package in installed.items() if "integrity" not in package] == []
    assert [name for name, package in installed.items() if "resolved" in package] == []


def test_development_stands_on_the_versions_that_run():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.M))

    assert pins("run.txt") - pins("dev.txt") == set()


## Set-up


def test_an_unreachable_registry_is_explained_and_leaves_no_stamp(checkout, capfd):
    with pytest.raises(install.Stop, match="If the registry cannot be reached, check the network"):
        install.install_python_packages("run")
    assert not (checkout / ".venv" / install.STAMP).exists()
    assert "Installing the Python packages." in capfd.readouterr().out


def test_a_missing_pip_is_explained(checkout, monkeypatch):
    real = install.output_of
    monkeypatch.setattr(
        install, "output_of", lambda command: "" if "pip" in command else real(command)
    )
    with pytest.raises(install.Stop, match="pip is missing"):
        install.install_python_packages("run")


def test_a_step_whose_inputs_did_not_change_is_skipped(checkout, monkeypatch):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").touch()
    files = [checkout / "requirements" / "run.txt"]
    if not install.node_of_machine():
        files.append(checkout / "requirements" / "node.txt")
    digest = install.digest_of(files, "run", sys.version, str(checkout))
    install.stamp(checkout / ".venv", "run", digest)
    monkeypatch.setattr(install, "call", lambda *_, **__: pytest.fail("nothing had changed"))

    install.install_python_packages("run")


def test_what_tests_installed_is_not_taken_away_by_run(checkout):
    (checkout / ".venv").mkdir()
    assert install.at_least("run", checkout / ".venv") == "run"
    install.stamp(checkout / ".venv", "dev", "anything")
    assert install.at_least("run", checkout / ".venv") == "dev"


def test_the_settings_of_pip_reach_uv_and_those_of_uv_win(checkout, monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:9/a/ http://127.0.0.1:9/b/")
    monkeypatch.setenv("PIP_FIND_LINKS", f"{tmp_path}/wheels")
    monkeypatch.setenv("UV_HTTP_TIMEOUT", "7")
    monkeypatch.setenv("PIP_TIMEOUT", "99")
    environment = install.environment_for_uv()
    assert environment["UV_DEFAULT_INDEX"] == "http://127.0.0.1:9/simple/"
    assert environment["UV_INDEX"] == "http://127.0.0.1:9/a/ http://127.0.0.1:9/b/"
    assert environment["UV_FIND_LINKS"] == f"{tmp_path}/wheels"
    assert environment["UV_HTTP_TIMEOUT"] == "7"


## Running


def test_local_secrets_are_made_up_once_and_for_their_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("PINAPP_VAR", str(tmp_path))
    dev.write_local_secrets()
    path = tmp_path / "local.env"
    first = path.read_text()
    dev.write_local_secrets()
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.findall(r"^([A-Z_]+)=\S{12,}$", first, re.M) == [
        *("SECRET_KEY", "TOKEN_KEYS", "DEMO_PASSWORD", "SANDBOX_APP_SECRET")
    ]


def test_an_unknown_command_shows_the_known_ones():
    done = subprocess.run(
        [sys.executable, "dev.py", "fly"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    for command in dev.COMMANDS:
        assert f"python3 dev.py {command}" in done.stdout


def test_make_offers_every_command():
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert targets is not None
    assert set(targets[1].split()) == set(dev.COMMANDS)


def test_clean_is_refused_while_something_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    (tmp_path / "var").mkdir()
    with (tmp_path / "var" / "supervisor.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(install.Stop, match="PinApp is running here"):
            dev.clean([])
    dev.clean([])
    assert not (tmp_path / "var").exists()


## The summary of the test command


def test_what_failed_is_named_again_and_the_closing_line_comes_last(capsys):
    said = ["FAILED tests/test_a.py::test_b - oh", "later words", "== 1 failed in 2s =="]
    suites.report(suites.Outcome(1, said))
    assert capsys.readouterr().out.splitlines()[-2:] == [
        *("FAILED tests/test_a.py::test_b - oh", "== 1 failed in 2s =="),
    ]


def test_what_was_skipped_is_listed_by_name(capsys):
    skipped = "SKIPPED tests/test_x.py::test_y - make: this machine has none"
    suites.report(suites.Outcome(0, [skipped, "== 8 passed =="]))
    said = capsys.readouterr().out
    assert "could not run on this machine: tests/test_x.py::test_y - make: this machine" in said
    assert said.splitlines()[-1] == "== 8 passed =="


def test_a_machine_without_a_database_is_told(capsys):
    reason = "!!! The tests cannot run here: No PostgreSQL was found. !!!"
    suites.report(suites.Outcome(77, [reason]))
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == ["could not run on this machine: PostgreSQL, Valkey, Chromium", reason]


@pytest.mark.parametrize(
    ("test", "code"), [("assert True", 0), ("assert False", 1), ("syntax error", 2)]
)
def test_the_exit_code_is_pytests(tmp_path, test, code):
    (tmp_path / "test_one.py").write_text(f"def test_one():\n    {test}\n")
    alone = ("-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "no:cacheprovider")
    assert suites.run((*alone, "-q", str(tmp_path / "test_one.py"))).code == code
