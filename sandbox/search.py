"""`/search/boards` and `/search/pins`: words within one's own names and texts."""

from collections.abc import Iterable

from sandbox import errors
from sandbox.boards import belongs
from sandbox.call import SignedCall
from sandbox.guard import check_acting_account
from sandbox.listing import list_pins
from sandbox.paging import page
from sandbox.shapes import board_json
from sandbox.wire import Response, json_response


def search_boards(call: SignedCall) -> Response:
    """`GET /search/boards`: all boards where no `query` is given."""
    check_acting_account(call)
    words = _words(call)
    found = [
        board
        for board in sorted(call.records.boards.values(), key=lambda b: int(b.id), reverse=True)
        if belongs(board, call.account) and _has(words, (board.name, board.description))
    ]
    shown, bookmark = page(call, found, key=lambda board: board.id)
    items = [board_json(call, board) for board in shown]
    return json_response(200, {"items": items, "bookmark": bookmark})


def search_pins(call: SignedCall) -> Response:
    """`GET /search/pins`."""
    words = _words(call)
    if not words:
        raise errors.invalid("'query' is a required property")
    own = (
        pin
        for pin in reversed(call.records.pins.values())
        if pin.account_id == call.account.id and _has(words, (pin.title, pin.description))
    )
    return list_pins(call, own)


def _words(call: SignedCall) -> list[str]:
    return (call.request.parameter("query") or "").casefold().split()


def _has(words: Iterable[str], texts: Iterable[str | None]) -> bool:
    text = " ".join(each or "" for each in texts).casefold()
    return all(word in text for word in words)
