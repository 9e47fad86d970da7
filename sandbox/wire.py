"""What goes in and what comes out: one request, one response, one API error."""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import msgspec


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Header names are lower-case; `peer` is the client's IP address.

    A large upload lies on disk, in `spooled`, and `body` is empty.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    spooled: mmap.mmap | None = field(default=None, repr=False)
    origin: str = "http://sandbox.test"
    peer: str = "127.0.0.1"

    def parameters(self) -> list[tuple[str, str]]:
        """All query parameters in order, blank ones included."""
        return parse_qsl(self.query, keep_blank_values=True)

    def parameter(self, name: str) -> str | None:
        """The last value of a query parameter, or None where it is absent."""
        return dict(self.parameters()).get(name)

    def form(self) -> dict[str, str]:
        """The body read as `application/x-www-form-urlencoded`."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def content_type(self) -> str:
        """The media type without its parameters, lower-case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; `dropped` means the connection closes and nothing is answered."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    dropped: bool = False

    def json(self) -> object:
        """The decoded JSON body."""
        return msgspec.json.decode(self.body)


class ApiError(Exception):
    """An answer in Pinterest's error shape, `{"code": int, "message": str}`."""

    def __init__(
        self, status: int, code: int, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """This error as an HTTP response."""
        payload = {"code": self.code, "message": self.message}
        return json_response(self.status, payload, self.headers)


def json_response(
    status: int, payload: object, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON response."""
    merged = {"content-type": "application/json", **(headers or {})}
    return Response(status, merged, msgspec.json.encode(payload))


def no_content() -> Response:
    """204: done, nothing to say (Pinterest's answer to every DELETE)."""
    return Response(204)
