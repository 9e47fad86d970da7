"""The board manager: an account's boards, what waits for them, and making new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.models import Connection
from accounts.policy import Role, role_allows
from accounts.selectors import active_connections_of, connections_of
from accounts.services.tokens import ConnectionLost
from pinterest.errors import PinterestError
from publishing.boards.forms import BoardForm, SectionForm
from publishing.boards.selectors.board_book import boards_by_name
from publishing.boards.selectors.board_desk import (
    board_of,
    boards_of,
    desk_of,
    section_of,
    stranded_on,
)
from publishing.boards.selectors.boards import board_list_of
from publishing.boards.services import board_making, board_moves
from publishing.boards.services.board_making import (
    BoardBusy,
    BoardExists,
    OutcomeUnknown,
    SectionExists,
)
from publishing.boards.views.board_context import account_facts, board_facts, stranded_facts
from publishing.boards.views.boards import read_now
from publishing.models import Board, BoardSection
from publishing.pins.views.queries import row_of, text_of
from publishing.pins.views.sections import section_nav

PAGE_SIZE = 48
SECTIONS_FOLLOW = (
    "The boards are read. Their sections are being read now, board after board: each board says "
    "when its own were."
)
_NOT_MADE = (BoardExists, SectionExists, OutcomeUnknown, BoardBusy, PinterestError, ConnectionLost)


@require_GET
@member_view()
def board_desk(request: MemberRequest) -> HttpResponse:
    """An account's boards, with covers, sections and the Pins that wait for them."""
    return _page(request, _account(request, text_of(request.GET, "account")))


@require_POST
@member_view(Role.EDITOR)
def board_sync(request: MemberRequest) -> HttpResponse:
    """Read an account's boards from Pinterest now."""
    connection = _active_account(request)
    problem = read_now(connection)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, SECTIONS_FOLLOW)
    return _back(connection)


@require_POST
@member_view(Role.EDITOR)
def board_new(request: MemberRequest) -> HttpResponse:
    """Make a board at Pinterest."""
    connection = _active_account(request)
    form = BoardForm(request.POST, connection=connection)
    if not form.is_valid():
        return _page(request, connection, form=form)
    try:
        board = board_making.create_board(
            connection=connection, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except BoardExists as error:
        form.add_error("name", str(error))
        return _page(request, connection, form=form, existing=error.board)
    except _NOT_MADE as error:
        form.add_error(None, str(error))
        return _page(request, connection, form=form)
    messages.success(request, f"The board “{board}” is made.")
    return _back(connection, board=board)


@require_POST
@member_view(Role.EDITOR)
def section_new(request: MemberRequest, board_id: int) -> HttpResponse:
    """Make a section in a board."""
    board = board_of(request.workspace, board_id)
    if board is None:
        raise Http404

    def make(name: str) -> str:
        made = board_making.create_section(
            board=board, by=request.user, name=name, now=timezone.now()
        )
        return f"The section “{made}” is made."

    return _with_section_name(request, board, make)


@require_POST
@member_view(Role.EDITOR)
def section_rename(request: MemberRequest, section_id: int) -> HttpResponse:
    """Give a section another name."""
    section = section_of(request.workspace, section_id)
    if section is None:
        raise Http404

    def rename(name: str) -> str:
        board_making.rename_section(section=section, by=request.user, name=name, now=timezone.now())
        return f"The section is called “{section}” now."

    return _with_section_name(request, section.board, rename)


@require_POST
@member_view(Role.EDITOR)
def stranded_move(request: MemberRequest) -> HttpResponse:
    """Send the Pins of a board or section that is gone to another one."""
    board, section = _gone_place(request)
    connection = board.connection
    account = boards_by_name(connection)
    wanted = account.resolve(request.POST.get("to", "").replace("\x00", ""))
    if wanted.place is None:
        names = ", ".join(f"“{place.name}”" for place in wanted.candidates)
        messages.error(request, f"{wanted.message} {names}".strip())
        return _back(connection)
    to, to_section = account.rows(wanted.place)
    now = timezone.now()
    if section is not None:
        moved = board_moves.move_from_section(
            gone=section, to=to, section=to_section, by=request.user, now=now
        )
    else:
        moved = board_moves.move_from_board(
            board=board, to=to, section=to_section, by=request.user, now=now
        )
    count = "1 Pin goes" if moved == 1 else f"{moved:,} Pins go"
    messages.success(request, f"{count} to “{wanted.place.name}” now.")
    return _back(connection)


def _with_section_name(
    request: MemberRequest, board: Board, change: Callable[[str], str]
) -> HttpResponse:
    """Do something with the section's name that was sent, and tell how it went."""
    form = SectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["name"])))
    else:
        try:
            messages.success(request, change(form.cleaned_data["name"]))
        except _NOT_MADE as error:
            messages.error(request, str(error))
    return _back(board.connection, board=board, query=text_of(request.POST, "q"))


