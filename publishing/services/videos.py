"""Taking videos in: checked by their content, kept as they are, in our own storage."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User, Workspace
from pinterest.videos import check_video
from publishing.models import Video

_CHUNK = 1024 * 1024


def store_video(*, workspace: Workspace, by: User, file: UploadedFile[Any]) -> Video:
    """Check and keep a video; the same one again gives the row that is there.

    The file is read in pieces, and moved where it lies on the same disk as our storage.
    Raises VideoRejected with a sentence for the person, and OSError of the disk.
    """
    checked = check_video(cast(BinaryIO, file))
    sha256 = _digest(file)
    kept = Video(workspace=workspace, sha256=sha256)
    if not _is_whole(kept.file_name, size=checked.size):
        default_storage.delete(kept.file_name)
        default_storage.save(kept.file_name, file)
    video, _ = Video.objects.get_or_create(
        workspace=workspace,
        sha256=sha256,
        defaults={
            "size": checked.size,
            "duration_ms": checked.duration_ms,
            "width": checked.width,
            "height": checked.height,
            "codec": checked.codec,
            "created_by": by,
        },
    )
    return video


def open_video(video: Video) -> BinaryIO:
    """The stored file, to be read in pieces. Raises FileNotFoundError."""
    return cast(BinaryIO, default_storage.open(video.file_name, "rb"))


def _digest(file: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _is_whole(name: str, *, size: int) -> bool:
    """Names are made of the content's hash: a file of the right size is the same file."""
    return default_storage.exists(name) and default_storage.size(name) == size
