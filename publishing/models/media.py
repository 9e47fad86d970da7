"""Pictures in our own storage."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace


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
    # 256-bit difference hash: pictures that look the same differ in few of its bits.
    likeness = models.CharField(max_length=64, blank=True, editable=False)
    # Of an animation, say: only the first picture was kept.
    is_first_of_several = models.BooleanField(default=False, editable=False)
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
