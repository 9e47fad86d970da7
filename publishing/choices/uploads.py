"""The stations of a video on its way to Pinterest. Pure."""

from __future__ import annotations

from enum import StrEnum


class UploadState(StrEnum):
    """Where a video is on its way to Pinterest."""

    NEW = "new"  # nothing asked yet
    REGISTERED = "registered"  # Pinterest has named a place for it
    PROCESSING = "processing"  # the file is there
    READY = "ready"  # Pins can be made of it
    FAILED = "failed"
    EXPIRED = "expired"  # the place ran out, or Pinterest no longer has the video


OPEN_STATES = [
    UploadState.NEW,
    UploadState.REGISTERED,
    UploadState.PROCESSING,
    UploadState.READY,
]
"""At most one upload of a video to an account is in one of these."""
