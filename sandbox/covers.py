"""The cover of a video Pin: sent along, fetched, or a frame (painted: no video is decoded here)."""

import hashlib

from msgspec import UNSET

from sandbox import errors
from sandbox.artwork import PALETTES, dominant_color
from sandbox.call import SignedCall
from sandbox.records import Media, Picture
from sandbox.schema import Base64Item, UrlItem, VideoId
from sandbox.uploads import own_media


def processed_media(call: SignedCall, source: VideoId) -> Media:
    """The upload a Pin is to show; raises ApiError 404, or 400/1 unless it has succeeded."""
    with call.sandbox.lock:
        media = own_media(call, source.media_id)
        status = media.status(call.sandbox.clock.now())
    if status != "succeeded":
        raise errors.media_not_ready(status)
    return media


def sent_cover(source: VideoId) -> UrlItem | Base64Item | None:
    """The picture that comes with the call; None when a frame was asked for."""
    if source.cover_image_url is not UNSET:
        return UrlItem(url=source.cover_image_url)
    if source.cover_image_data is UNSET or source.cover_image_content_type is UNSET:
        return None
    return Base64Item(content_type=source.cover_image_content_type, data=source.cover_image_data)


def frame(call: SignedCall, media: Media, source: VideoId) -> Picture:
    """The frame at the second asked for; past the end, the last one."""
    asked = source.cover_image_key_frame_time
    second = min(0 if asked is UNSET else asked, media.duration_ms // 1000)
    chosen = hashlib.sha256(media.id.encode()).digest()[0] % len(PALETTES)
    art = f"fern/{list(PALETTES)[chosen]}/{second}"
    picture = Picture(
        id=hashlib.sha256(f"{media.id} {second}".encode()).hexdigest()[:32],
        width=media.width,
        height=media.height,
        dominant_color=dominant_color(art),
        art=art,
    )
    with call.sandbox.lock:
        call.records.pictures[picture.id] = picture
    return picture
