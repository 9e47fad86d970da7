"""`/v5/boards`: list, create, read, change, delete, and the Pins on them."""

import re
from collections.abc import Iterator

from msgspec import UNSET

from sandbox import errors
from sandbox.call import SignedCall
from sandbox.guard import check_acting_account
from sandbox.listing import list_pins
from sandbox.paging import page
from sandbox.records import Account, Board, Records
from sandbox.schema import BoardCreate, BoardUpdate, decode_body
from sandbox.shapes import board_json
from sandbox.wire import Response, json_response, no_content

PRIVACY_FILTERS = ("ALL", "PUBLIC", "PROTECTED", "SECRET", "PUBLIC_AND_SECRET")


def list_boards(call: SignedCall) -> Response:
    """`GET /boards`: own and group boards; secret ones only with the secret scope."""
    wanted = call.request.parameter("privacy") or "ALL"
    if wanted not in PRIVACY_FILTERS:
        raise errors.invalid_parameter("privacy", wanted, PRIVACY_FILTERS)
    check_acting_account(call)
    shown, bookmark = page(call, _listed_boards(call, wanted), key=lambda board: board.id)
    items = [board_json(call, board) for board in shown]
    return json_response(200, {"items": items, "bookmark": bookmark})


def show_board(call: SignedCall) -> Response:
    """`GET /boards/{id}`."""
    check_acting_account(call)
    return json_response(200, board_json(call, readable_board(call)))


def create_board(call: SignedCall) -> Response:
    """`POST /boards`."""
    wanted = decode_body(call.request, BoardCreate)
    name = "Ad-only Pins" if wanted.is_ads_only else checked_name(wanted.name)
    check_acting_account(call)
    if wanted.privacy == "SECRET" and not wanted.is_ads_only:
        call.require_secret()
    refuse_duplicate(call.records, call.account, name)
    board = Board(
        id=call.sandbox.ids.entity("board"),
        owner_id=call.account.id,
        name=name,
        slug=free_slug(call.records, call.account.id, name),
        description=wanted.description,
        privacy="PROTECTED" if wanted.is_ads_only else wanted.privacy,
        is_ads_only=wanted.is_ads_only,
        created_at=call.now,
        pins_modified_at=call.now,
    )
    call.records.boards[board.id] = board
    return json_response(201, board_json(call, board))


def update_board(call: SignedCall) -> Response:
    """`PATCH /boards/{id}`."""
    wanted = decode_body(call.request, BoardUpdate)
    check_acting_account(call)
    board = own_board(call)
    if wanted.privacy == "SECRET":
        call.require_secret()
    if wanted.name is not UNSET and checked_name(wanted.name) != board.name:
        refuse_duplicate(call.records, call.account, wanted.name, besides=board)
        board.name = checked_name(wanted.name)
        board.slug = free_slug(call.records, call.account.id, board.name)
    if wanted.description is not UNSET:
        board.description = wanted.description
    if wanted.privacy is not UNSET:
        board.privacy = wanted.privacy
    return json_response(200, board_json(call, board))


def delete_board(call: SignedCall) -> Response:
    """`DELETE /boards/{id}`: its sections and Pins go with it."""
    check_acting_account(call)
    call.sandbox.drop_board(own_board(call))
    return no_content()


def list_board_pins(call: SignedCall) -> Response:
    """`GET /boards/{id}/pins`."""
    board = readable_board(call)
    return list_pins(call, call.sandbox.index.pins_on(board.id))


def readable_board(call: SignedCall) -> Board:
    """The path's board; 404/40 when unknown or foreign, 403/29 without the secret scope."""
    board = call.records.boards.get(call.path["board_id"])
    if board is None or not belongs(board, call.account):
        raise errors.board_not_found()
    if board.privacy == "SECRET":
        call.require_secret()
    return board


def own_board(call: SignedCall) -> Board:
    """The path's board when the caller owns it; a board of somebody else is 403/29."""
    board = call.records.boards.get(call.path["board_id"])
    if board is None:
        raise errors.board_not_found()
    if board.owner_id != call.account.id:
        raise errors.not_permitted()
    if board.privacy == "SECRET":
        call.require_secret()
    return board


def belongs(board: Board, account: Account) -> bool:
    """Whether the account owns the board or was invited to it."""
    return board.owner_id == account.id or account.id in board.collaborator_ids


def checked_name(name: str) -> str:
    """A board's name without outer blanks; raises ApiError 400/1 when nothing is left."""
    if not (stripped := name.strip()):
        raise errors.invalid("'name' is too short: minLength=1")
    return stripped


def refuse_duplicate(
    records: Records, owner: Account, name: str, *, besides: Board | None = None
) -> None:
    """Raise ApiError 400/58 when the owner has another board of that name."""
    wanted = name.strip().casefold()
    for board in records.boards.values():
        if board is not besides and board.owner_id == owner.id and board.name.casefold() == wanted:
            raise errors.duplicate_board_name()


def free_slug(records: Records, owner_id: str, name: str) -> str:
    """An address part for a board that none of the owner's boards has."""
    base = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_") or "board"
    taken = {board.slug for board in records.boards.values() if board.owner_id == owner_id}
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _listed_boards(call: SignedCall, wanted: str) -> Iterator[Board]:
    secret_seen = call.may_touch_secret()
    shown = {"ALL": {"PUBLIC", "PROTECTED", "SECRET"}, "PUBLIC_AND_SECRET": {"PUBLIC", "SECRET"}}
    privacies = shown.get(wanted, {wanted})
    for board in sorted(call.records.boards.values(), key=lambda b: int(b.id), reverse=True):
        if board.privacy not in privacies or not belongs(board, call.account):
            continue
        if board.privacy != "SECRET" or secret_seen:
            yield board
