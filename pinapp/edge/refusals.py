"""What the edge itself answers: as JSON where a program asks, as a page to a person."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from foundation.security_headers import FOR_ERRORS, FOR_OTHER_SITES
from pinapp.edge.answers import Answer
from pinapp.edge.origin import Header

_FOR_PROGRAMS: Final = (
    *("/interactions/offer", "/interactions/landing", "/interactions/crawl", "/healthz"),
    *("/readyz", "/metrics", "/api/", "/v1/", "/collect"),
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
</head>
<body><h1>{title}</h1><p>{message}</p><p><a href="/">Go to the start page</a></p></body>
</html>
"""


def refusal(
    status: int,
    code: str,
    message: str,
    *,
    path: str,
    headers: Sequence[Header],
    more: Mapping[str, str] | None = None,
) -> Answer:
    """The answer to a request that does not reach the application, or that broke it."""
    if _is_program(path, headers):
        kind, body = "application/json", json.dumps({"code": code, "message": message})
    else:
        kind = "text/html; charset=utf-8"
        title = "PinApp: " + HTTPStatus(status).phrase
        body = _PAGE.format(title=html.escape(title), message=html.escape(message))
    data = body.encode()
    told = {
        "Content-Type": kind,
        "Content-Length": str(len(data)),
        **(FOR_OTHER_SITES if path.startswith("/interactions") else FOR_ERRORS),
        **(more or {}),
    }
    return Answer(status, _encoded(told.items()), data)


def _is_program(path: str, headers: Iterable[Header]) -> bool:
    if path in ("/interactions", "/interactions/") or path.startswith(_FOR_PROGRAMS):
        return True
    accepted = b",".join(value for name, value in headers if name == b"accept")
    return b"json" in accepted and b"text/html" not in accepted


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in headers]
