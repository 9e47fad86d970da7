"""Celery's side of media: each task makes one domain call."""

from __future__ import annotations

from celery import shared_task

from publishing.media.selectors.videos import stills_to_draw
from publishing.media.services import videos

STILLS_LIMIT = 20
"""Covers drawn in one go: each takes up to a second of a bounded process."""


@shared_task(name="publishing.draw_stills")
def draw_stills() -> None:
    """Draw the frames that Pins have as their covers, a few at a time."""
    for wanted in stills_to_draw(limit=STILLS_LIMIT):
        videos.draw_wanted_still(wanted)
