"""Bringing videos to Pinterest ahead of their Pins.

An upload creates nothing that anyone sees, takes minutes, and may be repeated; a Pin stays planned
meanwhile. So it is a stage of its own, before the claim: register, send the file, wait until
Pinterest has processed it. Each step is written down as it is done, so that a worker that dies
leaves a row with which the next one goes on, at the same media id.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import ConnectionStatus, RowId
from accounts.sealing import SealBroken
from accounts.services.tokens import ConnectionLost, call_pinterest
from accounts.wire import sealer
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused, Trouble, Unavailable
from pinterest.types import MediaUpload
from pinterest.uploads import VideoFileChanged
from publishing.choices.events import EventKind
from publishing.choices.statuses import PinKind, PinStatus
from publishing.choices.uploads import OPEN_STATES, UploadState
from publishing.delivery.services.stops import stop_publishing
from publishing.media.policy.uploads import (
    AHEAD,
    MOST_PLACES,
    MOST_TRIES,
    RENEW_AFTER,
    UPLOAD_LEASE,
    WAIT_FOR_VIDEO,
    next_look_at,
    next_try_at,
)
from publishing.media.services.videos import open_video
from publishing.models import Pin, VideoUpload
from publishing.pins.notifications import PIN_FAILED
from publishing.pins.policy.failures import APP_LEVEL
from publishing.pins.selectors.stops import current_stop
from publishing.pins.services.events import note_all
from publishing.pins.services.telling import tell_of_pins
from publishing.pins.services.time_scale import PACE

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

LEASE = UPLOAD_LEASE * PACE
PREPARING_TEXT = "The video is being prepared at Pinterest."
PREPARING_REMEDY = "The Pin goes out by itself as soon as that is done."
NOT_PROCESSED = "Pinterest could not process this video."
NEVER_PROCESSED = "Pinterest did not finish processing this video within ten minutes."
EXPORT_AGAIN = "Save it again as MP4 with H.264, add it to the Pin anew, then publish."
TRY_AGAIN = "Try again. If it stays, save the video again as MP4 with H.264 and add it anew."
LOST_TEXT = "The video of this Pin can't be read from PinApp's storage."
LOST_REMEDY = "Add the video again, then schedule the Pin."


def put_off_unready(*, now: datetime) -> int:
    """Due Pins whose video is not at Pinterest yet stay planned, a moment later; how many."""
    ready = VideoUpload.objects.filter(
        connection=OuterRef("connection"), video=OuterRef("video"), state=UploadState.READY
    )
    due = Pin.objects.filter(
        status=PinStatus.SCHEDULED,
        kind=PinKind.VIDEO,
        due_at__lte=now,
        connection__status=ConnectionStatus.ACTIVE,
    )
    return due.exclude(Exists(ready)).update(
        due_at=now + WAIT_FOR_VIDEO * PACE, problem=PREPARING_TEXT, remedy=PREPARING_REMEDY
    )


def prepare_video(*, connection_id: RowId, video_id: RowId, clock: Clock) -> None:
    """Take the next steps of a video's way to an account, as far as they go without waiting.

    Does nothing while another worker is at it.
    """
    if current_stop() is not None:
        return
    upload = _take_turn(connection_id, video_id, now=clock())
    if upload is None:
        return
    try:
        _advance(upload, clock=clock)
    except _Overtaken:
        logger.warning("upload_overtaken upload=%s", upload.pk)
    except ConnectionLost:
        _end_turn(upload, next_at=clock() + LEASE)  # its Pins are held when they are due
    except PinterestError as error:
        _take_failure(upload, error, now=clock())
    except (OSError, VideoFileChanged):
        _fail(upload, LOST_TEXT, LOST_REMEDY, now=clock())


def forget_upload(pin: Pin) -> None:
    """Pinterest no longer has the Pin's video: the next try uploads it anew."""
    VideoUpload.objects.filter(
        connection=pin.connection, video=pin.video, state=UploadState.READY
    ).update(state=UploadState.EXPIRED, form_sealed="")


class _Overtaken(Exception):
    """This worker's lease ran out, and another one has gone on since."""


