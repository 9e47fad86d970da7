"""Pinterest's own SDK finds in the sandbox the Pinterest it was made for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sandbox import Sandbox
from sandbox.scopes import PUBLISHING, SECRET
from sandbox.server import serve
from tests.sandbox.visitor import CALLBACK, Visitor, mounted_session

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / ".venv" / "clients"
WALK = Path(__file__).with_name("sdk_walk.py")


def test_pinterests_own_sdk_walks_the_sandbox_and_reads_every_answer(tmp_path: Path) -> None:
    sandbox = Sandbox.empty(seed=7)
    sandbox.add_app(redirect_uris=[CALLBACK])
    acme, fan = sandbox.add_account("acme", name="Acme"), sandbox.add_account("fan", name="Fan")
    acme.following_ids, fan.following_ids = [fan.id], [acme.id]
    acme.business_ids = [fan.id]
    sandbox.add_board(acme, "Spring")
    board = sandbox.add_board(fan, "Seen")
    with mounted_session(sandbox) as session:
        Visitor(session, sandbox.issue_token(fan).authorization).pin(board.id, title="A vase")
    (seen,) = sandbox.pins(board)
    sandbox.requests.clear()
    token = sandbox.issue_token(acme, PUBLISHING + SECRET)
    with serve(sandbox) as address:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(CLIENTS),
            "PINTEREST_API_URI": f"{address}/v5",
            "PINTEREST_ACCESS_TOKEN": token.access_token,
        }
        picture = f"{address}/images/originals/{seen.slides[0].picture_id}"
        walked = subprocess.run(
            [sys.executable, "-P", str(WALK), picture, seen.id],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert walked.returncode == 0, walked.stderr[-3000:]
    assert walked.stdout.split() == ["boards", "pins", "people", "figures", "others"]
    assert [entry.status for entry in sandbox.requests if entry.status >= 400] == [404, 400]
