"""From `media_source` to stored pictures: fetched or sent along, one or a carousel."""

import base64
import binascii
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import UNSET

from sandbox import errors
from sandbox.call import SignedCall
from sandbox.covers import frame, processed_media, sent_cover
from sandbox.records import Picture, Slide
from sandbox.schema import (
    Base64Item,
    ImageBase64,
    ImagesBase64,
    ImageUrl,
    ImageUrls,
    MediaSource,
    PinUrl,
    UrlItem,
    VideoId,
)
from sandbox.urls import check_link

if TYPE_CHECKING:
    from sandbox.core import Core


def check_source(source: MediaSource) -> None:
    """Raise ApiError 400/1 for what the shape alone cannot tell."""
    match source:
        case ImageUrl():
            check_link(source.url, field="media_source.url")
        case VideoId():
            _check_cover(source)
            if source.cover_image_url is not UNSET:
                check_link(source.cover_image_url, field="media_source.cover_image_url")
        case ImageUrls():
            for item in source.items:
                check_link(item.url, field="media_source.items.url")
                check_link(item.link or None, field="media_source.items.link")
        case ImagesBase64():
            for sent in source.items:
                check_link(sent.link or None, field="media_source.items.link")


def collect_slides(call: SignedCall, source: MediaSource) -> list[Slide]:
    """Fetch or decode every picture, a video's cover included.

    Raises ApiError 400/1, 403/233 or 403/235, and 404 for a video that is not there.
    """
    sandbox = call.sandbox
    match source:
        case ImageUrl() | ImageBase64():
            return [Slide(picture_id=_picture(sandbox, source).id)]
        case ImageUrls() | ImagesBase64():
            return _carousel(sandbox, source)
        case VideoId():
            return [Slide(picture_id=_cover(call, source).id)]
        case PinUrl():
            raise errors.restricted_feature("pin_url")


def _check_cover(source: VideoId) -> None:
    sent = source.cover_image_data is not UNSET and source.cover_image_content_type is not UNSET
    named = source.cover_image_url is not UNSET
    if not (sent or named or source.cover_image_key_frame_time is not UNSET):
        raise errors.invalid(
            "one of cover_image_url or cover_image_content_type and cover_image_data is required"
        )


def _cover(call: SignedCall, source: VideoId) -> Picture:
    media = processed_media(call, source)
    sent = sent_cover(source)
    return _picture(call.sandbox, sent) if sent else frame(call, media, source)


def _carousel(sandbox: "Core", source: ImageUrls | ImagesBase64) -> list[Slide]:
    items: Sequence[UrlItem | Base64Item] = source.items
    pictures = [_picture(sandbox, item) for item in items]
    if len({(picture.width, picture.height) for picture in pictures}) > 1:
        raise errors.invalid("all images of a carousel must have the same dimensions")
    return [
        Slide(
            picture_id=picture.id,
            title=item.title or None,
            description=item.description or None,
            link=item.link or None,
        )
        for picture, item in zip(pictures, items, strict=True)
    ]


def _picture(sandbox: "Core", item: ImageUrl | UrlItem | ImageBase64 | Base64Item) -> Picture:
    if isinstance(item, ImageUrl | UrlItem):
        return sandbox.keep_picture(_fetch(sandbox, item.url))
    try:
        content = base64.b64decode(item.data, validate=True)
    except (binascii.Error, ValueError):
        raise errors.invalid("'data' is not valid base64") from None
    return sandbox.keep_picture(content)


def _fetch(sandbox: "Core", url: str) -> bytes:
    fetch = sandbox.crawler.fetch(url)
    sandbox.log_fetch(fetch)
    if fetch.outcome != "ok":
        raise errors.image_not_fetched()
    return fetch.content
