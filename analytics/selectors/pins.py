"""Single Pins of an account, its boards and its hours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Subquery, Sum

from accounts.models import Workspace
from analytics.models import PinRow
from analytics.policy.windows import REACH

_STILL_COUNTS = Q(counted_at__gt=F("read_at") - REACH)
"""Not where the newest lists left a Pin's counts out for so long that its 90 days are over."""


def pins_of(workspace: Workspace, account_id: str) -> QuerySet[PinRow]:
    """An account's Pins as the workspace has read them, without those that are gone."""
    return PinRow.objects.filter(workspace=workspace, account_id=account_id, gone_at=None)


def pins_by_id(workspace_id: UUID, account_id: str, pin_ids: Collection[str]) -> dict[str, PinRow]:
    """Those of the Pins that are known, gone ones among them."""
    rows = PinRow.objects.filter(workspace=workspace_id, account_id=account_id, pin_id__in=pin_ids)
    return {row.pin_id: row for row in rows}


def boards_of(workspace: Workspace, account_id: str, *, most: int | None) -> list[dict[str, Any]]:
    """Boards by the impressions that their Pins had in 90 days: board_id, pins and sums."""
    rows: Any = _listed(workspace, account_id).exclude(board_id="").values("board_id")
    summed = rows.annotate(
        pins=Count("pk"),
        impressions=Sum("impression", filter=_STILL_COUNTS),
        clicks=Sum("pin_click", filter=_STILL_COUNTS),
        outbound=Sum("outbound_click", filter=_STILL_COUNTS),
    )
    most_first = F("impressions").desc(nulls_last=True)
    return list(summed.order_by(most_first, "board_id")[:most])


def publications_of(
    workspace: Workspace, account_id: str, *, since: datetime
) -> list[tuple[datetime, int]]:
    """When Pins went out since then, and the impressions each had."""
    rows = _listed(workspace, account_id).filter(
        _STILL_COUNTS, published_at__gte=since, impression__isnull=False
    )
    pairs = rows.values_list("published_at", "impression")
    return [(at, count) for at, count in pairs if at is not None and count is not None]


def _listed(workspace: Workspace, account_id: str) -> QuerySet[PinRow]:
    """The Pins that the lists had when they were read last.

    Those that the lists don't come to any more keep what they had when they did, which is no count
    of the same 90 days.
    """
    rows = pins_of(workspace, account_id)
    latest = rows.order_by("-read_at").values("read_at")[:1]
    return rows.filter(read_at=Subquery(latest))
