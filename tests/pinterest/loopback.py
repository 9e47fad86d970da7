"""A server on loopback that answers, or fails to, exactly as a scenario says."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Script = Callable[[socket.socket, bytes], None]


@dataclass
class Loopback:
    """What was asked (raw requests, in order) and where the server is."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def serve(
    script: Script, *, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[Loopback]:
    """Accept connections one after the other, read one request of each and play the script."""
    listener = socket.create_server(("127.0.0.1", 0))
    loopback = Loopback(listener.getsockname()[1])

    def play(plain: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            contextlib.closing(wrap(plain) if wrap else plain) as one,
        ):
            loopback.requests.append(read_request(one))
            script(one, loopback.requests[-1])

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                one, _ = listener.accept()
                threading.Thread(target=play, args=(one,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def read_request(one: socket.socket) -> bytes:
    """Read a request with the body its Content-Length announces."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += one.recv(65536) or b"\r\n\r\n"
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while lengths and len(body) < lengths[0]:
        chunk = one.recv(65536)
        if not chunk:
            break
        body += chunk
    return head + b"\r\n\r\n" + body


def respond(status: int, body: bytes = b"", **headers: str) -> Script:
    """Answer once and close; header names take underscores for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close"]
    head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in named.items())])

    def script(one: socket.socket, _request: bytes) -> None:
        one.sendall(head.encode("latin-1") + b"\r\n\r\n" + body)

    return script


def respond_json(status: int, content: Any, **headers: str) -> Script:
    """Answer JSON."""
    return respond(status, json.dumps(content).encode(), Content_Type="application/json", **headers)


def in_turn(*scripts: Script) -> Script:
    """Play another script for each connection; the last one stays."""
    waiting = list(scripts)

    def script(one: socket.socket, request: bytes) -> None:
        chosen = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        chosen(one, request)

    return script


def drop(one: socket.socket, _request: bytes) -> None:
    """Close without a word."""


def free_port() -> int:
    """Name a port on which nothing listens."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])
