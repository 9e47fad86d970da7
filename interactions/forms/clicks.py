"""What a button's beacon says, read strictly."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec

from interactions.policy.tokens import LONGEST_TOKEN

T = TypeVar("T")

LONGEST_BODY = 4096
"""Bytes of a beacon."""

_Key = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9]{1,24}\Z")]
_Nonce = Annotated[str, msgspec.Meta(min_length=22, max_length=22)]
_Url = Annotated[str, msgspec.Meta(max_length=2000, pattern=r"\A(https?://[^\x00-\x20]+)?\Z")]


class Beacon(msgspec.Struct, forbid_unknown_fields=True):
    """A click as the browser tells it."""

    site: _Key
    entity: _Key
    token: Annotated[str, msgspec.Meta(max_length=LONGEST_TOKEN)]
    nonce: _Nonce
    action: Literal["pinit"] = "pinit"
    page_url: _Url = ""
    trusted: bool = True
    landing: _Nonce | None = None
    consent: bool = False


class Landing(msgspec.Struct, forbid_unknown_fields=True):
    """A visit of a landing page as the browser tells it."""

    site: _Key
    landing: _Nonce
    page_url: _Url = ""
    referrer: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    consent: bool = False


class Crawl(msgspec.Struct, forbid_unknown_fields=True):
    """A crawl of a landing page as the publisher's server reports it."""

    site: _Key
    key_id: Annotated[str, msgspec.Meta(max_length=12)]
    landing: _Nonce
    user_agent: Annotated[str, msgspec.Meta(max_length=500)]
    address: Annotated[str, msgspec.Meta(max_length=45)]
    at: int
    mac: Annotated[str, msgspec.Meta(max_length=64)]


class Unreadable(Exception):
    """The body is not what it should be; the text says what is wrong, for developers."""


_BEACON = msgspec.json.Decoder(Beacon)
_LANDING = msgspec.json.Decoder(Landing)
_CRAWL = msgspec.json.Decoder(Crawl)


def read_beacon(body: bytes) -> Beacon:
    """Read a click. Raises Unreadable."""
    return _read(_BEACON, body)


def read_landing(body: bytes) -> Landing:
    """Read a visit. Raises Unreadable."""
    return _read(_LANDING, body)


def read_crawl(body: bytes) -> Crawl:
    """Read a crawl. Raises Unreadable."""
    return _read(_CRAWL, body)


def _read(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as error:
        raise Unreadable(str(error)) from None
