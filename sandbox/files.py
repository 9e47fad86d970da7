"""Pictures and the style sheet."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox import errors
from sandbox.pictures import SIZES
from sandbox.wire import Response

if TYPE_CHECKING:
    from sandbox.core import Core

_ASSETS = Path(__file__).parent / "assets"
_TYPES = {"sandbox.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml"}
_IMAGE = re.compile(r"/images/([a-z0-9]+)/([a-z0-9-]+)")


def answer_file(sandbox: "Core", path: str) -> Response:
    """`/images/{size}/{id}` and `/assets/{name}`; 404 for anything else."""
    name = path.removeprefix("/assets/")
    if name in _TYPES:
        content = (_ASSETS / name).read_bytes()
        return Response(200, {"content-type": _TYPES[name], "cache-control": "no-cache"}, content)
    match = _IMAGE.fullmatch(path)
    picture = sandbox.records.pictures.get(match[2]) if match else None
    if match is None or picture is None or match[1] not in {*SIZES, "originals"}:
        return errors.not_found().response()
    try:
        content = sandbox.pictures.rendition(picture, match[1])
    except KeyError:
        return errors.not_found().response()
    headers = {
        "content-type": f"image/{picture.format.lower()}",
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
    }
    return Response(200, headers, content)
