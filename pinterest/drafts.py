"""A Pin as we ask Pinterest to create it."""

import base64
import re
from dataclasses import dataclass, field
from typing import Final, Literal

# What the official description 5.23 allows, in characters.
TITLE_LIMIT: Final = 100
DESCRIPTION_LIMIT: Final = 800
LINK_LIMIT: Final = 2048
ALT_TEXT_LIMIT: Final = 500
IMAGE_BYTES_LIMIT: Final = 20 * 1024 * 1024
CAROUSEL_SIZES: Final = range(2, 6)

ContentType = Literal["image/jpeg", "image/png"]
_ID: Final = re.compile(r"\d+", re.ASCII)
_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """A picture Pinterest fetches by itself during the call; it must be public."""

    url: str

    def to_json(self) -> dict[str, str]:
        """Return the `media_source` of the official description."""
        return {"source_type": "image_url", "url": self.url}


@dataclass(frozen=True, slots=True)
class ImageBytes:
    """A picture sent along with the call."""

    data: bytes = field(repr=False)
    content_type: ContentType

    def to_json(self) -> dict[str, str]:
        """Return the `media_source`: plain base64, no `data:` prefix and no line breaks."""
        return {
            "source_type": "image_base64",
            "content_type": self.content_type,
            "data": _base64(self.data),
        }


@dataclass(frozen=True, slots=True)
class UrlSlide:
    """One picture of a carousel that Pinterest fetches; empty texts are left out."""

    url: str
    title: str = ""
    description: str = ""
    link: str = ""

    def to_json(self) -> dict[str, str]:
        """Return one of the `items` of `multiple_image_urls`."""
        return {"url": self.url, **_filled(self)}


@dataclass(frozen=True, slots=True)
class BytesSlide:
    """One picture of a carousel sent along; empty texts are left out."""

    data: bytes = field(repr=False)
    content_type: ContentType
    title: str = ""
    description: str = ""
    link: str = ""

    def to_json(self) -> dict[str, str]:
        """Return one of the `items` of `multiple_image_base64`."""
        sent = {"content_type": self.content_type, "data": _base64(self.data)}
        return {**sent, **_filled(self)}


@dataclass(frozen=True, slots=True)
class ImageUrls:
    """A carousel of two to five pictures that Pinterest fetches, all of the same size.

    Raises ValueError for any other number of them.
    """

    items: tuple[UrlSlide, ...]

    def __post_init__(self) -> None:
        _check_count(self.items)

    def to_json(self) -> dict[str, object]:
        """Return the `media_source` of the official description."""
        items = [item.to_json() for item in self.items]
        return {"source_type": "multiple_image_urls", "items": items}


@dataclass(frozen=True, slots=True)
class ImagesBytes:
    """A carousel of two to five pictures sent along, all of the same size.

    Raises ValueError for any other number of them.
    """

    items: tuple[BytesSlide, ...]

    def __post_init__(self) -> None:
        _check_count(self.items)

    def to_json(self) -> dict[str, object]:
        """Return the `media_source` of the official description."""
        items = [item.to_json() for item in self.items]
        return {"source_type": "multiple_image_base64", "items": items}


@dataclass(frozen=True, slots=True)
class CoverUrl:
    """A video's cover that Pinterest fetches by itself; it must be public."""

    url: str

    def to_json(self) -> dict[str, object]:
        """Return the cover's part of `media_source`."""
        return {"cover_image_url": self.url}


@dataclass(frozen=True, slots=True)
class CoverBytes:
    """A video's cover sent along."""

    data: bytes = field(repr=False)
    content_type: ContentType

    def to_json(self) -> dict[str, object]:
        """Return the cover's part of `media_source`."""
        return {
            "cover_image_content_type": self.content_type,
            "cover_image_data": _base64(self.data),
        }


@dataclass(frozen=True, slots=True)
class CoverFrame:
    """The frame so many whole seconds into the video; past its end Pinterest takes the last one.

    Raises ValueError for seconds before the start.
    """

    seconds: int = 0

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError("A video has no frame before its start.")

    def to_json(self) -> dict[str, object]:
        """Return the cover's part of `media_source`."""
        return {"cover_image_key_frame_time": self.seconds}


@dataclass(frozen=True, slots=True)
class Video:
    """An uploaded video that Pinterest has finished processing, and its cover.

    Raises ValueError for a media id that is not digits.
    """

    media_id: str
    cover: CoverUrl | CoverBytes | CoverFrame

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.media_id):
            raise ValueError("Media ids are made of digits.")

    def to_json(self) -> dict[str, object]:
        """Return the `media_source` of the official description."""
        return {"source_type": "video_id", "media_id": self.media_id, **self.cover.to_json()}


MediaSource = ImageUrl | ImageBytes | ImageUrls | ImagesBytes | Video


@dataclass(frozen=True, slots=True, kw_only=True)
class PinDraft:
    """What a new Pin says and shows. Empty texts are left out of what is sent.

    Raises ValueError for an id that is not digits or a colour that is not `#rrggbb`: those are
    our own values, and a wrong one is a defect here, not a mistake of the person writing.
    """

    board_id: str
    media: MediaSource
    board_section_id: str | None = None
    title: str = ""
    description: str = ""
    link: str = ""
    alt_text: str = ""
    dominant_color: str | None = None

    def __post_init__(self) -> None:
        ids = [self.board_id, *([self.board_section_id] if self.board_section_id else [])]
        if not all(_ID.fullmatch(each) for each in ids):
            raise ValueError("Board and section ids are made of digits.")
        if self.dominant_color and not _COLOR.fullmatch(self.dominant_color):
            raise ValueError("The dominant colour reads like #1a2b3c.")

    def to_json(self) -> dict[str, object]:
        """Return the body of `POST /pins` as the official description 5.23 accepts it."""
        optional = {
            "board_section_id": self.board_section_id,
            "title": self.title,
            "description": self.description,
            "link": self.link,
            "alt_text": self.alt_text,
            "dominant_color": self.dominant_color,
        }
        filled = {name: value for name, value in optional.items() if value}
        return {"board_id": self.board_id, **filled, "media_source": self.media.to_json()}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _filled(slide: UrlSlide | BytesSlide) -> dict[str, str]:
    texts = {"title": slide.title, "description": slide.description, "link": slide.link}
    return {name: text for name, text in texts.items() if text}


def _check_count(items: tuple[UrlSlide, ...] | tuple[BytesSlide, ...]) -> None:
    if len(items) not in CAROUSEL_SIZES:
        raise ValueError("A carousel has two to five pictures.")