def _page(
    request: MemberRequest,
    connection: Connection | None,
    *,
    form: BoardForm | None = None,
    existing: Board | None = None,
) -> HttpResponse:
    text = text_of(request.GET, "q")
    context: dict[str, Any] = {
        "sections": section_nav(request),
        "connections_url": reverse("connections"),
        "tabs": _tabs(request, connection),
        "text": text,
        "account": None,
    }
    if connection is not None:
        may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
        page = Paginator(boards_of(connection, text=text), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        desk = desk_of(connection, list(page))
        context |= {
            "account": account_facts(connection, board_list_of(connection)),
            "boards": [board_facts(board, desk.counts_of(board)) for board in desk.boards],
            "page": page,
            "query": urlencode({"account": str(connection.pk), "q": text}) + "&",
            "stranded": [stranded_facts(each) for each in stranded_on(connection)],
            "may_edit": may_edit,
            "may_write": may_edit and connection.is_active,
            "form": form or BoardForm(connection=connection),
            "existing": existing,
            "existing_url": _search_url(existing) if existing else "",
        }
    status = 422 if form is not None else 200
    return render(request, "publishing/boards/board_desk.html", context, status=status)


def _tabs(request: MemberRequest, chosen: Connection | None) -> list[dict[str, Any]]:
    """One tab for each account, where there are several."""
    accounts = list(connections_of(request.workspace))
    return [
        {
            "label": str(account),
            "url": f"?account={account.pk}",
            "active": chosen is not None and account.pk == chosen.pk,
            "count": None,
        }
        for account in accounts
        if len(accounts) > 1
    ]


def _account(request: MemberRequest, account_id: str) -> Connection | None:
    """The account that an address names, or the first one."""
    accounts = connections_of(request.workspace)
    return row_of(accounts, account_id) if account_id else accounts.first()


def _active_account(request: MemberRequest) -> Connection:
    return row_of(active_connections_of(request.workspace), request.POST.get("account", ""))


def _gone_place(request: MemberRequest) -> tuple[Board, BoardSection | None]:
    """The board, or the section and its board, that a form names. Raises Http404."""
    kind, _, row_id = request.POST.get("from", "").partition("-")
    number = int(row_id) if row_id.isascii() and row_id.isdigit() and len(row_id) < 19 else 0
    section = section_of(request.workspace, number) if kind == "section" else None
    board = section.board if section else None
    if kind == "board":
        board = board_of(request.workspace, number)
    if board is None:
        raise Http404
    return board, section


def _search_url(board: Board) -> str:
    return "?" + urlencode({"account": str(board.connection_id), "q": board.name})


def _back(connection: Connection, *, board: Board | None = None, query: str = "") -> HttpResponse:
    parameters = {"account": str(connection.pk), **({"q": query} if query else {})}
    anchor = f"#board-{board.pk}" if board else ""
    return redirect(f"{reverse('board_desk')}?{urlencode(parameters)}{anchor}")