def _take_turn(connection_id: RowId, video_id: RowId, *, now: datetime) -> VideoUpload | None:
    """The open upload, taken in hand by this worker alone; None while it is not its turn."""
    # The row that already is, or the very one that another worker has just made.
    upload, _ = VideoUpload.objects.get_or_create(
        connection_id=connection_id,
        video_id=video_id,
        state__in=OPEN_STATES,
        defaults={"state": UploadState.NEW, "next_at": now},
    )
    taken = VideoUpload.objects.filter(
        pk=upload.pk, next_at__lte=now, state__in=OPEN_STATES
    ).exclude(state=UploadState.READY)
    if taken.update(taken_at=now, next_at=now + LEASE) != 1:
        return None
    return VideoUpload.objects.select_related("video", "video__workspace").get(pk=upload.pk)


def _row(upload: VideoUpload) -> QuerySet[VideoUpload]:
    """The row for as long as it is this worker's turn."""
    return VideoUpload.objects.filter(pk=upload.pk, taken_at=upload.taken_at)


def _write(upload: VideoUpload, **columns: object) -> None:
    """Write a step down. Raises _Overtaken when the turn is over."""
    if _row(upload).update(**columns) != 1:
        raise _Overtaken
    for name, value in columns.items():
        setattr(upload, name, value)


def _end_turn(upload: VideoUpload, *, next_at: datetime, **columns: object) -> None:
    _row(upload).update(taken_at=None, next_at=next_at, **columns)


def _advance(upload: VideoUpload, *, clock: Clock) -> None:
    if upload.state == UploadState.NEW:
        place = _register(upload, clock=clock)
        _send_file(upload, place, clock=clock)
    elif upload.state == UploadState.REGISTERED and _is_missing(upload, clock=clock):
        # A worker died on the way, or the store could not be reached: the same place again.
        _send_file(upload, _open_place(upload), clock=clock)
    elif upload.state == UploadState.PROCESSING and _is_missing(upload, clock=clock):
        _replace(upload, NOT_PROCESSED, TRY_AGAIN, now=clock())


def _register(upload: VideoUpload, *, clock: Clock) -> MediaUpload:
    place = call_pinterest(
        connection_id=upload.connection_id, now=clock(), call=PinterestClient.register_video
    )
    form = json.dumps({"url": place.upload_url, "parameters": place.upload_parameters})
    _write(
        upload,
        state=UploadState.REGISTERED,
        media_id=place.media_id,
        form_sealed=sealer().seal(form, place=upload.form_place),
        registered_at=clock(),
    )
    logger.info("video_registered upload=%s media_id=%s", upload.pk, place.media_id)
    return place


def _open_place(upload: VideoUpload) -> MediaUpload:
    try:
        form = json.loads(sealer().open(upload.form_sealed, place=upload.form_place))
    except SealBroken as error:
        raise _expired() from error
    return MediaUpload(
        media_id=upload.media_id, upload_url=form["url"], upload_parameters=form["parameters"]
    )


def _expired() -> Unavailable:
    return Unavailable(
        "The permission to upload this video is no longer at hand.",
        remedy="It is asked for again.",
        reason=Trouble.UPLOAD_EXPIRED,
    )


def _send_file(upload: VideoUpload, place: MediaUpload, *, clock: Clock) -> None:
    with open_video(upload.video) as file:
        call_pinterest(
            connection_id=upload.connection_id,
            now=clock(),
            call=partial(
                PinterestClient.upload_video,
                upload=place,
                file=_MovingFile(file, upload, clock=clock),
                size=upload.video.size,
            ),
        )
    now = clock()
    _end_turn(
        upload,
        state=UploadState.PROCESSING,
        uploaded_at=now,
        looks=0,
        next_at=next_look_at(looks=0, now=now) or now,
    )


class _MovingFile:
    """A file that renews its worker's lease as it is read: slow is not dead."""

    def __init__(self, file: BinaryIO, upload: VideoUpload, *, clock: Clock) -> None:
        self._file, self._upload, self._clock = file, upload, clock
        self._renewed_at = clock()

    def read(self, size: int = -1, /) -> bytes:
        now = self._clock()
        if now - self._renewed_at >= RENEW_AFTER * PACE:
            _write(self._upload, next_at=now + LEASE)
            self._renewed_at = now
        return self._file.read(size)


def _is_missing(upload: VideoUpload, *, clock: Clock) -> bool:
    """Ask Pinterest how far it is and write that down; True when no file has arrived there."""
    status = call_pinterest(
        connection_id=upload.connection_id,
        now=clock(),
        call=partial(PinterestClient.get_media, media_id=upload.media_id),
    )
    now = clock()
    if status.awaits_upload:
        return True
    if status.is_ready:
        _make_ready(upload, now=now)
    elif status.has_failed:
        _fail(upload, NOT_PROCESSED, EXPORT_AGAIN, now=now)
    else:
        _wait_on(upload, now=now)
    return False


