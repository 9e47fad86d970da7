"""Request bodies as the official description gives them: closed objects, patterns, lengths."""

import re
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from sandbox import errors
from sandbox.wire import ApiError, Request

# `\Z`, because `$` would let a trailing line break through; ASCII, because `\d` would not be.
Digits = Annotated[str, Meta(pattern=r"^[0-9]+\Z")]
Base64Text = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/=]+\Z")]
HexColor = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z")]
Index = Annotated[int, Meta(ge=0)]
Title = Annotated[str, Meta(max_length=100)]
Description = Annotated[str, Meta(max_length=800)]
Link = Annotated[str, Meta(max_length=2048)]
AltText = Annotated[str, Meta(max_length=500)]
BoardName = Annotated[str, Meta(min_length=1, max_length=50)]
SectionName = Annotated[str, Meta(min_length=1, max_length=180)]
ContentType = Literal["image/jpeg", "image/png"]


class Closed(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A body that refuses fields the description does not name."""


class ImageUrl(Closed, tag_field="source_type", tag="image_url"):
    """`media_source`: one picture, fetched from an address."""

    url: str
    is_standard: bool = True


class ImageBase64(Closed, tag_field="source_type", tag="image_base64"):
    """`media_source`: one picture, sent along."""

    content_type: ContentType
    data: Base64Text
    is_standard: bool = True


class Item(Closed):
    """What every carousel picture may carry."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    link: str | UnsetType = UNSET


class UrlItem(Item, kw_only=True):
    """One carousel picture, fetched from an address."""

    url: str


class Base64Item(Item, kw_only=True):
    """One carousel picture, sent along."""

    content_type: ContentType
    data: Base64Text


class ImageUrls(Closed, tag_field="source_type", tag="multiple_image_urls"):
    """`media_source`: a carousel of addresses."""

    items: Annotated[list[UrlItem], Meta(min_length=2, max_length=5)]
    index: Index | UnsetType = UNSET


class ImagesBase64(Closed, tag_field="source_type", tag="multiple_image_base64"):
    """`media_source`: a carousel sent along."""

    items: Annotated[list[Base64Item], Meta(min_length=2, max_length=5)]
    index: Index | UnsetType = UNSET


class VideoId(Closed, tag_field="source_type", tag="video_id"):
    """`media_source`: an uploaded video and its cover."""

    media_id: Digits
    cover_image_url: str | UnsetType = UNSET
    cover_image_content_type: ContentType | UnsetType = UNSET
    cover_image_data: str | UnsetType = UNSET
    cover_image_key_frame_time: Index | UnsetType = UNSET
    is_standard: bool = True


class PinUrl(Closed, tag_field="source_type", tag="pin_url"):
    """`media_source`: a product Pin (beta)."""

    is_affiliate_link: bool = False


MediaSource = ImageUrl | ImageBase64 | ImageUrls | ImagesBase64 | VideoId | PinUrl


class PinCreate(Closed):
    """`POST /pins`."""

    board_id: Digits | UnsetType = UNSET
    board_section_id: Digits | None = None
    title: Title | None = None
    description: Description | None = None
    link: Link | None = None
    alt_text: AltText | None = None
    dominant_color: HexColor | None = None
    parent_pin_id: Digits | None = None
    sponsor_id: Digits | None = None
    media_source: MediaSource | UnsetType = UNSET


class MediaCreate(Closed):
    """`POST /media`."""

    media_type: Literal["video"]


class PinSave(Closed):
    """`POST /pins/{id}/save`."""

    board_id: Digits | None = None
    board_section_id: Digits | None = None


class WebsiteClaim(Closed):
    """`POST /user_account/websites`."""

    website: str
    verification_method: Literal["FILENAME", "METATAG", "DNSTXT"] = "METATAG"


class Follow(Closed):
    """`POST /user_account/following/{username}`."""

    auto_follow: bool = False


class CarouselSlot(Closed):
    """One slot of `PATCH /pins/{id}`."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    link: str | UnsetType = UNSET


class PinUpdate(Closed):
    """`PATCH /pins/{id}`."""

    board_id: Digits | UnsetType = UNSET
    board_section_id: Digits | UnsetType | None = UNSET
    title: Title | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    link: Link | UnsetType | None = UNSET
    alt_text: AltText | UnsetType | None = UNSET
    carousel_slots: list[CarouselSlot] | UnsetType = UNSET


class BoardCreate(Closed):
    """`POST /boards`."""

    name: BoardName
    description: str | None = None
    privacy: Literal["PUBLIC", "PROTECTED", "SECRET"] = "PUBLIC"
    is_ads_only: bool = False


class BoardUpdate(Closed):
    """`PATCH /boards/{id}`: PROTECTED can be read but not set."""

    name: BoardName | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    privacy: Literal["PUBLIC", "SECRET"] | UnsetType = UNSET


class SectionWrite(Closed):
    """`POST` and `PATCH` of a board section."""

    name: SectionName


Body = TypeVar("Body", bound=msgspec.Struct)


def decode_body(request: Request, shape: type[Body]) -> Body:
    """Read a JSON body into `shape`; raises ApiError 400/1 that names the field."""
    if request.content_type != "application/json":
        raise errors.invalid("the body must be sent as application/json.")
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.ValidationError as error:
        raise describe(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise errors.invalid("the body is not valid JSON.") from None


_WORDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"unknown field `(.+)`"),
        "additional properties are not allowed ('{0}' was unexpected)",
    ),
    (re.compile(r"missing required field `(.+)`"), "'{0}' is a required property"),
    (re.compile(r"matching regex"), "must match the pattern: {pattern}"),
    (re.compile(r"`array` of length <= (\d+)"), "has too many items: maxItems={0}"),
    (re.compile(r"`array` of length >= (\d+)"), "has too few items: minItems={0}"),
    (re.compile(r"of length <= (\d+)"), "is too long: maxLength={0}"),
    (re.compile(r"of length >= (\d+)"), "is too short: minLength={0}"),
    (re.compile(r"`int` >= (\d+)"), "is less than the minimum of {0}"),
    (re.compile(r"Invalid (?:enum )?value '(.*)'"), "'{0}' is not one of the allowed values"),
    (re.compile(r"Expected `(.+)`, got `(.+)`"), "expected {0}, got {1}"),
)
_PATTERNS = {"data": "^[a-zA-Z0-9+/=]+$", "dominant_color": "^#[0-9A-Fa-f]{6}$"}


def describe(error: msgspec.ValidationError) -> ApiError:
    """Word a validation error the way Pinterest does."""
    reason, _, place = str(error).rpartition(" - at ")
    if not place.startswith("`$"):  # the body itself is wrong, not a field of it
        reason, place = str(error), ""
    field = place.strip("`").removeprefix("$").removeprefix(".")
    last = field.rsplit(".", 1)[-1]
    pattern = _PATTERNS.get(last, r"^\d+$")
    for known, wording in _WORDINGS:
        if match := known.search(reason):
            words = wording.format(*match.groups(), pattern=pattern)
            return errors.invalid(f"'{field}' {words}" if field else words)
    return errors.invalid(f"'{field}' is not valid" if field else "the body is not valid")
