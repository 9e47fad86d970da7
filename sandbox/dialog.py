"""The dialog that a Pin button opens: the picture, its words, a board, Save or Cancel."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from sandbox.fragments import board_address
from sandbox.layout import message_page, page_response
from sandbox.markup import Html, el
from sandbox.pages import boards_of
from sandbox.records import Account, Board
from sandbox.saving import (
    LONGEST_DESCRIPTION,
    BadButtonError,
    NoPictureError,
    Wanted,
    preview,
    read_wanted,
    save,
)
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.core import Core

PATHS = {"/pin/create/button/", "/pin/create/link/", "/pin/create/bookmarklet/"}
SAVED_PATH = "/pin/create/saved/"


def answer_dialog(sandbox: "Core", request: Request) -> Response:
    """`GET` shows the dialog, `POST` takes the decision. Fetching happens outside the lock."""
    form = request.form() if request.method == "POST" else dict(request.parameters())
    if form.get("decision") == "cancel":
        return message_page(
            "Nothing was saved", "You can close this window and go on where you were.", status=200
        )
    try:
        wanted = read_wanted(form)
    except BadButtonError as error:
        return message_page("This Pin button does not work", str(error), status=400)
    if request.method == "POST":
        return _save(sandbox, wanted, form.get("board", ""))
    return _dialog(sandbox, wanted)


def answer_saved(sandbox: "Core", request: Request) -> Response:
    """Where a save leads to: what was saved, and where it is."""
    with sandbox.lock:
        pin = sandbox.records.pins.get(request.parameter("pin") or "")
        if pin is None:
            return message_page("Nothing here", "This Pin has been deleted.", status=404)
        board = sandbox.records.boards[pin.board_id]
        owner = sandbox.records.accounts[board.owner_id]
        card = el(
            "section",
            el("img", src=f"/images/400x300/{pin.slides[0].picture_id}", alt="", class_="kept"),
            el("h1", "Saved to ", el("a", board.name, href=board_address(owner, board))),
            el("p", f"@{owner.username} has a new Pin. You can close this window."),
            el("p", el("a", "See the Pin", href=f"/pin/{pin.id}/", class_="go")),
            class_="message",
        )
        return page_response(f"Saved to {board.name}", card)


def _save(sandbox: "Core", wanted: Wanted, board_id: str) -> Response:
    with sandbox.lock:
        board = sandbox.records.boards.get(board_id)
    if board is None:
        return _dialog(sandbox, wanted, problem="Choose the board to save to.", status=400)
    try:
        pin = save(sandbox, wanted, board)
    except NoPictureError as error:
        return _dialog(sandbox, wanted, problem=f"Nothing was saved. {error}", status=400)
    location = f"{SAVED_PATH}?{urlencode({'pin': pin.id})}"
    return Response(303, {"location": location, "cache-control": "no-store"})


def _dialog(
    sandbox: "Core", wanted: Wanted, *, problem: str | None = None, status: int = 200
) -> Response:
    shown, trouble = None, None
    try:
        shown = preview(sandbox, wanted)
    except NoPictureError as error:
        trouble = str(error)
    with sandbox.lock:
        card = el(
            "section",
            _picture(shown, wanted),
            _form(sandbox, wanted, problem=problem or trouble, can_save=shown is not None),
            class_="dialog",
        )
    return page_response("Save a Pin", card, status=status)


def _picture(shown: str | None, wanted: Wanted) -> Html:
    if shown is None:
        return el("div", el("p", "No picture"), class_="proxied")
    return el(
        "div", el("img", src=shown, alt=wanted.description or "The picture"), class_="proxied"
    )


def _form(sandbox: "Core", wanted: Wanted, *, problem: str | None, can_save: bool) -> Html:
    boards = _board_choice(sandbox)
    if boards is None:
        problem = "Nobody has a board here yet, so there is nowhere to save to."
    return el(
        "form",
        el("h1", "Save this picture"),
        el("p", problem, class_="problem", role="alert") if problem else None,
        el("input", type="hidden", name="media", value=wanted.media),
        el("input", type="hidden", name="url", value=wanted.url),
        el("p", el("span", "From ", class_="quiet"), _host(wanted.url), title=wanted.url),
        el("label", "Description", for_="description"),
        el(
            "textarea",
            wanted.description,
            id="description",
            name="description",
            rows="4",
            maxlength=str(LONGEST_DESCRIPTION),
        ),
        boards,
        el(
            "div",
            el("button", "Cancel", name="decision", value="cancel", class_="quiet"),
            el(
                "button",
                "Save",
                name="decision",
                value="save",
                disabled=not can_save or boards is None,
            ),
            class_="actions",
        ),
        method="post",
        action="/pin/create/button/",
    )


def _board_choice(sandbox: "Core") -> list[Html] | None:
    """The boards of everyone who lives here: choosing one is also choosing who you are."""
    groups = [
        el("optgroup", [_option(board) for board in boards], label=_who(account))
        for account in sandbox.records.accounts.values()
        if (boards := boards_of(sandbox, account))
    ]
    if not groups:
        return None
    return [el("label", "Board", for_="board"), el("select", groups, id="board", name="board")]


def _option(board: Board) -> Html:
    return el("option", board.name, value=board.id)


def _who(account: Account) -> str:
    return f"{account.name} (@{account.username})"


def _host(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.")
