"""The system's side of a connection is bounded, whoever reads nothing."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from pinapp.edge.sockets import bound_connections
from tests.application import ROOT
from tests.pinapp.edge.asking import ask, make_edge, run

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="Linux tells which sockets are open"
)


def options(connection: socket.socket) -> tuple[int, int]:
    """Milliseconds for which nothing need be taken, and bytes that may wait."""
    return (
        connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
        connection.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
    )


def test_a_connection_that_nobody_reads_from_ends_and_holds_little() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        bound_connections()
        with socket.create_connection(listening.getsockname()) as ours:
            theirs, _ = listening.accept()
            with theirs:
                untaken, unsent = options(theirs)
                assert (untaken, unsent <= 512 * 1024) == (60_000, True)
                assert options(ours)[0] == 0


def test_it_is_done_once_with_the_first_request(tmp_path) -> None:
    done = []
    edge = make_edge(lambda *_: [], tmp_path, at_first=lambda: done.append(True))
    for _ in range(2):
        run(ask(edge, method="NONE"))
    assert done == [True]


def test_what_carries_fetches_over_begins_with_a_server_and_not_with_an_import() -> None:
    import_it = (
        "import pinapp.asgi, threading; print({each.name for each in threading.enumerate()})"
    )
    names = subprocess.run(
        [sys.executable, "-c", import_it], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    assert "MainThread" in names
    assert "spool" not in names
