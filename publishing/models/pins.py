"""Pins, from draft to published."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Connection, User, Workspace
from publishing.choices.board_checks import AskReason
from publishing.choices.bounds import (
    ALT_TEXT_LIMIT,
    DESCRIPTION_LIMIT,
    FEWEST_SLIDES,
    KEYWORDS_LIMIT,
    LINK_LIMIT,
    MOST_SLIDES,
    TITLE_LIMIT,
)
from publishing.choices.statuses import EDITABLE, MOVING, HoldReason, PinKind, PinStatus
from publishing.models.boards import Board, BoardSection
from publishing.models.media import Media
from publishing.models.videos import Video

STATUS_LABELS = {
    PinStatus.DRAFT: "Draft",
    PinStatus.SCHEDULED: "Scheduled",
    PinStatus.CLAIMED: "Getting ready",
    PinStatus.SENDING: "Publishing",
    PinStatus.PUBLISHED: "Published",
    PinStatus.FAILED: "Not published",
    PinStatus.UNCERTAIN: "Checking",
    PinStatus.HELD: "On hold",
}
SLIDES = (FEWEST_SLIDES, MOST_SLIDES)
_ON_ITS_WAY = [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING]


class Pin(models.Model):
    """A Pin of ours, from draft to published."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="pins")
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, null=True, blank=True, related_name="pins"
    )
    board = models.ForeignKey(
        Board, on_delete=models.PROTECT, null=True, blank=True, related_name="pins"
    )
    section = models.ForeignKey(
        BoardSection, on_delete=models.PROTECT, null=True, blank=True, related_name="pins"
    )
    media = models.ForeignKey(
        Media, on_delete=models.PROTECT, null=True, blank=True, related_name="pins"
    )
    video = models.ForeignKey(
        Video, on_delete=models.PROTECT, null=True, blank=True, related_name="pins"
    )
    # A video's cover: the frame at this second, unless `media` is a picture of its own for it.
    cover_second = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(
        max_length=10, choices=[(k.value, k.value) for k in PinKind], default=PinKind.IMAGE
    )
    # How many pictures a carousel has; 0 for any other kind. `media` is the first of them.
    slide_count = models.PositiveSmallIntegerField(default=0, editable=False)
    title = models.CharField(max_length=TITLE_LIMIT, blank=True)
    description = models.TextField(max_length=DESCRIPTION_LIMIT, blank=True)
    link = models.URLField(max_length=LINK_LIMIT, blank=True)
    alt_text = models.TextField(max_length=ALT_TEXT_LIMIT, blank=True)
    # Brought along in a file and given back in one: Pinterest's API has no field for them.
    keywords = models.CharField(max_length=KEYWORDS_LIMIT, blank=True, editable=False)

    status = models.CharField(max_length=10, choices=list(STATUS_LABELS.items()))
    scheduled_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, help_text="IANA name it was planned in")
    # When the engine should next look at it: `scheduled_at`, or later after a try that failed.
    due_at = models.DateTimeField(null=True, blank=True)
    # The queue's slot this Pin sits in, as an instant: no two Pins of an account share one.
    slot_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sending_since = models.DateTimeField(null=True, blank=True)

    published_at = models.DateTimeField(null=True, blank=True)
    pinterest_id = models.CharField(max_length=32, blank=True)
    pinterest_url = models.URLField(max_length=2048, blank=True)
    # When we learnt that it is no longer at Pinterest, and when we last asked.
    removed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    # When what may keep it from going out as meant was last looked for; see services/preflight.
    preflighted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When that is to be tried again, because something could not be asked.
    preflight_again_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When each was last looked at, as it is now; see policy/signs. Guards forget what has changed.
    account_looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    board_looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    link_looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    picture_looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Asked on the Pin's page when looking at the board could not settle its fate.
    question = models.CharField(
        max_length=12, blank=True, choices=[(r.value, r.value) for r in AskReason]
    )
    held_reason = models.CharField(
        max_length=10, blank=True, choices=[(r.value, r.value) for r in HoldReason]
    )
    problem = models.CharField(max_length=1000, blank=True)
    remedy = models.CharField(max_length=1000, blank=True)

    # Digest of the link without what does not count: Pins that lead to the same page share it.
    link_key = models.CharField(max_length=64, blank=True, editable=False)
    # Somebody has said that repeating the link or the picture so soon is meant.
    repeats = models.BooleanField(default=False)
    # Shared by Pins that were written together for several boards.
    series = models.UUIDField(null=True, blank=True, editable=False)

    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in PinStatus]), name="pin_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_ON_ITS_WAY)
                | Q(
                    scheduled_at__isnull=False,
                    due_at__isnull=False,
                    connection__isnull=False,
                    board__isnull=False,
                )
                & (Q(media__isnull=False) | Q(kind=PinKind.VIDEO, cover_second__isnull=False)),
                name="pin_on_its_way_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(kind=PinKind.VIDEO, video__isnull=False)
                & (Q(media=None) | Q(cover_second=None))
                | ~Q(kind=PinKind.VIDEO) & Q(video=None, cover_second=None),
                name="pin_video_has_one_cover",
            ),
            models.CheckConstraint(
                condition=Q(kind=PinKind.CAROUSEL, slide_count__range=SLIDES, media__isnull=False)
                | ~Q(kind=PinKind.CAROUSEL) & Q(slide_count=0),
                name="pin_carousel_has_pictures",
            ),
            models.CheckConstraint(
                condition=~Q(status=PinStatus.CLAIMED) | Q(claimed_at__isnull=False),
                name="pin_claimed_since",
            ),
            models.CheckConstraint(
                condition=~Q(status=PinStatus.SENDING) | Q(sending_since__isnull=False),
                name="pin_sending_since",
            ),
            models.CheckConstraint(
                condition=Q(status=PinStatus.PUBLISHED, published_at__isnull=False)
                & ~Q(pinterest_id="")
                | ~Q(status=PinStatus.PUBLISHED) & Q(pinterest_id="", published_at__isnull=True),
                name="pin_published_has_its_id",
            ),
            models.UniqueConstraint(
                fields=["connection", "pinterest_id"],
                condition=~Q(pinterest_id=""),
                name="pinterest_pin_known_once",
            ),
            models.CheckConstraint(
                condition=Q(question="") | Q(status=PinStatus.UNCERTAIN),
                name="pin_asks_only_when_uncertain",
            ),
            models.CheckConstraint(
                condition=Q(status=PinStatus.HELD) & ~Q(held_reason="")
                | ~Q(status=PinStatus.HELD) & Q(held_reason=""),
                name="pin_held_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(status=PinStatus.PUBLISHED),
                name="pin_removed_was_published",
            ),
            models.UniqueConstraint(
                fields=["connection", "slot_at"],
                condition=Q(slot_at__isnull=False),
                name="one_pin_in_a_slot",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(status=PinStatus.SCHEDULED), name="pin_due"
            ),
            # Pins whose time has passed and that are still here: next to none on a good day.
            models.Index(
                fields=["scheduled_at"],
                condition=Q(status=PinStatus.SCHEDULED),
                name="pin_planned",
            ),
            models.Index(
                fields=["board", "due_at", "id"],
                condition=Q(status=PinStatus.SCHEDULED),
                name="pin_due_at_board",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(status=PinStatus.SCHEDULED, preflighted_at=None),
                name="pin_not_preflighted",
            ),
            models.Index(
                fields=["preflight_again_at"],
                condition=Q(status=PinStatus.SCHEDULED, preflight_again_at__isnull=False),
                name="pin_preflight_again",
            ),
            models.Index(
                fields=["status", "claimed_at", "sending_since"],
                condition=Q(status__in=MOVING),
                name="pin_in_hand",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status=PinStatus.UNCERTAIN),
                name="pin_look_due",
            ),
            models.Index(
                fields=["seen_at", "published_at"],
                condition=Q(status=PinStatus.PUBLISHED, removed_at=None),
                name="pin_look_back",
            ),
            models.Index(
                fields=["scheduled_at"],
                condition=Q(status=PinStatus.SCHEDULED, kind=PinKind.VIDEO),
                name="pin_video_ahead",
            ),
            models.Index(fields=["workspace", "scheduled_at"], name="pin_calendar"),
            models.Index(
                fields=["workspace", "link_key", "scheduled_at"],
                condition=~Q(link_key=""),
                name="pin_link",
            ),
            models.Index(
                fields=["workspace", "published_at"],
                condition=Q(status=PinStatus.PUBLISHED),
                name="pin_went_out",
            ),
            models.Index(
                fields=["series"], condition=Q(series__isnull=False), name="pin_in_series"
            ),
            models.Index(F("workspace"), F("status"), F("scheduled_at").desc(), name="pin_list"),
        ]

    def __str__(self) -> str:
        return self.title or "Untitled Pin"

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def has_picture(self) -> bool:
        """Whether it shows something: a picture, a carousel, or a video with its cover."""
        if self.kind == PinKind.VIDEO:
            return self.media_id is not None or self.cover_second is not None
        return self.media_id is not None

    @property
    def is_complete(self) -> bool:
        """Whether it has all that the database wants of a Pin on its way, but for its time."""
        has_place = self.connection_id is not None and self.board_id is not None
        return has_place and self.has_picture

    @property
    def is_in_doubt(self) -> bool:
        return self.status == PinStatus.UNCERTAIN

    @property
    def is_moving(self) -> bool:
        return self.status in MOVING
