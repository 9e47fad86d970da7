"""Heartbeats of the real processes, and `/readyz` of a process whose database is away."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import requests

from health.patience import PATIENCE
from health.policy import SILENT_AFTER
from tests.application import ROOT, Application, private_environment, start_application
from tests.pinterest.loopback import free_port

_ASK = """
import json, time
import django
django.setup()
from django.test import Client
began = time.monotonic()
answer = Client(headers={"host": "127.0.0.1"}).get("/readyz")
took = time.monotonic() - began
print(json.dumps([answer.status_code, answer.json(), took]), flush=True)
import os
os._exit(0)  # a question that hangs does not end
"""


def readyz_with_database(port: int, var: Path) -> tuple[int, dict, float]:
    """What a fresh process answers whose database is at a port of this machine."""
    environment = private_environment(var, DATABASE_URL=f"postgres://x:hunter2@127.0.0.1:{port}/x")
    own = {key: os.environ[key] for key in ("CELERY_BROKER_URL", "CACHE_URL")}
    asked = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=ROOT,
        env={**environment, **own, "DJANGO_SETTINGS_MODULE": "pinapp.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "hunter2" not in asked.stdout
    return tuple(json.loads(asked.stdout.splitlines()[-1]))


def told(answer: dict) -> list[tuple[str, bool]]:
    return [(check["code"], check["ok"]) for check in answer["checks"]]


AWAY = [("database", False), ("broker", True), ("cache", True)]


def test_a_database_that_is_away_is_told(tmp_path):
    status, answer, took = readyz_with_database(free_port(), tmp_path)
    assert (status, told(answer)) == (503, AWAY)
    assert took < PATIENCE + 2


def test_a_database_that_hangs_is_told_in_time(tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        status, answer, took = readyz_with_database(listener.getsockname()[1], tmp_path)
    assert (status, told(answer)) == (503, AWAY)
    assert took < PATIENCE + 2


# Real processes


def processes(application: Application, word: str) -> list[int]:
    """Processes of the application whose command line has a word."""
    found = []
    for each in Path("/proc").iterdir():
        if not each.name.isdigit():
            continue
        try:
            command = (each / "cmdline").read_bytes().decode(errors="replace").split("\0")
            status = (each / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if word in command and int(status[1]) == application.process.pid:
            found.append(int(each.name))
    return found


def wait_for(application: Application, codes: list[str], *, seconds: float) -> None:
    """Wait until exactly these checks fail."""
    give_up_at = time.monotonic() + seconds
    failed: list[str] = ["never asked"]
    while failed != codes:
        if time.monotonic() > give_up_at:
            raise AssertionError(f"after {seconds} s what fails is {failed}, not {codes}")
        time.sleep(0.5)
        answer = requests.get(f"{application.url}/readyz", timeout=10)
        failed = [check["code"] for check in answer.json()["checks"] if not check["ok"]]
        assert answer.status_code == (503 if failed else 200)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes by /proc")
def test_processes_that_stand_are_told_and_so_is_their_going_on(tmp_path):
    with start_application(tmp_path / "var", name="pinapp_heartbeats") as application:
        wait_for(application, [], seconds=60)
        (worker,), (scheduler,) = (processes(application, word) for word in ("worker", "beat"))
        for each in (worker, scheduler):
            os.kill(each, signal.SIGSTOP)
        for broker in processes(application, "--unixsocket"):
            os.kill(broker, signal.SIGKILL)  # the supervisor starts another
        wait_for(application, ["worker", "scheduler"], seconds=SILENT_AFTER.total_seconds() + 30)
        for each in (worker, scheduler):
            os.kill(each, signal.SIGCONT)
        # Both beat again although their broker is another one now.
        wait_for(application, [], seconds=60)
        os.kill(worker, signal.SIGKILL)
        give_up_at = time.monotonic() + 60
        while processes(application, "worker") in ([], [worker]):
            assert time.monotonic() < give_up_at, application.output()
            time.sleep(0.5)
        wait_for(application, [], seconds=60)
