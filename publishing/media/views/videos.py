"""Videos: taking them in as a stream, and showing them to members."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from pinterest.media.videos import VIDEO_BYTES_LIMIT, VideoRejected
from publishing.media.selectors.videos import video_of
from publishing.media.services.videos import open_video, store_video
from publishing.media.views.media import PictureProblem
from publishing.models import Video

_CHUNK = 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_NO_ROOM = PictureProblem(
    "no_room",
    "This server has no room left for the video. Tell whoever runs it, then try again.",
)


@require_POST
@member_view(Role.EDITOR)
def video_upload(request: MemberRequest) -> HttpResponse:
    """Take in a video sent as the body itself, written to disk as it comes.

    Answers `{id, url, length, …}` or a JSON error. One that is too long is refused unread.
    """
    size = _announced(request)
    if size is None:
        return _refuse(PictureProblem("empty", "No video arrived. Choose a file and try again."))
    if size > VIDEO_BYTES_LIMIT:
        return _refuse(PictureProblem("too_large", _too_large(size)), status=413)
    try:
        with TemporaryUploadedFile("video", "video/mp4", size, None) as file:
            _receive(request, file, size=size)
            video = take_video(request, file)
    except PictureProblem as problem:
        return _refuse(problem)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _refuse(_NO_ROOM, status=507)
    return JsonResponse(video_facts(video), status=201)


@require_safe
@member_view()
@cache_control(private=True, max_age=31_536_000, immutable=True)  # inside: no redirect is kept
def video_file(request: MemberRequest, video_id: UUID) -> HttpResponse:
    """A video of the workspace, whole or the part that a player asks for."""
    video = video_of(request.workspace, video_id)
    if video is None:
        raise Http404
    try:
        file = open_video(video)
    except FileNotFoundError:
        raise Http404 from None
    return _answer_part(file, size=video.size, wanted=request.headers.get("Range", ""))


@require_safe
@member_view()
@cache_control(private=True, max_age=31_536_000, immutable=True)  # inside: no redirect is kept
def video_still(request: MemberRequest, video_id: UUID, second: int) -> HttpResponse:
    """The picture that a video of the workspace shows at a second, if it was drawn."""
    video = video_of(request.workspace, video_id)
    if video is None or not default_storage.exists(video.still_name(second)):
        raise Http404
    with default_storage.open(video.still_name(second)) as file:
        return HttpResponse(file.read(), content_type="image/jpeg")


def take_video(request: MemberRequest, file: UploadedFile[Any]) -> Video:
    """Check and store an uploaded video. Raises PictureProblem."""
    try:
        return store_video(workspace=request.workspace, by=request.user, file=file)
    except VideoRejected as rejected:
        raise PictureProblem(rejected.code, str(rejected)) from rejected


def video_facts(video: Video) -> dict[str, Any]:
    """What the composer and a Pin's page show of a video."""
    return {
        "id": str(video.pk),
        "url": reverse("video_file", args=[video.pk]),
        "length": video.length,
        "seconds": video.duration_ms // 1000,
        "width": video.width,
        "height": video.height,
        "megabytes": f"{video.size / 1024 / 1024:.1f} MB",
    }


def _announced(request: MemberRequest) -> int | None:
    """The body's length in bytes as its header says; None for none."""
    with suppress(ValueError):
        return int(request.headers.get("Content-Length", "")) or None
    return None


def _receive(request: MemberRequest, file: UploadedFile[Any], *, size: int) -> None:
    left = size
    while left and (chunk := request.read(min(_CHUNK, left))):
        file.write(chunk)
        left -= len(chunk)
    if left:
        raise PictureProblem("truncated", "The video broke off on its way. Upload it again.")
    file.seek(0)


def _too_large(size: int) -> str:
    return (
        f"This video has {size / 1024**3:.1f} GB; Pinterest takes up to 2 GB. "
        "Save it at a lower quality or resolution."
    )


def _refuse(problem: PictureProblem, *, status: int = 422) -> JsonResponse:
    return JsonResponse({"code": problem.code, "message": str(problem)}, status=status)


class _Part:
    """The bytes of a file between two places, read in pieces; closing it closes the file."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        file.seek(start)
        self._file, self._left = file, length
        self.close: Callable[[], None] = file.close

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        part = self._file.read(wanted)
        self._left -= len(part)
        return part


def _answer_part(file: BinaryIO, *, size: int, wanted: str) -> HttpResponse:
    """The whole file, or one range of it as RFC 9110 has it."""
    part = _read_range(wanted, size)
    if part is None:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = part
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start + 1)}
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    answer = FileResponse(
        _Part(file, start, end - start + 1),
        status=206 if wanted else 200,
        content_type="video/mp4",
        headers=headers,
    )
    # A response like any other to all that handles it; only the types tell them apart.
    return cast(HttpResponse, answer)


def _read_range(wanted: str, size: int) -> tuple[int, int] | None:
    """The first and last byte asked for; None for what can't be given."""
    if not wanted:
        return 0, size - 1
    match = _RANGE.fullmatch(wanted)
    if match is None or match.group() == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    return (start, end) if start <= end else None
