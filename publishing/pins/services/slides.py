"""The pictures of a carousel: written with their Pin, in one transaction with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publishing.models import Media, Pin, Slide
from publishing.pins.policy.carousels import check_carousel


@dataclass(frozen=True, slots=True)
class SlideContent:
    """One picture of a carousel and what is said of it alone."""

    media: Media
    title: str = ""
    description: str = ""
    link: str = ""


def check_slides(slides: Sequence[SlideContent]) -> None:
    """Raise CarouselRejected for slides that Pinterest would not take together; none is fine."""
    if slides:
        check_carousel([(slide.media.width, slide.media.height) for slide in slides])


def slides_of(pin: Pin) -> tuple[SlideContent, ...]:
    """A Pin's slides in order, to be written with another Pin."""
    return tuple(
        SlideContent(slide.media, slide.title, slide.description, slide.link)
        for slide in pin.slides.select_related("media")
    )


def write_slides(pin: Pin, slides: Sequence[SlideContent]) -> None:
    """Replace a Pin's slides. The caller holds the Pin's row in a transaction."""
    pin.slides.all().delete()
    Slide.objects.bulk_create(
        Slide(
            pin=pin,
            position=position,
            media=slide.media,
            title=slide.title,
            description=slide.description,
            link=slide.link,
        )
        for position, slide in enumerate(slides)
    )
