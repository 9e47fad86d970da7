"""The pictures of a carousel, each with words and a link of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from publishing.choices.bounds import DESCRIPTION_LIMIT, LINK_LIMIT, MOST_SLIDES, TITLE_LIMIT
from publishing.models.media import Media
from publishing.models.pins import Pin


class Slide(models.Model):
    """One picture of a carousel; empty words leave the Pin's own."""

    pin = models.ForeignKey(Pin, on_delete=models.CASCADE, related_name="slides")
    position = models.PositiveSmallIntegerField()
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="slides")
    title = models.CharField(max_length=TITLE_LIMIT, blank=True)
    description = models.TextField(max_length=DESCRIPTION_LIMIT, blank=True)
    link = models.URLField(max_length=LINK_LIMIT, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pin", "position"], name="one_slide_in_each_place"),
            models.CheckConstraint(
                condition=Q(position__lt=MOST_SLIDES), name="slide_within_carousel"
            ),
        ]

    def __str__(self) -> str:
        return f"Picture {self.position + 1} of {self.pin}"
