"""Small pieces that several pages show."""

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from sandbox.markup import Html, el
from sandbox.records import Account, Board, Pin

if TYPE_CHECKING:
    from sandbox.core import Core


def outward(address: str) -> Html:
    """A link that leaves the sandbox, shown by its host; plain text unless it is http(s)."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"}:
        return el("span", address, class_="outward")
    host = (parts.hostname or address).removeprefix("www.")
    return el("a", host, href=address, rel="nofollow noopener", title=address, class_="outward")


def board_address(owner: Account, board: Board) -> str:
    """The path of a board's page."""
    return f"/{quote(owner.username)}/{quote(board.slug)}/"


def account_address(account: Account) -> str:
    """The path of an account's page."""
    return f"/{quote(account.username)}/"


def privacy_mark(board: Board) -> Html | None:
    """A word for boards that the public would not see."""
    if board.privacy == "PUBLIC":
        return None
    return el("span", board.privacy.lower(), class_="badge")


def video_badge(sandbox: "Core", pin: Pin) -> Html | None:
    """A mark on the covers of videos; the videos themselves are not kept here."""
    if pin.media_id is None:
        return None
    playable = pin.creative_type(sandbox.clock.now()) == "VIDEO"
    return el("span", "▶ Video" if playable else "Video in processing", class_="badge")


def count_words(count: int) -> str:
    """How many Pins, in words."""
    return "1 Pin" if count == 1 else f"{count:,} Pins"


def avatar(account: Account) -> Html:
    """The account's picture, or its initial."""
    if account.picture_id:
        address = f"/images/150x150/{account.picture_id}"
        return el("img", src=address, alt="", width="48", height="48", class_="avatar")
    return el("span", account.name[:1].upper(), class_="avatar initial", aria_hidden="true")
