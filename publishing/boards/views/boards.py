"""The board picker's list, as a fragment."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.models import Connection
from accounts.policy import Role
from accounts.selectors import active_connections_of
from accounts.services.tokens import ConnectionLost
from foundation.leases.nudge import nudge
from pinterest.errors import PinterestError
from publishing.boards.selectors.boards import board_list_of, find_boards
from publishing.boards.services.boards import sync_boards
from publishing.boards.tasks import read_boards
from publishing.models import Board
from publishing.pins.views.queries import row_of, text_of


@require_GET
@member_view()
def board_options(request: MemberRequest) -> HttpResponse:
    """Boards of the chosen account that match the search."""
    connection = _chosen_connection(request, request.GET.get("connection", ""))
    context = picker(
        connection, text=text_of(request.GET, "q"), chosen=text_of(request.GET, "board")
    )
    return render(request, "publishing/boards/_board_options.html", context)


@require_POST
@member_view(Role.EDITOR)
def boards_refresh(request: MemberRequest) -> HttpResponse:
    """Read the account's boards from Pinterest again, then show them."""
    connection = _chosen_connection(request, request.POST.get("connection", ""))
    problem = read_now(connection) if connection else ""
    context = picker(connection, text="", chosen=text_of(request.POST, "board"))
    context["problem"] = problem or context["problem"]
    return render(request, "publishing/boards/_board_options.html", context)


def picker(connection: Connection | None, *, text: str, chosen: str) -> dict[str, Any]:
    """Context of the picker's list; `chosen` is a board id, or board id/section id."""
    if connection is None:
        return {"options": [], "more_count": 0, "query": text, "problem": ""}
    board_list = board_list_of(connection)
    problem = board_list.problem if board_list else ""
    if not text and (board_list is None or board_list.synced_at is None):
        problem = read_now(connection)
    page = find_boards(connection, text=text, keep=chosen.partition("/")[0])
    return {
        "options": [option for board in page.boards for option in _options(board, chosen=chosen)],
        "more_count": page.more,
        "query": text,
        "problem": problem,
    }


def read_now(connection: Connection) -> str:
    """Read boards while the person waits, leave the sections to a worker; returns the problem."""
    now = timezone.now()
    try:
        sync_boards(connection_id=connection.pk, now=now)
    except (PinterestError, ConnectionLost) as error:
        return str(error)
    nudge(read_boards, connection_id=str(connection.pk), asked_at=now.isoformat())
    return ""


def _chosen_connection(request: MemberRequest, connection_id: str) -> Connection | None:
    connections = active_connections_of(request.workspace)
    if not connection_id:
        return connections.first()
    return row_of(connections, connection_id)


def _options(board: Board, *, chosen: str) -> list[dict[str, Any]]:
    """The board itself, then its sections."""
    values = [(board.pinterest_id, "")] + [
        (f"{board.pinterest_id}/{section.pinterest_id}", section.name)
        for section in board.sections.all()
    ]
    return [
        {
            "value": value,
            "label": board.name,
            "section_label": section_label,
            "cover_url": board.cover_url,
            "privacy": board.privacy,
            "checked": value == chosen,
        }
        for value, section_label in values
    ]
