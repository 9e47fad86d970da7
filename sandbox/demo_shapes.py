"""What a demo account is made of."""

from dataclasses import dataclass, field

from sandbox.records import Privacy


@dataclass(frozen=True, slots=True)
class DemoPin:
    """A Pin; `art` names its picture."""

    art: str
    title: str
    description: str
    alt_text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBoard:
    """A board; its Pins are dealt out over its sections in turn."""

    name: str
    description: str
    pins: tuple[DemoPin, ...] = ()
    privacy: Privacy = "PUBLIC"
    sections: tuple[str, ...] = ()
    followers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """A business account."""

    username: str
    name: str
    about: str
    website_url: str
    art: str
    followers: int
    following: int
    monthly_views: int
    boards: tuple[DemoBoard, ...] = field(default=())
