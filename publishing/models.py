"""Boards as Pinterest last told us, pictures, Pins, and each attempt to send one."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Connection, User, Workspace
from publishing.policy import (
    ALT_TEXT_LIMIT,
    DESCRIPTION_LIMIT,
    EDITABLE,
    LINK_LIMIT,
    MOVING,
    TITLE_LIMIT,
    PinStatus,
)

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
_ON_ITS_WAY = [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING]


class BoardList(models.Model):
    """When a connection's boards were last read, and how that went."""

    connection = models.OneToOneField(
        Connection, on_delete=models.CASCADE, primary_key=True, related_name="board_list"
    )
    synced_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"Boards of {self.connection}"


class Board(models.Model):
    """A board a connection can see; `gone_at` when Pinterest stopped listing it."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="boards")
    pinterest_id = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    privacy = models.CharField(max_length=20)
    owner_username = models.CharField(max_length=100, blank=True)
    pin_count = models.PositiveIntegerField(null=True, blank=True)
    cover_url = models.URLField(max_length=2048, blank=True)
    sections_synced_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "pinterest_id"], name="one_board_per_connection"
            )
        ]

    def __str__(self) -> str:
        return self.name


class BoardSection(models.Model):
    """A section of a board."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="sections")
    pinterest_id = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "pinterest_id"], name="one_section_per_board")
        ]

    def __str__(self) -> str:
        return self.name


class Media(models.Model):
    """A checked picture of a workspace: turned upright, without metadata, in our own storage.

    `origin_url` is set when it came from the web: Pinterest then fetches it there itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="media")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField(help_text="bytes")
    width = models.PositiveIntegerField(help_text="pixels")
    height = models.PositiveIntegerField(help_text="pixels")
    dominant_color = models.CharField(max_length=7)
    origin_url = models.URLField(max_length=2048, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "media"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sha256", "origin_url"], name="one_row_per_picture"
            )
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height} picture"

    @property
    def extension(self) -> str:
        return "png" if self.content_type == "image/png" else "jpg"

    @property
    def file_name(self) -> str:
        return f"{self.workspace_id}/{self.sha256}.{self.extension}"

    @property
    def preview_name(self) -> str:
        return f"{self.workspace_id}/{self.sha256}.preview.jpg"


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
    title = models.CharField(max_length=TITLE_LIMIT, blank=True)
    description = models.TextField(max_length=DESCRIPTION_LIMIT, blank=True)
    link = models.URLField(max_length=LINK_LIMIT, blank=True)
    alt_text = models.TextField(max_length=ALT_TEXT_LIMIT, blank=True)

    status = models.CharField(max_length=10, choices=list(STATUS_LABELS.items()))
    scheduled_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, help_text="IANA name it was planned in")
    # When the engine should next look at it: `scheduled_at`, or later after a try that failed.
    due_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sending_since = models.DateTimeField(null=True, blank=True)

    published_at = models.DateTimeField(null=True, blank=True)
    pinterest_id = models.CharField(max_length=32, blank=True)
    pinterest_url = models.URLField(max_length=2048, blank=True)
    problem = models.CharField(max_length=1000, blank=True)
    remedy = models.CharField(max_length=1000, blank=True)

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
                    media__isnull=False,
                ),
                name="pin_on_its_way_is_complete",
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
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(status=PinStatus.SCHEDULED), name="pin_due"
            ),
            models.Index(
                fields=["status", "claimed_at", "sending_since"],
                condition=Q(status__in=MOVING),
                name="pin_in_hand",
            ),
            models.Index(F("workspace"), F("status"), F("scheduled_at").desc(), name="pin_list"),
        ]

    def __str__(self) -> str:
        return self.title or "Untitled Pin"

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def is_moving(self) -> bool:
        return self.status in MOVING


class Attempt(models.Model):
    """One try to create a Pin at Pinterest, written down before the request leaves."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Under way"
        PUBLISHED = "published", "Published"
        REFUSED = "refused", "Refused"
        UNAVAILABLE = "unavailable", "Not sent"
        UNCERTAIN = "uncertain", "Unknown"

    pin = models.ForeignKey(Pin, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of what is sent")
    board_id = models.CharField(max_length=32)
    section_id = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.OPEN)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    code = models.IntegerField(null=True, blank=True)
    rid = models.CharField(max_length=100, blank=True)
    message = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pin", "number"], name="attempts_are_numbered"),
            models.UniqueConstraint(
                fields=["pin"], condition=Q(outcome="open"), name="one_open_attempt_per_pin"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", finished_at__isnull=True)
                | ~Q(outcome="open") & Q(finished_at__isnull=False),
                name="attempt_finished_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number} at {self.pin}"
