"""Pins of ours that are out, and boards, as others ask for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import Workspace
from publishing.choices.statuses import PinStatus
from publishing.models import Board


def published_between(
    workspace: Workspace, account_id: str, start: datetime, end: datetime
) -> list[datetime]:
    """When Pins went out to an account, known by Pinterest's id, from `start` to before `end`."""
    pins = workspace.pins.filter(
        status=PinStatus.PUBLISHED,
        connection__pinterest_id=account_id,
        published_at__gte=start,
        published_at__lt=end,
    )
    return [at for at in pins.values_list("published_at", flat=True) if at is not None]


def board_names(workspace: Workspace, board_ids: Collection[str]) -> dict[str, str]:
    """Names of boards by Pinterest's ids."""
    boards = Board.objects.filter(connection__workspace=workspace, pinterest_id__in=board_ids)
    return dict(boards.values_list("pinterest_id", "name"))
