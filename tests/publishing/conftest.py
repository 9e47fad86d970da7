"""A workspace that is ready to publish: boards read, a picture stored, Pins to be written."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Connection, User, Workspace
from publishing.boards.services.boards import sync_boards, sync_sections
from publishing.media.services.media import store_picture
from publishing.models import Board, BoardSection, Media, Pin
from publishing.pins.services.pins import PinContent, Plan, create_pin
from sandbox.sandbox import Sandbox
from tests import factories


@pytest.fixture
def now() -> datetime:
    """The present: tokens of the sandbox live by the real clock."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def boards(connection: Connection, now: datetime) -> dict[str, Board]:
    """The studio's boards as PinApp has read them, by name."""
    sync_boards(connection_id=connection.pk, now=now)
    rows = {board.name: board for board in Board.objects.filter(connection=connection)}
    for board in rows.values():
        sync_sections(board=board, now=now)
    return rows


@pytest.fixture
def bowls(boards: dict[str, Board]) -> Board:
    return boards["Bowls"]


@pytest.fixture
def glazed(bowls: Board) -> BoardSection:
    return bowls.sections.get(name="Glazed")


@pytest.fixture
def media(workspace: Workspace, owner: User) -> Media:
    return store_picture(workspace=workspace, by=owner, data=factories.picture())


@pytest.fixture
def write_pin(
    workspace: Workspace,
    owner: User,
    connection: Connection,
    bowls: Board,
    media: Media,
    now: datetime,
) -> Callable[..., Pin]:
    """Writes a complete Pin, due at `at` (now), or a draft for `at=None`."""

    def written(*, at: datetime | None = now, **content: Any) -> Pin:
        place = {"connection": connection, "board": bowls, "section": None, "media": media}
        return create_pin(
            workspace=workspace,
            by=owner,
            content=PinContent(**{**place, "title": "A bowl", **content}),
            plan=Plan(at=at, time_zone="Europe/Berlin"),
            now=now,
        )

    return written


@pytest.fixture
def put(write_pin: Callable[..., Pin], now: datetime) -> Callable[..., Pin]:
    """Writes a Pin and puts its row straight into a status, as if it had got there."""

    def placed(status: str, **columns: Any) -> Pin:
        known = {
            "claimed": {"claimed_at": now},
            "sending": {"sending_since": now},
            "published": {"published_at": now, "pinterest_id": "987", "due_at": None},
            "failed": {"problem": "Pinterest said no.", "remedy": "Change it.", "due_at": None},
            "held": {
                "held_reason": "account",
                "problem": "It waits.",
                "remedy": "Reconnect.",
                "due_at": None,
            },
            "uncertain": {"problem": "Who knows.", "remedy": "Look.", "due_at": None},
            "draft": {"scheduled_at": None, "due_at": None},
        }.get(status, {})
        pin = write_pin(**columns.pop("content", {}))
        row = Pin.objects.filter(pk=pin.pk)
        if status in {"sending", "published", "failed", "uncertain"}:
            row.update(status="claimed", claimed_at=now)
        if status in {"published", "failed", "uncertain"}:
            row.update(status="sending", sending_since=now)
        row.update(status=status, **{"claimed_at": None, "sending_since": None, **known, **columns})
        pin.refresh_from_db()
        return pin

    return placed


@pytest.fixture
def sent(sandbox: Sandbox) -> Callable[[], list[int]]:
    """The statuses with which the sandbox answered each `POST /pins`, in order."""

    def statuses() -> list[int]:
        return [
            entry.status
            for entry in sandbox.requests
            if (entry.method, entry.path) == ("POST", "/v5/pins")
        ]

    return statuses


@pytest.fixture
def renewals(sandbox: Sandbox) -> Callable[[], list[int]]:
    """The statuses with which the sandbox answered each call of its token endpoint."""

    def statuses() -> list[int]:
        return [entry.status for entry in sandbox.requests if entry.path.endswith("/oauth/token")]

    return statuses
