"""Boards prepared for the board manager: words and addresses, no decisions left."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Connection
from publishing.boards.selectors.board_desk import BoardCounts, Stranded
from publishing.models import Board, BoardList
from publishing.pins.views.formats import local_text


def account_facts(connection: Connection, board_list: BoardList | None) -> dict[str, Any]:
    """An account with when its boards were last read, and how that went."""
    synced = board_list.synced_at if board_list else None
    return {
        "id": str(connection.pk),
        "name": str(connection),
        "title": connection.title,
        "is_active": connection.is_active,
        "synced_at": synced,
        "synced_text": local_text(synced),
        "problem": board_list.problem if board_list else "",
        "sync_url": reverse("board_sync"),
        "new_url": reverse("board_new"),
        "move_url": reverse("stranded_move"),
    }


def board_facts(board: Board, counts: BoardCounts) -> dict[str, Any]:
    """A board as a card shows it."""
    own = board.connection.username
    is_group = board.owner_username not in ("", own)
    return {
        "id": board.pk,
        "anchor": f"board-{board.pk}",
        "name": board.name,
        "cover_url": board.cover_url,
        "privacy": board.privacy,
        "owner_text": f"@{board.owner_username}’s board" if is_group else "",
        "at_pinterest": _pins_text(board.pin_count),
        "planned_text": f"{counts.planned:,} planned",
        "published_text": f"{counts.published:,} published here",
        "planned_url": _list_url(board, "scheduled"),
        "published_url": _list_url(board, "published"),
        "next_text": local_text(counts.next_at),
        "next_at": counts.next_at,
        "sections": [
            {
                "id": section.pk,
                "name": section.name,
                "rename_url": reverse("section_rename", args=[section.pk]),
            }
            for section in board.sections.all()
        ],
        "sections_at": board.sections_synced_at,
        "sections_text": local_text(board.sections_synced_at),
        "section_url": reverse("section_new", args=[board.pk]),
    }


def stranded_facts(stranded: Stranded) -> dict[str, Any]:
    """A board or section that is gone, and what waits for it."""
    section = stranded.section
    count = "1 Pin waits" if stranded.pins == 1 else f"{stranded.pins:,} Pins wait"
    name = f"{stranded.board} / {section}" if section else str(stranded.board)
    return {
        "key": f"section-{section.pk}" if section else f"board-{stranded.board.pk}",
        "name": name,
        "text": f"{count} for it and can't go out.",
        "id": f"to-{section.pk}-s" if section else f"to-{stranded.board.pk}",
    }


def _pins_text(count: int | None) -> str:
    if count is None:
        return ""
    return "1 Pin at Pinterest" if count == 1 else f"{count:,} Pins at Pinterest"


def _list_url(board: Board, show: str) -> str:
    parameters = {"show": show, "account": str(board.connection_id), "board": str(board.pk)}
    return f"{reverse('pin_list')}?{urlencode(parameters)}"
