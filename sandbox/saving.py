"""What a Pin button of another site asks for, and what Pinterest's servers do for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.crawler import IMAGE_COPIER, IMAGE_PROXY, PINTERESTBOT, Fetch
from sandbox.records import Board, Picture, Pin, Slide
from sandbox.urls import is_web_address
from sandbox.wire import ApiError

if TYPE_CHECKING:
    from sandbox.core import Core

LONGEST_DESCRIPTION = 500
LONGEST_TITLE = 100
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A picture somewhere, the page it was found on, and words for it."""

    media: str
    url: str
    description: str


class BadButtonError(Exception):
    """A button whose addresses lead nowhere; the text says which."""


class NoPictureError(Exception):
    """A picture that could not be had; the text says why."""


def read_wanted(form: Mapping[str, str]) -> Wanted:
    """Read a button's parameters; raises BadButtonError."""
    for name, what in (("media", "picture"), ("url", "page")):
        address = form.get(name, "")
        if not _WEB.match(address) or not is_web_address(address):
            raise BadButtonError(
                f"The button names no {what}: its “{name}” must be a web address that begins with "
                "http:// or https://. Whoever made the page can mend it."
            )
    # Older buttons call it by another name.
    words = form.get("description") or form.get("title") or ""
    return Wanted(
        media=form["media"], url=form["url"], description=words.strip()[:LONGEST_DESCRIPTION]
    )


def preview(sandbox: "Core", wanted: Wanted) -> str:
    """Fetch the picture through the image proxy; returns where it is shown from.

    Raises NoPictureError. Nobody has saved anything yet.
    """
    content = _content(sandbox, wanted.media, user_agent=IMAGE_PROXY)
    try:
        return sandbox.previews.keep(content)
    except ApiError as error:
        raise NoPictureError(error.message) from None


def save(sandbox: "Core", wanted: Wanted, board: Board) -> Pin:
    """Copy the picture, twice as seen in servers' logs, and put a Pin on the board.

    A moment later the page is read. Raises NoPictureError, and then there is no Pin.
    """
    content = _content(sandbox, wanted.media, user_agent=IMAGE_COPIER)
    try:
        picture = sandbox.keep_picture(content)
    except ApiError as error:
        raise NoPictureError(error.message) from None
    _visit(sandbox, wanted.media, user_agent=IMAGE_COPIER)
    pin = _keep_pin(sandbox, wanted, board, picture)
    sandbox.afterwards(
        sandbox.settings.landing_read_seconds,
        lambda: _read_page(sandbox, wanted.url),
    )
    return pin


def _keep_pin(sandbox: "Core", wanted: Wanted, board: Board, picture: Picture) -> Pin:
    with sandbox.lock:
        now = sandbox.clock.now()
        pin = Pin(
            id=sandbox.ids.entity("pin"),
            account_id=board.owner_id,
            board_id=board.id,
            created_at=now,
            listed_at=now,
            slides=[Slide(picture_id=picture.id)],
            # Pinterest names such a Pin after its page; of the page nothing is known here.
            title=wanted.description[:LONGEST_TITLE] or None,
            description=wanted.description or None,
            link=wanted.url,
        )
        sandbox.keep_pin(pin)
    return pin


def _read_page(sandbox: "Core", url: str) -> None:
    _visit(sandbox, url, user_agent=PINTERESTBOT)


def _content(sandbox: "Core", url: str, *, user_agent: str) -> bytes:
    fetch = _visit(sandbox, url, user_agent=user_agent)
    if fetch.outcome != "ok":
        raise NoPictureError(_reason(fetch))
    return fetch.content


def _visit(sandbox: "Core", url: str, *, user_agent: str) -> Fetch:
    fetch = sandbox.crawler.fetch(url, user_agent=user_agent)
    sandbox.log_fetch(fetch)
    return fetch


def _reason(fetch: Fetch) -> str:
    if fetch.status is None:
        return f"The site of the picture could not be reached ({fetch.outcome})."
    if fetch.status != 200:
        return f"The site of the picture answered {fetch.status}."
    return f"What the site sent is not a picture ({fetch.outcome})."
