"""A clock at Pinterest and here, and an account that is connected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import Connection, Workspace
from analytics.models import Series
from analytics.services.pulling import USUAL, pull, watch

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture
def series(connection: Connection) -> Series:
    """The connected account's series under Pinterest's defaults, not read yet."""
    return watch(connection=connection, filters=USUAL, now=NOON)


def read(series: Series, at: datetime = NOON) -> bool:
    """Pull a series at a time of the worker's clock."""
    return pull(series_id=series.pk, clock=lambda: at)


def keep(workspace: Workspace, account_id: str, username: str) -> Series:
    """A series without a connection, as one is whose account was lost."""
    return Series.objects.create(
        workspace=workspace,
        account_id=account_id,
        username=username,
        content_type="ALL",
        source="ALL",
        claimed="BOTH",
    )
