"""The system's side of a connection is bounded, whoever reads nothing."""

from __future__ import annotations

import socket
import sys

import pytest

from interactions.services.spool import start_draining
from pinapp.asgi import application
from pinapp.edge.sockets import bound_connections
from tests.pinapp.edge.asking import ask, live, make_edge, run

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
    assert application.at_first is bound_connections


def test_what_carries_over_begins_with_the_server_and_not_with_an_import(tmp_path) -> None:
    begun: list[bool] = []
    edge = make_edge(lambda *_: [], tmp_path, at_start=lambda: begun.append(True))
    assert begun == []
    said = run(live(edge))
    assert (begun, said) == ([True], ["lifespan.startup.complete", "lifespan.shutdown.complete"])
    assert application.at_start is start_draining
