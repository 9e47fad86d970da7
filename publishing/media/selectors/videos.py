"""Videos of a workspace, and those whose upload to Pinterest has a step to take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import ConnectionStatus, RowId, Workspace
from publishing.choices.statuses import PinKind, PinStatus
from publishing.choices.uploads import OPEN_STATES, UploadState
from publishing.media.policy.uploads import AHEAD, MOST_AT_ONCE
from publishing.models import Pin, Video, VideoStill, VideoUpload


@dataclass(frozen=True, slots=True)
class VideoToPrepare:
    """A video that an account's Pins need at Pinterest soon."""

    connection_id: str
    video_id: str


@dataclass(frozen=True, slots=True)
class StillToDraw:
    """A second of a video whose picture is the cover of Pins."""

    video_id: str
    second: int


def video_of(workspace: Workspace, video_id: RowId) -> Video | None:
    """One of the workspace's videos."""
    return Video.objects.filter(workspace=workspace, pk=video_id).first()


def stills_to_draw(*, limit: int) -> list[StillToDraw]:
    """Covers of Pins that nobody has drawn yet: chosen a moment ago, or before there were any."""
    there = VideoStill.objects.filter(video=OuterRef("video"), second=OuterRef("cover_second"))
    wanted = (
        Pin.objects.filter(video__isnull=False, media=None, cover_second__isnull=False)
        .exclude(Exists(there))
        .order_by("video_id", "cover_second")
        .values_list("video_id", "cover_second")
        .distinct()
    )
    return [
        StillToDraw(str(video), second) for video, second in wanted[:limit] if second is not None
    ]


def ready_upload(*, connection_id: RowId, video_id: RowId) -> VideoUpload | None:
    """The upload that a Pin of this account can be made of."""
    return VideoUpload.objects.filter(
        connection_id=connection_id, video_id=video_id, state=UploadState.READY
    ).first()


def videos_to_prepare(*, now: datetime) -> list[VideoToPrepare]:
    """Videos with a step to take, soonest Pin first; no more than workers may be at."""
    at_it = VideoUpload.objects.filter(taken_at__isnull=False, next_at__gt=now).count()
    settled_or_waiting = VideoUpload.objects.filter(
        Q(state=UploadState.READY) | Q(next_at__gt=now),
        connection=OuterRef("connection"),
        video=OuterRef("video"),
        state__in=OPEN_STATES,
    )
    needing = (
        Pin.objects.filter(
            status=PinStatus.SCHEDULED,
            kind=PinKind.VIDEO,
            scheduled_at__lte=now + AHEAD,
            connection__status=ConnectionStatus.ACTIVE,
        )
        .exclude(Exists(settled_or_waiting))
        .order_by("scheduled_at", "id")
        .values_list("connection_id", "video_id")
    )
    wanted = dict.fromkeys(needing[:100])
    chosen = list(wanted)[: max(MOST_AT_ONCE - at_it, 0)]
    return [VideoToPrepare(str(connection), str(video)) for connection, video in chosen]
