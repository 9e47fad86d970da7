"""The script that publishers put on their pages."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from interactions.views.answers import Answer


@dataclass(frozen=True, slots=True)
class _Script:
    plain: bytes
    packed: bytes
    etag: str


_READ: dict[tuple[Path, int], _Script] = {}


def pinit(request: HttpRequest) -> Answer:
    """`/pinit.js`, kept by browsers for five minutes, so that a new version is soon everywhere."""
    script = _script()
    if request.META.get("HTTP_IF_NONE_MATCH") == script.etag:
        return Answer(304, b"", _headers(script))
    headers = {**_headers(script), "Content-Type": "text/javascript; charset=utf-8"}
    body = script.plain
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        body = script.packed
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    return Answer(200, b"" if request.method == "HEAD" else body, headers)


def _headers(script: _Script) -> dict[str, str]:
    return {
        "ETag": script.etag,
        "Cache-Control": "public, max-age=300",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    }


def _script() -> _Script:
    """The built file, read anew when it was built anew. Raises OSError when it was not built."""
    path = Path(settings.VAR_DIR) / "build" / "pinit.js"
    place = (path, path.stat().st_mtime_ns)
    known = _READ.get(place)
    if known is None:
        plain = path.read_bytes()
        packed = gzip.compress(plain, 9, mtime=0)
        _READ.clear()
        known = _READ[place] = _Script(plain, packed, f'"{hashlib.sha256(plain).hexdigest()[:20]}"')
    return known
