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
            "data": base64.b64encode(self.data).decode("ascii"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PinDraft:
    """What a new Pin says and shows. Empty texts are left out of what is sent.

    Raises ValueError for an id that is not digits or a colour that is not `#rrggbb`: those are
    our own values, and a wrong one is a defect here, not a mistake of the person writing.
    """

    board_id: str
    media: ImageUrl | ImageBytes
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
