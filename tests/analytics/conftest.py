"""A clock at Pinterest and here, and an account that is connected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Connection, ConnectionStatus, User, Workspace
from accounts.services.tokens import call_pinterest
from analytics.models import Series
from analytics.services.pulling import pull
from analytics.services.watching import USUAL, watch
from pinterest.types import ImageBytes, PinDraft
from tests import factories

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture
def series(connection: Connection, owner: User) -> Series:
    """The connected account's series under Pinterest's defaults, not read yet."""
    return watch(connection=connection, filters=USUAL, by=owner, now=NOON)


@pytest.fixture
def pins(sandbox, connection):
    """Three Pins of the account on its boards, three days old."""
    boards = sorted(sandbox.records.boards.values(), key=lambda board: board.name)
    data = factories.picture((600, 900))

    def make(client):
        return [
            client.create_pin(
                PinDraft(
                    board_id=board.id,
                    title=f"Pin on {board.name}",
                    media=ImageBytes(content_type="image/jpeg", data=data),
                )
            )
            for board in (boards[0], boards[0], boards[1])
        ]

    made = call_pinterest(connection_id=connection.pk, now=NOON, call=make)
    for pin in made:
        sandbox.records.pins[pin.id].created_at -= timedelta(days=3)
    return made


@pytest.fixture
def visitor(sign_in: Any, viewer: User) -> Any:
    """The browser of a member who may only look."""
    return sign_in(viewer)


def read(series: Series, at: datetime = NOON) -> bool:
    """Pull a series at a time of the worker's clock."""
    return pull(series_id=series.pk, clock=lambda: at)


def keep(workspace: Workspace, account_id: str, username: str, **more: Any) -> Series:
    """A series without a connection, as one is whose account was lost."""
    usual = {"content_type": "ALL", "source": "ALL", "claimed": "BOTH"}
    given = {"workspace": workspace, "account_id": account_id, "username": username}
    return Series.objects.create(**{**usual, **given, **more})


def lost_account(workspace: Workspace) -> Connection:
    """An account for which we can't act any more: number 42, @old-studio."""
    return Connection.objects.create(
        workspace=workspace,
        pinterest_id="42",
        username="old-studio",
        status=ConnectionStatus.NEEDS_RECONNECTING,
        lost_reason="Gone.",
    )
