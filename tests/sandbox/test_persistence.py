"""What survives: a restart, a kill, a broken snapshot."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sandbox.persistence import Keeper
from sandbox.remote import SandboxControl
from sandbox.sandbox import Sandbox
from tests.sandbox.visitor import Visitor

ROOT = Path(__file__).parents[2]


@contextmanager
def running(folder, *options):
    """The sandbox as a process of its own; yields it, its URL and what it said before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", "0", "--state", folder, *options],
        cwd=ROOT,
        env={**os.environ, "PINTEREST_APP_SECRET": "from-the-environment"},
        stdout=subprocess.PIPE,
        text=True,
    )
    said = ""
    try:
        while not (found := re.search(r"sandbox: (http://\S+)/", said)):
            line = process.stdout.readline()
            assert line, f"the sandbox ended early: {said}"
            said += line
        yield process, found[1], said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def publish(url, title):
    """One Pin on a new board; returns its id and the visitor's token."""
    with SandboxControl(url) as control, requests.Session() as session:
        account = control.state()["accounts"][0]["id"]
        board = control.add_board(account, title)
        token = control.issue_token(account)
        pin = Visitor(session, token.authorization, url).pin(board.id, title=title).json()
        return pin["id"], token.authorization


def check(url, pin, authorization):
    """The Pin is there, the token works, the picture is served."""
    with requests.Session() as session:
        answer = Visitor(session, authorization, url).get(f"/pins/{pin}")
        assert answer.status_code == 200
        picture = session.get(answer.json()["media"]["images"]["600x"]["url"])
        assert picture.headers["content-type"] == "image/jpeg"


def test_sigterm_saves_at_once_and_leaves_cleanly(tmp_path):
    with running(tmp_path) as (process, url, _):
        pin, authorization = publish(url, "Kept")
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert time.monotonic() - started < 2
    with running(tmp_path) as (_, url, _):
        check(url, pin, authorization)


def test_sigint_stops_even_while_a_fault_holds_a_connection(tmp_path):
    with running(tmp_path) as (process, url, _):
        fault = {"route": "GET /v5/boards", "kind": "latency", "seconds": 60}
        requests.post(f"{url}/__sim/faults", json=fault, timeout=5)
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"{url}/v5/boards", timeout=0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0


def test_a_kill_loses_at_most_the_last_second(tmp_path):
    with running(tmp_path) as (process, url, _):
        pin, authorization = publish(url, "Kept")
        time.sleep(1.6)
        process.kill()
        process.wait()
    with running(tmp_path) as (_, url, said):
        check(url, pin, authorization)
        assert "set aside" not in said
        again, _ = publish(url, "Later")
        assert int(again) > int(pin)


def test_the_demo_is_seeded_once(tmp_path):
    for _ in range(2):
        with running(tmp_path) as (process, url, _), SandboxControl(url) as control:
            names = [account["username"] for account in control.state()["accounts"]]
            assert names == ["maison-clay", "fern-and-oak"]
            process.terminate()
            process.wait()


def test_the_app_comes_from_the_command_line_and_its_secret_from_the_environment(tmp_path):
    back = "http://127.0.0.1:8000/connections/pinterest/callback/"
    with running(tmp_path, "--app-id", "77", "--redirect-uri", back) as (_, url, _):
        form = {"grant_type": "refresh_token", "refresh_token": "x"}
        address = f"{url}/v5/oauth/token"
        wrong = requests.post(address, auth=("77", "sandbox-secret"), data=form, timeout=5)
        right = requests.post(address, auth=("77", "from-the-environment"), data=form, timeout=5)
        assert (wrong.json()["code"], right.json()["code"]) == (2, 283)
        asked = {"client_id": "77", "redirect_uri": back, "response_type": "code"}
        page = requests.get(f"{url}/oauth/", params=asked | {"scope": "pins:read"}, timeout=5)
        assert page.status_code == 200


def test_a_taken_port_is_reported_with_an_exit_code(tmp_path):
    with running(tmp_path / "a") as (_, url, _):
        port = url.rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-m", "sandbox", "--port", port],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=20,
        )
    assert second.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in second.stdout


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b'{"version":1}', b"[]", b'{"version":99}']
)
def test_a_broken_snapshot_is_set_aside_not_lost(tmp_path, content):
    keeper = Keeper(tmp_path)
    keeper.file.write_bytes(content)
    sandbox = Sandbox.empty()
    report = keeper.restore(sandbox)
    assert "starting afresh" in report
    [aside] = tmp_path.glob("*.aside")
    assert aside.name in report
    assert aside.read_bytes() == content
    assert sandbox.records.accounts == {}


def test_a_snapshot_of_another_version_is_set_aside(tmp_path):
    keeper = Keeper(tmp_path)
    keeper.save_if_changed(Sandbox.empty())
    snapshot = json.loads(keeper.file.read_bytes()) | {"version": 0}
    keeper.file.write_text(json.dumps(snapshot))
    assert "has version 0, not 1" in keeper.restore(Sandbox.empty())


def test_everything_comes_back_as_it_was(tmp_path, sandbox, acme, board, visitor):
    sandbox.add_section(board, "Vases")
    visitor.pin(board.id, title="é")
    sandbox.clock.advance(1234)
    keeper = Keeper(tmp_path)
    assert keeper.save_if_changed(sandbox)
    assert not keeper.save_if_changed(sandbox)
    restored = Sandbox.empty(seed=99)
    assert keeper.restore(restored) is None
    assert restored.records == sandbox.records
    assert restored.pins(board.id) == sandbox.pins()
    assert restored.clock.offset_seconds == 1234


def test_a_restart_never_hands_out_the_same_id_or_token_again(tmp_path, sandbox, acme):
    keeper = Keeper(tmp_path)
    keeper.save_if_changed(sandbox)
    lost = {sandbox.issue_token(acme).access_token, sandbox.ids.entity("pin")}
    restored = Sandbox.empty(seed=sandbox.seed)
    keeper.restore(restored)
    again = {restored.issue_token(acme.id).access_token, restored.ids.entity("pin")}
    assert not lost & again


def test_the_snapshot_holds_no_token_and_is_for_the_owner_only(tmp_path, sandbox, acme):
    token = sandbox.issue_token(acme)
    keeper = Keeper(tmp_path)
    keeper.save_if_changed(sandbox)
    content = keeper.file.read_text()
    assert token.access_token not in content
    assert token.refresh_token not in content
    assert "sandbox-secret" not in content
    assert keeper.file.stat().st_mode & 0o077 == 0


def test_a_save_that_failed_is_tried_again(tmp_path, sandbox, acme):
    keeper = Keeper(tmp_path / "state")
    keeper.file.with_suffix(".part").mkdir()
    with pytest.raises(OSError, match="directory"):
        keeper.save_if_changed(sandbox)
    keeper.file.with_suffix(".part").rmdir()
    assert keeper.save_if_changed(sandbox)
