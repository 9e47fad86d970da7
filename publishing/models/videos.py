"""Videos in our own storage, and their way to Pinterest."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Connection, User, Workspace
from publishing.choices.uploads import OPEN_STATES, UploadState


class Video(models.Model):
    """A checked video of a workspace: its pictures and sounds alone, in our own storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="videos")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    duration_ms = models.PositiveIntegerField(help_text="milliseconds")
    width = models.PositiveIntegerField(help_text="pixels, as shown")
    height = models.PositiveIntegerField(help_text="pixels, as shown")
    codec = models.CharField(max_length=10)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "sha256"], name="one_row_per_video")
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height} video, {self.length}"

    @property
    def length(self) -> str:
        """Minutes and seconds: `0:24`."""
        seconds = round(self.duration_ms / 1000)
        return f"{seconds // 60}:{seconds % 60:02d}"

    @property
    def file_name(self) -> str:
        return f"{self.workspace_id}/{self.sha256}.mp4"

    def still_name(self, second: int) -> str:
        """Where the picture that it shows at a second lies, if it was drawn."""
        return f"{self.workspace_id}/{self.sha256}.still-{second}.jpg"


class VideoStill(models.Model):
    """A picture drawn of a video for showing; `is_drawn` is false where none could be had."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="stills")
    second = models.PositiveIntegerField()
    is_drawn = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "second"], name="one_still_of_a_second")
        ]

    def __str__(self) -> str:
        return f"Second {self.second} of {self.video}"


class VideoUpload(models.Model):
    """One way of a video to an account's store at Pinterest; its media id serves any Pin of both.

    `form_sealed` is the signed form that opens the place, sealed for this row: with it a worker
    takes up what a dead one left, at the same media id. `next_at` is when to go on, and while a
    worker is at it (`taken_at`) the end of its lease.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="uploads")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="uploads")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in UploadState], default=UploadState.NEW
    )
    media_id = models.CharField(max_length=32, blank=True)
    form_sealed = models.TextField(blank=True, editable=False)
    registered_at = models.DateTimeField(null=True, blank=True)
    uploaded_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    places = models.PositiveSmallIntegerField(default=1, help_text="How many were asked for so far")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Failures without a refusal")
    looks = models.PositiveSmallIntegerField(default=0, help_text="Looks at its processing")
    problem = models.CharField(max_length=1000, blank=True)
    remedy = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "video"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_upload_of_a_video",
            ),
            models.CheckConstraint(
                condition=Q(state=UploadState.NEW, media_id="")
                | Q(state__in=[UploadState.FAILED, UploadState.EXPIRED])
                | Q(
                    state__in=[
                        UploadState.REGISTERED,
                        UploadState.PROCESSING,
                        UploadState.READY,
                    ],
                    registered_at__isnull=False,
                )
                & ~Q(media_id=""),
                name="upload_has_its_media_id",
            ),
        ]

    def __str__(self) -> str:
        return f"Upload of {self.video}: {self.state}"

    @property
    def form_place(self) -> str:
        """Where the sealed form belongs."""
        return f"publishing_videoupload:{self.pk}:form"
