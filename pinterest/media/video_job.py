"""What a bounded process does with a video: read, judge, copy what may leave, draw a picture."""

import hashlib
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from foundation.mediafiles.film_facts import FilmTrouble
from foundation.mediafiles.films import measure_ms, open_film, read_head
from foundation.mediafiles.remuxing import copy_film, has_index_first
from foundation.mediafiles.stills import draw_still
from pinterest.media.video_rules import check_duration, judge, judge_head
from pinterest.media.videos import (
    LONGEST_MS,
    STILL_WIDTH,
    CheckedVideo,
    StillOrder,
    TakeAnswer,
    TakenVideo,
    TakeOrder,
    VideoRejected,
    check_start,
    rejected_for,
)

_JUST_LONGER: Final = 1_000
"""Milliseconds beyond the longest after which copying ends: it is refused then."""


def take(request: bytes) -> bytes:
    """A TakeOrder in, a TakeAnswer out."""
    order = msgspec.msgpack.decode(request, type=TakeOrder)
    try:
        answer = TakeAnswer(_take(order.source, order.target))
    except VideoRejected as rejected:
        answer = TakeAnswer(problem=rejected.code, message=rejected.message)
    except FilmTrouble as trouble:
        found = rejected_for(trouble.problem)
        answer = TakeAnswer(problem=found.code, message=found.message)
    except OSError as error:
        answer = TakeAnswer(errno=error.errno or 0, message="The disk failed.")
    return msgspec.msgpack.encode(answer)


def draw(request: bytes) -> bytes:
    """A StillOrder in, a JPEG out; empty where there is no such picture."""
    order = msgspec.msgpack.decode(request, type=StillOrder)
    try:
        with open_film(order.source) as (container, stream):
            return draw_still(container, stream, second=order.second, width=STILL_WIDTH)
    except FilmTrouble:
        return b""


def check_here(file: BinaryIO) -> CheckedVideo:
    """Check a video within this process, unbounded; where the file stands afterwards is not said.

    Needs a file that can seek. Raises VideoRejected for whatever the content may be; an OSError
    of the disk passes through.
    """
    size = file.seek(0, 2)
    check_start(file)
    try:
        with open_film(file) as (container, stream):
            head = read_head(container, stream)
            judge_head(head)
        with open_film(file) as (container, stream):
            return judge(head, measure_ms(container, stream), size)
    except FilmTrouble as trouble:
        raise rejected_for(trouble.problem) from None


def _take(source: str, target: str) -> TakenVideo:
    with open_film(source) as (container, stream):
        head = read_head(container, stream)
    judge_head(head)
    if head.said_ms > LONGEST_MS + _JUST_LONGER:
        check_duration(head.said_ms)
    with Path(source).open("rb") as file:
        index_first = has_index_first(file)
    # Opened anew: going back to the beginning would lose the sound before the first picture.
    with open_film(source) as (container, stream):
        duration_ms = copy_film(
            container,
            stream,
            target,
            longest_ms=LONGEST_MS + _JUST_LONGER,
            index_first=index_first,
        )
    check_duration(duration_ms)
    with open_film(target) as (container, stream):
        still = draw_still(container, stream, second=0, width=STILL_WIDTH)
    with Path(target).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    checked = judge(head, duration_ms, Path(target).stat().st_size)
    return TakenVideo(checked, digest, still)
