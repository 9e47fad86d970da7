"""What is sent for a Pin: its words, its place, and its picture as bytes or as an address."""

from __future__ import annotations

from pinterest import types as wire
from pinterest.drafts import (
    BytesSlide,
    ContentType,
    CoverBytes,
    CoverFrame,
    CoverUrl,
    ImagesBytes,
    ImageUrls,
    MediaSource,
    UrlSlide,
    Video,
)
from publishing.choices.statuses import PinKind
from publishing.media.selectors.videos import ready_upload
from publishing.media.services.media import read_picture
from publishing.models import Media, Pin


class VideoNotReady(Exception):
    """Pinterest does not have the Pin's video yet, so the Pin has to wait."""


def make_draft(pin: Pin) -> wire.PinDraft:
    """The Pin as Pinterest is asked to create it.

    Raises OSError for a picture that is lost, and VideoNotReady.
    """
    if pin.board is None:
        raise TypeError("the database keeps incomplete Pins out of the queue")
    return wire.PinDraft(
        board_id=pin.board.pinterest_id,
        board_section_id=pin.section.pinterest_id if pin.section else None,
        title=pin.title,
        description=pin.description,
        link=pin.link,
        alt_text=pin.alt_text,
        dominant_color=pin.media.dominant_color if pin.media else None,
        media=_source(pin),
    )


def shape_of(pin: Pin) -> tuple[int, int] | None:
    """The size in pixels whose proportions the Pin has at Pinterest; None when that is not sure.

    Of a carousel the first picture's; a video is shown in the shape of its cover, or of itself.
    """
    cover = (pin.media.width, pin.media.height) if pin.media else None
    if pin.video is None:
        return cover
    film = (pin.video.width, pin.video.height)
    if cover is None or cover[0] * film[1] == cover[1] * film[0]:
        return film
    return None


def _source(pin: Pin) -> MediaSource:
    if pin.kind == PinKind.CAROUSEL:
        return _carousel(pin)
    if pin.kind == PinKind.VIDEO:
        return _video(pin)
    if pin.media is None:
        raise TypeError("the database keeps incomplete Pins out of the queue")
    return _picture(pin, pin.media)


def _video(pin: Pin) -> MediaSource:
    if pin.connection_id is None or pin.video_id is None:
        raise TypeError("the database keeps incomplete Pins out of the queue")
    upload = ready_upload(connection_id=pin.connection_id, video_id=pin.video_id)
    if upload is None:
        raise VideoNotReady
    return Video(upload.media_id, _cover(pin))


def _cover(pin: Pin) -> CoverUrl | CoverBytes | CoverFrame:
    if pin.media is None:
        return CoverFrame(pin.cover_second or 0)
    if pin.media.origin_url and not pin.attempts.exists():
        return CoverUrl(pin.media.origin_url)
    return CoverBytes(read_picture(pin.media), _type_of(pin.media))


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