def _wait_on(upload: VideoUpload, *, now: datetime) -> None:
    looks = upload.looks + 1
    when = next_look_at(looks=looks, now=now)
    if when is None:
        _fail(upload, NEVER_PROCESSED, TRY_AGAIN, now=now)
        return
    _end_turn(upload, state=UploadState.PROCESSING, looks=looks, next_at=when)


@transaction.atomic
def _make_ready(upload: VideoUpload, *, now: datetime) -> None:
    _write(
        upload,
        state=UploadState.READY,
        uploaded_at=upload.uploaded_at or now,
        ready_at=now,
        form_sealed="",
        taken_at=None,
        problem="",
        remedy="",
    )
    pins = _pins_of(upload, now=now)
    note_all(
        pin_ids=pins.values_list("pk", flat=True), kind=EventKind.VIDEO_READY, by=None, now=now
    )
    pins.filter(problem=PREPARING_TEXT).update(due_at=F("scheduled_at"), problem="", remedy="")
    logger.info("video_ready upload=%s media_id=%s", upload.pk, upload.media_id)


def _pins_of(upload: VideoUpload, *, now: datetime) -> QuerySet[Pin]:
    """The planned Pins that this upload is for: those whose time is near."""
    return Pin.objects.filter(
        connection_id=upload.connection_id,
        video_id=upload.video_id,
        kind=PinKind.VIDEO,
        status=PinStatus.SCHEDULED,
        scheduled_at__lte=now + AHEAD,
    )


@transaction.atomic
def _fail(upload: VideoUpload, message: str, remedy: str, *, now: datetime) -> None:
    """Give the video up, and tell the Pins whose time is near; a new plan tries anew."""
    words = {"problem": message[:1000], "remedy": remedy[:1000]}
    closed = _row(upload).update(state=UploadState.FAILED, taken_at=None, form_sealed="", **words)
    if closed != 1:
        return
    pins = list(_pins_of(upload, now=now).select_for_update().values_list("pk", flat=True))
    Pin.objects.filter(pk__in=pins, status=PinStatus.SCHEDULED).update(
        status=PinStatus.FAILED, due_at=None, updated_at=now, **words
    )
    note_all(pin_ids=pins, kind=EventKind.VIDEO_FAILED, by=None, now=now, text=message)
    tell_of_pins(PIN_FAILED, pin_ids=pins, now=now)
    logger.warning("video_failed upload=%s pins=%s", upload.pk, len(pins))


def _take_failure(upload: VideoUpload, error: PinterestError, *, now: datetime) -> None:
    """What follows from a step that failed."""
    if isinstance(error, Refused) and error.reason in APP_LEVEL:
        stop_publishing(refusal=error, now=now)
        _end_turn(upload, next_at=now + LEASE)
    elif _is_about_the_place(error):
        _replace(upload, error.message, error.remedy, now=now)
    elif isinstance(error, Unavailable) and upload.tries + 1 < MOST_TRIES:
        tries = upload.tries + 1
        when = next_try_at(tries=tries, retry_after=error.retry_after, now=now)
        # Our own or Pinterest's rate limit is no failure of this upload.
        counted = upload.tries if error.reason is Trouble.RATE_LIMITED else tries
        _end_turn(upload, tries=counted, next_at=when, problem=error.message, remedy=error.remedy)
    else:
        _fail(upload, error.message, error.remedy, now=now)


def _is_about_the_place(error: PinterestError) -> bool:
    """Whether another place may take the video."""
    if isinstance(error, Unavailable):
        return error.reason is Trouble.UPLOAD_EXPIRED
    return isinstance(error, Refused) and error.reason in {
        RefusalReason.MEDIA_GONE,
        RefusalReason.UPLOAD_REFUSED,
    }


@transaction.atomic
def _replace(upload: VideoUpload, message: str, remedy: str, *, now: datetime) -> None:
    """Close this upload and open the next, which asks for a new place; after a few, give up."""
    if upload.places >= MOST_PLACES:
        _fail(upload, message, remedy, now=now)
        return
    _write(upload, state=UploadState.EXPIRED, taken_at=None, form_sealed="", problem=message)
    VideoUpload.objects.create(
        connection_id=upload.connection_id,
        video_id=upload.video_id,
        next_at=now,
        places=upload.places + 1,
        tries=upload.tries,
    )
