"""Rows of the publishing app."""

from publishing.models.attempts import Attempt, Look, PinEvent
from publishing.models.boards import Board, BoardList, BoardSection
from publishing.models.dispatch import HandOut
from publishing.models.imports import (
    DayOrder,
    Import,
    ImportRow,
    ImportSource,
    ImportStatus,
    KnownHeader,
    RowAsks,
    RowStatus,
)
from publishing.models.media import Media
from publishing.models.pins import STATUS_LABELS, Pin
from publishing.models.preferences import DoubledTime, LateWay, MissingTime, PublishingPreferences
from publishing.models.preflight import PinWarning, TrustedHost
from publishing.models.reach import Reach
from publishing.models.slides import Slide
from publishing.models.slots import Slot
from publishing.models.stops import AppStop
from publishing.models.videos import Video, VideoStill, VideoUpload

__all__ = [
    "STATUS_LABELS",
    "AppStop",
    "Attempt",
    "Board",
    "BoardList",
    "BoardSection",
    "DayOrder",
    "DoubledTime",
    "HandOut",
    "Import",
    "ImportRow",
    "ImportSource",
    "ImportStatus",
    "KnownHeader",
    "LateWay",
    "Look",
    "Media",
    "MissingTime",
    "Pin",
    "PinEvent",
    "PinWarning",
    "PublishingPreferences",
    "Reach",
    "RowAsks",
    "RowStatus",
    "Slide",
    "Slot",
    "TrustedHost",
    "Video",
    "VideoStill",
    "VideoUpload",
]
