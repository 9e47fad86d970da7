"""What people filter Pins by, read from an address and written into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from accounts.models import Workspace
from publishing.choices.statuses import PinStatus
from publishing.pins.policy.prospects import Level
from publishing.pins.selectors.filters import (
    PinFilter,
    accounts_to_filter_by,
    boards_to_filter_by,
)

BOARDS_LISTED = 500
"""More boards than this are not offered in a menu; an address may still name any."""

# Value in the address, words, statuses.
STATUS_CHOICES: list[tuple[str, str, tuple[PinStatus, ...]]] = [
    ("scheduled", "Scheduled", (PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING)),
    ("published", "Published", (PinStatus.PUBLISHED,)),
    ("failed", "Not published", (PinStatus.FAILED,)),
    ("uncertain", "Checking", (PinStatus.UNCERTAIN,)),
    ("held", "On hold", (PinStatus.HELD,)),
]

# Value in the address, words: how much a Pin asks for a person, whatever its status.
LEVEL_CHOICES: dict[Level, str] = {Level.STOPPED: "Stopped", Level.LOOK: "Worth a look"}


def level_in(text: str) -> Level:
    """The level that an address asks for; `attention` is what older addresses say."""
    named = Level.STOPPED if text == "attention" else text
    return Level(named) if named in LEVEL_CHOICES else Level.NONE


STATUS_OPTIONS: list[tuple[str, str]] = [
    *((level.value, words) for level, words in LEVEL_CHOICES.items()),
    *((name, words) for name, words, _ in STATUS_CHOICES),
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Filters as an address gives them: those that make no sense are left out."""

    account: str = ""
    board: str = ""
    status: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What an address needs to ask for the same again."""
        pairs = {"account": self.account, "board": self.board, "status": self.status}
        return {name: value for name, value in pairs.items() if value}

    @property
    def pin_filter(self) -> PinFilter:
        statuses = {name: found for name, _, found in STATUS_CHOICES}
        return PinFilter(
            statuses=statuses.get(self.status, ()),
            level=level_in(self.status),
            connection=UUID(self.account) if self.account else None,
            board=int(self.board) if self.board else None,
        )


def chosen_in(query: QueryDict) -> Chosen:
    """The filters of an address."""
    status = query.get("status", "")
    status = level_in(status).value or status
    return Chosen(
        account=uuid_text(query.get("account", "")),
        board=number_text(query.get("board", "")),
        status=status if any(status == name for name, _ in STATUS_OPTIONS) else "",
    )


def filter_fields(workspace: Workspace, chosen: Chosen) -> dict[str, Any]:
    """Context of `_pin_filters.html`, in two queries."""
    boards = boards_to_filter_by(workspace, limit=BOARDS_LISTED)
    accounts = accounts_to_filter_by(workspace)
    if chosen.account:
        boards = [board for board in boards if str(board.connection_id) == chosen.account]
    return {
        "accounts": [
            _option(str(account.pk), str(account), chosen.account) for account in accounts
        ],
        "boards": [
            _option(str(board.pk), _board_name(board, len(accounts)), chosen.board)
            for board in boards
        ],
        "statuses": [_option(name, words, chosen.status) for name, words in STATUS_OPTIONS],
        "any": bool(chosen.parameters),
    }


def link_to(*parameters: dict[str, str]) -> str:
    """The query of an address, from the first of several sets of parameters on."""
    merged: dict[str, str] = {}
    for each in parameters:
        merged |= each
    return "?" + urlencode(merged)


def uuid_text(text: str) -> str:
    """A UUID as we write it; empty for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def number_text(text: str) -> str:
    """A row's number; empty for what is none or too large to be one."""
    return text if text.isascii() and text.isdigit() and len(text) < 19 else ""


def _option(value: str, label: str, chosen: str) -> dict[str, Any]:
    return {"value": value, "label": label, "selected": value == chosen}


def _board_name(board: Any, account_count: int) -> str:
    return f"{board.name} · {board.connection}" if account_count > 1 else board.name
