"""The sandbox on a socket: HTTP/1.1 with keep-alive, one thread per connection."""

import contextlib
import mmap
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from sandbox.door import refuse_unread
from sandbox.storage import PATH
from sandbox.videos import VIDEO_BYTES_LIMIT
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

_MAX_BODY_BYTES = 160 * 1024 * 1024
_MEMORY_BYTES = 1024 * 1024
_MAX_UPLOAD_BYTES = VIDEO_BYTES_LIMIT + _MEMORY_BYTES
_CHUNK_BYTES = 256 * 1024
_IDLE_SECONDS = 120
_BODILESS = {204, 304}


class SandboxServer(ThreadingHTTPServer):
    """Serves one sandbox. Stopping does not wait for connections: a fault may hold one long."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, sandbox: "Sandbox", address: tuple[str, int]) -> None:
        self.sandbox = sandbox
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        super().__init__(address, _Handler)

    @property
    def base_url(self) -> str:
        """Where the server listens, for a client on this machine."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def remember(self, connection: socket.socket) -> None:
        """Note an open connection, so that stopping can end it."""
        with self._connections_lock:
            self._connections.add(connection)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a finished connection and forget it."""
        if isinstance(request, socket.socket):
            with self._connections_lock:
                self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that are still open."""
        with self._connections_lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up; report everything else."""

        if isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            return
        super().handle_error(request, client_address)  # type: ignore[arg-type]  # stub is narrower


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PinterestSandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    rbufsize = 65_536
    server: SandboxServer

    def setup(self) -> None:
        super().setup()
        self.server.remember(self.connection)

    def __getattr__(self, name: str) -> Callable[[], None]:
        # The base class looks for do_GET, do_POST and so on; the sandbox judges verbs itself.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: the request log has it."""

    def _serve(self) -> None:
        body = self._read_body()
        if body is None:
            self.close_connection = True
            self._send(refuse_unread(self.server.sandbox, self._request(b"")))
            return
        if isinstance(body, bytes):
            self._answer(self._request(body))
            return
        with body:
            self._answer(self._request(b"", spooled=body))

    def _answer(self, request: Request) -> None:
        response = self.server.sandbox.handle(request)
        if response.dropped:
            self._reset_connection()
        else:
            self._send(response)

    def _read_body(self) -> bytes | mmap.mmap | None:
        """The body; on disk when it is large and may be; None when it is not to be read."""
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdigit():
            return None
        size = int(length)
        if self.path == PATH and _MEMORY_BYTES < size <= _MAX_UPLOAD_BYTES:
            return self._spool(size)
        return self.rfile.read(size) if size <= _MAX_BODY_BYTES else None

    def _spool(self, size: int) -> mmap.mmap:
        """Put the body on disk as it comes in; the file goes away with the answer."""
        with tempfile.TemporaryFile() as file:
            while size:
                chunk = self.rfile.read(min(size, _CHUNK_BYTES))
                if not chunk:
                    raise ConnectionError("the client hung up during an upload")
                size -= file.write(chunk)
            file.flush()
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def _request(self, body: bytes, *, spooled: mmap.mmap | None = None) -> Request:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host") or self.server.base_url.removeprefix("http://")
        return Request(
            method=self.command,
            path=path,
            query=query,
            headers=headers,
            body=body,
            spooled=spooled,
            origin=f"http://{host}",
            peer=str(self.client_address[0]),
        )

    def _send(self, response: Response) -> None:
        lines = [f"HTTP/1.1 {response.status} {self.responses.get(response.status, ('',))[0]}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        if response.status not in _BODILESS:
            lines.append(f"content-length: {len(response.body)}")
        if self.close_connection:
            lines.append("connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        # One write for head and body: two would wait for each other's acknowledgement.
        self.wfile.write(head if self.command == "HEAD" else head + response.body)

    def _reset_connection(self) -> None:
        self.close_connection = True
        # Lingering for zero seconds makes close() send a TCP reset instead of a farewell.
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


@contextlib.contextmanager
def serve(sandbox: "Sandbox", port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve a sandbox for the length of a `with`; yields the base URL, such as `http://…:4711`."""
    with SandboxServer(sandbox, (host, port)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.base_url
        finally:
            server.shutdown()
            server.hang_up()
            thread.join()
