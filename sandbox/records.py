"""What this Pinterest knows: apps, accounts, boards, sections, Pins, pictures, grants."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Tier = Literal["unapproved", "trial", "standard"]
MediaStatus = Literal["registered", "processing", "succeeded", "failed"]
Privacy = Literal["PUBLIC", "PROTECTED", "SECRET"]


@dataclass(slots=True, kw_only=True)
class App:
    """A registered Pinterest app; `features` are the beta grants such as `pin_edit`."""

    id: str
    name: str
    secret_digest: str = field(repr=False)
    redirect_uris: list[str] = field(default_factory=list)
    tier: Tier = "standard"
    features: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Website:
    """A site an account has claimed."""

    website: str
    verified_at: datetime


@dataclass(slots=True, kw_only=True)
class Account:
    """A Pinterest account. `approved` holds the scopes ever allowed, by app id.

    `business_ids` are accounts that are linked to this one, `following_ids` those it follows.
    """

    id: str
    username: str
    name: str
    account_type: Literal["PINNER", "BUSINESS"] = "BUSINESS"
    about: str = ""
    website_url: str = ""
    follower_count: int = 0
    following_count: int = 0
    monthly_views: int = 0
    business_since: datetime | None = None
    picture_id: str | None = None
    following_ids: list[str] = field(default_factory=list)
    business_ids: list[str] = field(default_factory=list)
    websites: list[Website] = field(default_factory=list)
    approved: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Board:
    """A board; `slug` is its part of the page's address."""

    id: str
    owner_id: str
    name: str
    slug: str
    created_at: datetime
    pins_modified_at: datetime
    description: str | None = None
    privacy: Privacy = "PUBLIC"
    is_ads_only: bool = False
    follower_count: int = 0
    collaborator_ids: list[str] = field(default_factory=list)
    collaborators_may_write: bool = False


@dataclass(slots=True, kw_only=True)
class Section:
    """A section of a board."""

    id: str
    board_id: str
    name: str


@dataclass(slots=True, kw_only=True)
class Picture:
    """A stored image, in pixels; `art` names generated demo artwork instead of stored bytes."""

    id: str
    width: int
    height: int
    dominant_color: str
    format: Literal["JPEG", "PNG"] = "JPEG"
    art: str | None = None


@dataclass(slots=True, kw_only=True)
class Slide:
    """One image of a Pin; a carousel has two to five."""

    picture_id: str
    title: str | None = None
    description: str | None = None
    link: str | None = None


@dataclass(slots=True, kw_only=True)
class Pin:
    """A Pin. It shows in lists from `listed_at` on (later than `created_at` under a lag fault)."""

    id: str
    account_id: str
    board_id: str
    created_at: datetime
    listed_at: datetime
    slides: list[Slide]
    section_id: str | None = None
    title: str | None = None
    description: str | None = None
    link: str | None = None
    alt_text: str | None = None
    dominant_color: str | None = None
    parent_pin_id: str | None = None
    is_standard: bool = True
    media_id: str | None = None
    playable_at: datetime | None = None

    def creative_type(self, now: datetime) -> str:
        """REGULAR, CAROUSEL, or VIDEO; a fresh video Pin says REGULAR for a while."""
        if self.playable_at is not None and self.playable_at <= now:
            return "VIDEO"
        return "CAROUSEL" if len(self.slides) > 1 else "REGULAR"


@dataclass(slots=True, kw_only=True)
class Media:
    """A registered video upload; `form` has the digest of each signed field under its name.

    `settled_at` is when processing ends: never, where it is None after the upload. The video
    itself is not kept; its length is in milliseconds and its size in pixels.
    """

    id: str
    account_id: str
    form: dict[str, str] = field(repr=False)
    expires_at: datetime
    uploaded_at: datetime | None = None
    settled_at: datetime | None = None
    failed: bool = False
    duration_ms: int = 0
    width: int = 0
    height: int = 0

    def status(self, now: datetime) -> MediaStatus:
        """How far it is at an instant."""
        if self.uploaded_at is None:
            return "registered"
        if self.settled_at is None or now < self.settled_at:
            return "processing"
        return "failed" if self.failed else "succeeded"


@dataclass(slots=True, kw_only=True)
class Code:
    """An authorization code, kept as the digest of what was handed out."""

    app_id: str
    account_id: str
    redirect_uri: str
    scopes: list[str]
    expires_at: datetime
    used: bool = False


@dataclass(slots=True, kw_only=True)
class Token:
    """An access or refresh token, kept as the digest of what was handed out."""

    kind: Literal["access", "refresh"]
    app_id: str
    account_id: str
    scopes: list[str]
    expires_at: datetime
    dead: bool = False


@dataclass(slots=True, kw_only=True)
class Records:
    """Everything that outlives a restart. Codes and tokens are keyed by digest."""

    apps: dict[str, App] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    pins: dict[str, Pin] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)


class Index:
    """Which Pins lie on which board, oldest first, so that lists need no full scan."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._by_board: dict[str, dict[str, None]] = {}
        for pin in records.pins.values():
            self.add(pin)

    def add(self, pin: Pin) -> None:
        """Note a Pin on its board, in the order of ids (which is that of creation)."""
        ids = self._by_board.setdefault(pin.board_id, {})
        moved_here = bool(ids) and int(next(reversed(ids))) > int(pin.id)
        ids[pin.id] = None
        if moved_here:
            self._by_board[pin.board_id] = dict.fromkeys(sorted(ids, key=int))

    def discard(self, pin: Pin) -> None:
        """Forget a Pin on its board."""
        self._by_board.get(pin.board_id, {}).pop(pin.id, None)

    def pins_on(self, board_id: str) -> Iterator[Pin]:
        """The board's Pins, newest first."""
        ids = self._by_board.get(board_id, {})
        return (self._records.pins[pin_id] for pin_id in reversed(ids))

    def count_on(self, board_id: str) -> int:
        """How many Pins the board has."""
        return len(self._by_board.get(board_id, {}))
