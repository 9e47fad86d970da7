"""A request of ASGI as WSGI's environment."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from pinapp.edge.answers import FileAnswer
from pinapp.edge.origin import Header, Origin

_ALWAYS: Final[Mapping[str, Any]] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "PinApp",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileAnswer,
}
_JOINED_BY: Final = {"HTTP_COOKIE": "; "}
# Those of the body are set when it is here: it comes to the application whole, however it was sent.
_OTHERWISE: Final = {
    b"content-type": "CONTENT_TYPE",
    b"content-length": "",
    b"transfer-encoding": "",
}


def environ_of(
    scope: Mapping[str, Any], headers: Sequence[Header], origin: Origin
) -> dict[str, Any]:
    """What the application is given, without a body. `headers` are those it may read, with plain
    names. Nothing of this process's own environment is in it.
    """
    host, port = scope.get("server") or ("", 0)
    environ = {
        **_ALWAYS,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": path_of(scope),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": origin.address,
        "wsgi.url_scheme": origin.scheme,
        "wsgi.input": io.BytesIO(),
    }
    for name, value in headers:
        if (key := _OTHERWISE.get(name)) is None:
            key = "HTTP_" + name.decode("ascii").upper().replace("-", "_")
        if key:
            text = value.decode("latin-1")
            known = environ.get(key)
            environ[key] = text if known is None else known + _JOINED_BY.get(key, ",") + text
    return environ


def path_of(scope: Mapping[str, Any]) -> str:
    """The path as WSGI has it: its bytes, each as a character."""
    raw = scope.get("raw_path")
    if raw is None:
        return str(scope["path"].encode().decode("latin-1"))
    if b"%" not in raw:
        return str(raw.decode("latin-1"))
    return unquote_to_bytes(raw).decode("latin-1")
