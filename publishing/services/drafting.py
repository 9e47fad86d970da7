"""What is sent for a Pin: its words, its place, and its picture as bytes or as an address."""

from __future__ import annotations

from pinterest import types as wire
from pinterest.drafts import (
    BytesSlide,
    ContentType,
    ImagesBytes,
    ImageUrls,
    MediaSource,
    UrlSlide,
)
from publishing.models import Media, Pin
from publishing.policy.statuses import PinKind
from publishing.services.media import read_picture


def make_draft(pin: Pin) -> wire.PinDraft:
    """The Pin as Pinterest is asked to create it. Raises OSError for a picture that is lost."""
    if pin.board is None or pin.media is None:
        raise TypeError("the database keeps incomplete Pins out of the queue")
    return wire.PinDraft(
        board_id=pin.board.pinterest_id,
        board_section_id=pin.section.pinterest_id if pin.section else None,
        title=pin.title,
        description=pin.description,
        link=pin.link,
        alt_text=pin.alt_text,
        dominant_color=pin.media.dominant_color,
        media=_carousel(pin) if pin.kind == PinKind.CAROUSEL else _picture(pin, pin.media),
    )


def _picture(pin: Pin, media: Media) -> MediaSource:
    # Pinterest fetches the original once. Where it could not, our own copy goes along.
    if media.origin_url and not pin.attempts.exists():
        return wire.ImageUrl(url=media.origin_url)
    return wire.ImageBytes(content_type=_type_of(media), data=read_picture(media))


def _carousel(pin: Pin) -> MediaSource:
    """The addresses of all pictures, or the bytes of all: Pinterest takes no mixture."""
    slides = list(pin.slides.select_related("media"))
    if all(slide.media.origin_url for slide in slides) and not pin.attempts.exists():
        return ImageUrls(
            tuple(
                UrlSlide(slide.media.origin_url, slide.title, slide.description, slide.link)
                for slide in slides
            )
        )
    return ImagesBytes(
        tuple(
            BytesSlide(
                read_picture(slide.media),
                _type_of(slide.media),
                slide.title,
                slide.description,
                slide.link,
            )
            for slide in slides
        )
    )


def _type_of(media: Media) -> ContentType:
    return "image/png" if media.content_type == "image/png" else "image/jpeg"
