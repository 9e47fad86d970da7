"""Pages for people: the front page, accounts, boards and Pins."""

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sandbox.closeup import pin_page
from sandbox.fragments import (
    account_address,
    avatar,
    board_address,
    count_words,
    outward,
    privacy_mark,
    video_badge,
)
from sandbox.layout import message_page, page_response
from sandbox.markup import Html, el
from sandbox.records import Account, Board, Pin, Section
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.core import Core

_PIN = re.compile(r"/pin/([0-9]+)/")
_ACCOUNT = re.compile(r"/([^/]+)/")
_BOARD = re.compile(r"/([^/]+)/([^/]+)/")
_COVER_PICTURES = 3
_PINS_SHOWN = 200


def answer_page(sandbox: "Core", request: Request) -> Response:
    """Find the page of a path; a missing final slash is forgiven."""
    path = unquote(request.path)
    if not path.endswith("/"):
        path += "/"
    with sandbox.lock:
        return _find(sandbox, path) or message_page(
            "Nothing here", "This sandbox has no such page. It may have been deleted.", status=404
        )


def _find(sandbox: "Core", path: str) -> Response | None:
    if path == "/":
        return _front_page(sandbox)
    if match := _PIN.fullmatch(path):
        pin = sandbox.records.pins.get(match[1])
        return pin_page(sandbox, pin) if pin else None
    if match := _ACCOUNT.fullmatch(path):
        account = _account(sandbox, match[1])
        return _account_page(sandbox, account) if account else None
    if match := _BOARD.fullmatch(path):
        board = _board(sandbox, match[1], match[2])
        return _board_page(sandbox, board) if board else None
    return None


def _account(sandbox: "Core", username: str) -> Account | None:
    accounts = sandbox.records.accounts.values()
    return next((account for account in accounts if account.username == username), None)


def _board(sandbox: "Core", username: str, slug: str) -> Board | None:
    owner = _account(sandbox, username)
    boards = boards_of(sandbox, owner) if owner else []
    return next((board for board in boards if board.slug == slug), None)


def boards_of(sandbox: "Core", account: Account) -> list[Board]:
    """The account's own boards, those with the newest Pins first."""
    own = [board for board in sandbox.records.boards.values() if board.owner_id == account.id]
    return sorted(own, key=lambda board: board.pins_modified_at, reverse=True)


def _front_page(sandbox: "Core") -> Response:
    intro = el(
        "section",
        el("h1", "A small Pinterest on this machine"),
        el(
            "p",
            "It signs accounts in, keeps boards and shows the Pins an app publishes, with the "
            "same rules and the same errors. Nothing leaves this machine.",
        ),
        class_="intro",
    )
    accounts = [_account_section(sandbox, who) for who in sandbox.records.accounts.values()]
    empty = el("p", "There are no accounts yet.", class_="empty")
    return page_response("Accounts and boards", intro, accounts or empty)


def _account_section(sandbox: "Core", account: Account) -> Html:
    return el("section", _account_head(account, "h2"), _board_grid(sandbox, account))


def _account_head(account: Account, heading: str) -> Html:
    name = el("a", account.name, href=account_address(account))
    figures = f"@{account.username} · {account.follower_count:,} followers"
    return el(
        "div",
        avatar(account),
        el("div", el(heading, name), el("p", figures, class_="quiet")),
        class_="who",
    )


def _account_page(sandbox: "Core", account: Account) -> Response:
    website = outward(account.website_url) if account.website_url else None
    about = el("p", account.about) if account.about else None
    head = el("section", _account_head(account, "h1"), about, website, class_="profile")
    return page_response(account.name, head, _board_grid(sandbox, account))


def _board_grid(sandbox: "Core", account: Account) -> Html:
    cards = [_board_card(sandbox, account, board) for board in boards_of(sandbox, account)]
    if not cards:
        return el("p", f"{account.name} has no boards yet.", class_="empty")
    return el("ul", cards, class_="boards")


def _board_card(sandbox: "Core", account: Account, board: Board) -> Html:
    pins = list(islice(sandbox.index.pins_on(board.id), _COVER_PICTURES))
    covers = [
        el("img", src=f"/images/400x300/{pin.slides[0].picture_id}", alt="", loading="lazy")
        for pin in pins
    ]
    blanks = [el("span") for _ in range(_COVER_PICTURES - len(covers))]
    card = el(
        "a",
        el("span", covers, blanks, class_="cover"),
        el("b", board.name),
        el("small", count_words(sandbox.index.count_on(board.id)), privacy_mark(board)),
        href=board_address(account, board),
    )
    return el("li", card)


def _board_page(sandbox: "Core", board: Board) -> Response:
    owner = sandbox.records.accounts[board.owner_id]
    sections = {part.id: part for part in sandbox.records.sections.values()}
    own = [part for part in sections.values() if part.board_id == board.id]
    head = el(
        "section",
        el("h1", board.name, privacy_mark(board)),
        el("p", board.description) if board.description else None,
        el(
            "p",
            el("a", owner.name, href=account_address(owner)),
            f" · {count_words(sandbox.index.count_on(board.id))}",
            class_="quiet",
        ),
        el("ul", [el("li", part.name) for part in own], class_="chips") if own else None,
        class_="board-head",
    )
    newest = islice(sandbox.index.pins_on(board.id), _PINS_SHOWN)
    cards = [_pin_card(sandbox, pin, sections) for pin in newest]
    hint = "No Pins here yet. Publish one to this board and reload the page."
    content = el("ul", cards, class_="masonry") if cards else el("p", hint, class_="empty")
    older = sandbox.index.count_on(board.id) - len(cards)
    rest = el("p", f"And {count_words(older)} more, older than these.", class_="empty")
    return page_response(board.name, head, content, rest if older else None)


def _pin_card(sandbox: "Core", pin: Pin, sections: dict[str, Section]) -> Html:
    section = sections.get(pin.section_id or "")
    address = f"/pin/{pin.id}/"
    picture = el(
        "img",
        src=f"/images/600x/{pin.slides[0].picture_id}",
        alt=pin.alt_text or pin.title or "Pin without alt text",
        loading="lazy",
    )
    many = el("span", f"{len(pin.slides)} pictures", class_="badge") if pin.slides[1:] else None
    return el(
        "li",
        el("a", picture, many, video_badge(sandbox, pin), href=address, class_="picture"),
        el("h2", el("a", pin.title, href=address)) if pin.title else None,
        el("p", pin.description) if pin.description else None,
        outward(pin.link) if pin.link else None,
        el("small", section.name, class_="section") if section else None,
    )
