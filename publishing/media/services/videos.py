"""Taking videos in: checked by their content, freed of what else files hold, in our own storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Final, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from accounts.models import User, Workspace
from pinterest.media.videos import TakenVideo, draw_still, take_video
from publishing.media.selectors.videos import StillToDraw
from publishing.models import Video, VideoStill

FIRST: Final = 0
"""The second whose picture is the cover unless somebody chooses another."""


def store_video(*, workspace: Workspace, by: User, file: UploadedFile[Any]) -> Video:
    """Check and keep a video; the same one again gives the row that is there.

    Kept are its pictures and sounds, byte for byte, without place, device and whatever else the
    file held, and its first picture as a small one for lists. Raises VideoRejected with a sentence
    for the person, and OSError of the disk.
    """
    with TemporaryUploadedFile("video.mp4", "video/mp4", 0, None) as copy, _on_disk(file) as path:
        taken = take_video(path, copy.temporary_file_path())
        kept = Video(workspace=workspace, sha256=taken.sha256)
        _write(kept.still_name(FIRST), ContentFile(taken.still))
        if not _is_whole(kept.file_name, size=taken.checked.size):
            _write(kept.file_name, copy)
    return _keep_row(workspace, by, taken)


def open_video(video: Video) -> BinaryIO:
    """The stored file, to be read in pieces. Raises FileNotFoundError."""
    return cast(BinaryIO, default_storage.open(video.file_name, "rb"))


def draw_wanted_still(wanted: StillToDraw) -> None:
    """Draw the picture that a Pin's cover shows. One that can't be drawn is not tried again."""
    video = Video.objects.get(pk=wanted.video_id)
    try:
        with open_video(video) as file, _on_disk(File(file)) as path:
            still = draw_still(path, second=wanted.second)
    except FileNotFoundError:
        still = None
    if still is not None:
        _write(video.still_name(wanted.second), ContentFile(still))
    VideoStill.objects.get_or_create(
        video=video, second=wanted.second, defaults={"is_drawn": still is not None}
    )


def _keep_row(workspace: Workspace, by: User, taken: TakenVideo) -> Video:
    video, _ = Video.objects.get_or_create(
        workspace=workspace,
        sha256=taken.sha256,
        defaults={
            "size": taken.checked.size,
            "duration_ms": taken.checked.duration_ms,
            "width": taken.checked.width,
            "height": taken.checked.height,
            "codec": taken.checked.codec,
            "created_by": by,
        },
    )
    VideoStill.objects.get_or_create(video=video, second=FIRST, defaults={"is_drawn": True})
    return video


@contextmanager
def _on_disk(file: File[Any]) -> Iterator[str]:
    """The path of a file's content: where it lies already, or of a copy for as long as needed."""
    path = _path_of(file)
    if path:
        file.flush()
        yield path
        return
    with NamedTemporaryFile(suffix=".mp4") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield copy.name


def _path_of(file: File[Any]) -> str:
    if isinstance(file, TemporaryUploadedFile):
        return file.temporary_file_path()
    name = getattr(file, "name", "")
    return name if isinstance(name, str) and name.startswith("/") else ""


def _is_whole(name: str, *, size: int) -> bool:
    """Names are made of the content's hash: a file of the right size is the same file."""
    return default_storage.exists(name) and default_storage.size(name) == size


def _write(name: str, content: File[Any]) -> None:
    """Replace what a crash may have left half-written; a file on the same disk is moved."""
    default_storage.delete(name)
    default_storage.save(name, content)
