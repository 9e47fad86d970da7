"""Mount a sandbox on a `requests` session: the wire without a socket."""

import io
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

Timeout = float | tuple[float | None, float | None] | None


class SandboxAdapter(BaseAdapter):
    """Answers a session's requests from a sandbox in this process.

    A dropped answer raises what requests raises for a reset connection. Latency beyond the read
    timeout raises `ReadTimeout` without waiting for it, after the sandbox has done its work, as
    with the real thing; shorter latency is really waited for.
    """

    def __init__(self, sandbox: "Sandbox") -> None:
        super().__init__()
        self.sandbox = sandbox

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - the signature is requests'
        timeout: Timeout = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002 - the signature is requests'
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Answer a prepared request; raises requests' ConnectionError or ReadTimeout."""
        del stream, verify, cert, proxies
        patience = _Patience(_read_timeout(timeout))
        answer = self.sandbox.handle(_to_sandbox(request), pause=patience.wait)
        if patience.exhausted:
            raise requests.ReadTimeout("Read timed out.", request=request)
        if answer.dropped:
            cause = urllib3.exceptions.ProtocolError(
                "Connection aborted.", ConnectionResetError(104, "Connection reset by peer")
            )
            raise requests.ConnectionError(cause, request=request)
        return _to_requests(request, answer)

    def close(self) -> None:
        """Nothing is held open."""


class _Patience:
    """Waits like a client: not at all once the answer would come too late."""

    def __init__(self, seconds: float | None) -> None:
        self._left = seconds
        self.exhausted = False

    def wait(self, seconds: float) -> None:
        if self._left is not None and seconds >= self._left:
            self.exhausted = True
        if not self.exhausted:
            time.sleep(seconds)


def _read_timeout(timeout: Timeout) -> float | None:
    return timeout[1] if isinstance(timeout, tuple) else timeout


def _to_sandbox(request: requests.PreparedRequest) -> Request:
    parts = urlsplit(request.url or "")
    body = _whole(request.body)
    return Request(
        method=request.method or "GET",
        path=parts.path or "/",
        query=parts.query,
        headers={name.lower(): _text(value) for name, value in request.headers.items()},
        body=body,
        origin=f"{parts.scheme}://{parts.netloc}",
    )


def _whole(body: object) -> bytes:
    """The body in one piece; one that is streamed is read to its end."""
    read = getattr(body, "read", None)
    if read is not None:
        return b"".join(iter(lambda: read(65_536), b""))
    return body if isinstance(body, bytes) else str(body or "").encode()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _to_requests(request: requests.PreparedRequest, answer: Response) -> requests.Response:
    raw = urllib3.HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=dict(answer.headers),
        status=answer.status,
        preload_content=False,
    )
    return HTTPAdapter().build_response(request, raw)
