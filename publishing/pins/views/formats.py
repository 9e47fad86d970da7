"""Parts of a Pin as templates show them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.moments import moment_words
from publishing.models import Media


def picture_url(media: Media | None) -> str:
    """Where a member's browser gets the picture."""
    return reverse("media_preview", args=[media.pk]) if media else ""


def local_text(moment: datetime | None) -> str:
    """A moment in the current time zone; empty for none."""
    return moment_words(moment)
