"""Who follows whom: `/user_account/followers`, `/following` and the boards that come with it."""

from collections.abc import Iterable, Iterator

from sandbox import errors
from sandbox.call import SignedCall
from sandbox.guard import check_acting_account
from sandbox.paging import page
from sandbox.parameters import check_choice, read_flag
from sandbox.records import Account, Board
from sandbox.schema import Follow, decode_body
from sandbox.shapes import board_json
from sandbox.wire import Response, json_response

_FEEDS = ("ALL", "RANKED", "CREATOR_ONLY", "RANKED_CREATOR_ONLY")


def list_followers(call: SignedCall) -> Response:
    """`GET /user_account/followers`: those that this sandbox knows by name."""
    followers = (
        each for each in call.records.accounts.values() if call.account.id in each.following_ids
    )
    return _people(call, followers)


def list_following(call: SignedCall) -> Response:
    """`GET /user_account/following`."""
    check_choice(call, "feed_type", _FEEDS)
    read_flag(call, "explicit_following")
    check_acting_account(call)
    return _people(call, _followed(call))


def list_followed_boards(call: SignedCall) -> Response:
    """`GET /user_account/following/boards`: the public boards of those who are followed.

    Boards are never followed by themselves here, so `explicit_following` leaves none.
    """
    explicit = read_flag(call, "explicit_following")
    check_acting_account(call)
    followed = {each.id for each in _followed(call)}
    boards: Iterable[Board] = () if explicit else call.records.boards.values()
    public = [each for each in boards if each.owner_id in followed and each.privacy == "PUBLIC"]
    newest_first = sorted(public, key=lambda board: int(board.id), reverse=True)
    shown, bookmark = page(call, newest_first, key=lambda board: board.id)
    items = [board_json(call, board) for board in shown]
    return json_response(200, {"items": items, "bookmark": bookmark})


def follow(call: SignedCall) -> Response:
    """`POST /user_account/following/{username}` (beta)."""
    decode_body(call.request, Follow)
    wanted = call.path["username"]
    for account in call.records.accounts.values():
        if account.username == wanted and account is not call.account:
            if account.id not in call.account.following_ids:
                call.account.following_ids.append(account.id)
            return json_response(200, _summary(account))
    raise errors.user_not_found()


def _followed(call: SignedCall) -> Iterator[Account]:
    return (
        call.records.accounts[each]
        for each in call.account.following_ids
        if each in call.records.accounts
    )


def _people(call: SignedCall, people: Iterable[Account]) -> Response:
    newest_first = sorted(people, key=lambda account: int(account.id), reverse=True)
    shown, bookmark = page(call, newest_first, key=lambda account: account.id)
    return json_response(
        200, {"items": [_summary(account) for account in shown], "bookmark": bookmark}
    )


def _summary(account: Account) -> dict[str, object]:
    return {"type": "user", "username": account.username}
