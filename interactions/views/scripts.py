"""The script that publishers put on their pages."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class _Script:
    plain: bytes
    packed: bytes
    etag: str


_READ: dict[tuple[Path, int], _Script] = {}


def pinit(request: HttpRequest) -> HttpResponse:
    """`/pinit.js`, kept by browsers for five minutes, so that a new version is soon everywhere."""
    script = _script()
    if request.META.get("HTTP_IF_NONE_MATCH") == script.etag:
        return _finish(HttpResponse(status=304), script)
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        answer = HttpResponse(script.packed, content_type="text/javascript; charset=utf-8")
        answer["Content-Encoding"] = "gzip"
    else:
        answer = HttpResponse(script.plain, content_type="text/javascript; charset=utf-8")
    answer["Content-Length"] = str(len(answer.content))
    return _finish(answer, script)


def _finish(answer: HttpResponse, script: _Script) -> HttpResponse:
    answer["ETag"] = script.etag
    answer["Cache-Control"] = "public, max-age=300"
    answer["Vary"] = "Accept-Encoding"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


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
