"""What Pinterest tells us and what we send it.

Reading is lenient: unknown fields are ignored, enums are open strings, and everything but the
identity of a thing may be missing. Pinterest adds and drops fields without notice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from pinterest.drafts import ImageBytes, ImageUrl, PinDraft

__all__ = [
    "Account",
    "Board",
    "BoardMedia",
    "BoardOwner",
    "BoardSection",
    "ImageBytes",
    "ImageUrl",
    "MediaStatus",
    "MediaUpload",
    "Page",
    "Pin",
    "PinDraft",
    "PinImage",
    "PinMedia",
    "TokenGrant",
]

Item = TypeVar("Item")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account a token belongs to. `id` is the identity; the username can change hands."""

    id: str
    username: str
    account_type: str | None = None
    about: str | None = None
    business_name: str | None = None
    profile_image: str | None = None
    website_url: str | None = None
    board_count: int | None = None
    pin_count: int | None = None
    follower_count: int | None = None
    following_count: int | None = None
    monthly_views: int | None = None


class BoardOwner(msgspec.Struct, frozen=True):
    """Whose board it is."""

    username: str | None = None


class BoardMedia(msgspec.Struct, frozen=True):
    """The pictures of a board."""

    image_cover_url: str | None = None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A board the account owns or collaborates on; being listed does not prove it may write."""

    id: str
    name: str
    description: str | None = None
    privacy: str = "PUBLIC"
    owner: BoardOwner | None = None
    media: BoardMedia | None = None
    pin_count: int | None = None
    follower_count: int | None = None
    collaborator_count: int | None = None
    is_ads_only: bool | None = None
    created_at: datetime | None = None
    board_pins_modified_at: datetime | None = None

    @property
    def owner_username(self) -> str | None:
        """The owner's username, to compare with the account's own."""
        return self.owner.username if self.owner else None

    @property
    def image_cover_url(self) -> str | None:
        """Where the board's cover picture is."""
        return (self.media.image_cover_url or None) if self.media else None


class BoardSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section of a board."""

    id: str
    name: str


class PinImage(msgspec.Struct, frozen=True, order=True):
    """One rendition of a Pin's picture; width and height in pixels."""

    width: int
    height: int
    url: str


class PinMedia(msgspec.Struct, frozen=True, kw_only=True):
    """What a Pin shows. The keys of `images` vary over the years, so pick by width.

    A carousel has its pictures in `items`, a video has a cover.
    """

    media_type: str | None = None
    images: Any = None
    items: Any = None
    cover_image_url: str | None = None


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """A Pin. `created_at` is aware; Pinterest sends it without a zone and means UTC."""

    id: str
    created_at: datetime | None = None
    board_id: str | None = None
    board_section_id: str | None = None
    title: str | None = None
    description: str | None = None
    link: str | None = None
    alt_text: str | None = None
    dominant_color: str | None = None
    creative_type: str | None = None
    is_owner: bool | None = None
    media: PinMedia | None = None
    # Figures, where they were asked for: {"90d": {...}, "lifetime_metrics": {...}}, lower case.
    pin_metrics: Any = None

    @property
    def url(self) -> str:
        """The Pin's page on Pinterest."""
        return f"https://www.pinterest.com/pin/{self.id}/"

    @property
    def images(self) -> tuple[PinImage, ...]:
        """The renditions whose size is known, narrowest first; of a carousel, its first picture."""
        own = _read_renditions(self.media.images) if self.media else ()
        return own or next(iter(self.slides), ())

    @property
    def slides(self) -> tuple[tuple[PinImage, ...], ...]:
        """The renditions of each picture of a carousel, in order; empty for any other Pin."""
        items = self.media.items if self.media else None
        if not isinstance(items, list):
            return ()
        shown = (item.get("images") for item in items if isinstance(item, dict))
        return tuple(map(_read_renditions, shown))


class MediaUpload(msgspec.Struct, frozen=True, kw_only=True):
    """A place for one video, and the signed form that opens it for a short while.

    `upload_parameters` are the form's fields in Pinterest's order. They are credentials, so
    `repr` leaves them out, and the address's query with them.
    """

    media_id: str
    upload_url: str
    upload_parameters: dict[str, str]

    def __repr__(self) -> str:
        place = self.upload_url.partition("?")[0]
        return f"MediaUpload(media_id={self.media_id!r}, upload_url={place!r})"


class MediaStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How far an uploaded video is; `status` can be a word that is not known yet, or missing."""

    media_id: str
    status: str | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a Pin can be made of it."""
        return self.status == "succeeded"

    @property
    def has_failed(self) -> bool:
        """Whether Pinterest gave the video up."""
        return self.status == "failed"

    @property
    def awaits_upload(self) -> bool:
        """Whether the file has not arrived: it is to be uploaded again, after a new register."""
        return self.status == "registered"


class TokenGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens and how long they live, in seconds from the answer; None when not said."""

    access_token: str
    refresh_token: str | None
    expires_in: int
    refresh_token_expires_in: int | None
    scopes: frozenset[str]

    def __repr__(self) -> str:
        return f"TokenGrant(expires_in={self.expires_in}, scopes={sorted(self.scopes)})"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list, and the bookmark of the next one; None on the last."""

    items: tuple[Item, ...]
    bookmark: str | None


def _read_renditions(images: object) -> tuple[PinImage, ...]:
    if not isinstance(images, dict):
        return ()
    return tuple(sorted(filter(None, map(_read_rendition, images.values()))))


def _read_rendition(rendition: object) -> PinImage | None:
    """Read one picture; None when Pinterest has not measured it yet."""
    try:
        return msgspec.convert(rendition, PinImage)
    except msgspec.ValidationError:
        return None
