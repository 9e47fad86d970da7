"""Reads of the publishing app."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Prefetch, Q, QuerySet

from accounts.models import Connection, ConnectionStatus, RowId, Workspace
from publishing.models import Attempt, Board, BoardList, BoardSection, Media, Pin
from publishing.policy import PinStatus

BOARDS_SHOWN = 60
"""How many boards the picker lists at a time; the search finds the others."""

NEEDS_ATTENTION = [PinStatus.FAILED, PinStatus.UNCERTAIN, PinStatus.HELD]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Boards for the picker, and how many more match."""

    boards: list[Board]
    more: int


@dataclass(frozen=True, slots=True)
class AttemptWithLooks:
    """An attempt, and how often its board was looked at for what it may have made."""

    attempt: Attempt
    looks_count: int


def pins_of(workspace: Workspace) -> QuerySet[Pin]:
    """A workspace's Pins with all that a card shows."""
    return workspace.pins.select_related("connection", "board", "section", "media", "created_by")


def search_pins(workspace: Workspace, *, statuses: Iterable[str], text: str) -> QuerySet[Pin]:
    """Pins of a list page: by status (none means all), by words in title, description, link."""
    pins = pins_of(workspace)
    chosen = list(statuses)
    if chosen:
        pins = pins.filter(status__in=chosen)
    if text:
        pins = pins.filter(
            Q(title__icontains=text) | Q(description__icontains=text) | Q(link__icontains=text)
        )
    return pins


def count_by_status(workspace: Workspace) -> dict[str, int]:
    """How many Pins a workspace has in each status."""
    rows = workspace.pins.values_list("status").annotate(count=Count("pk"))
    return dict(rows)


def upcoming_pins(workspace: Workspace, *, limit: int) -> list[Pin]:
    """What goes out next."""
    moving = [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING]
    return list(pins_of(workspace).filter(status__in=moving).order_by("scheduled_at")[:limit])


def pins_needing_attention(workspace: Workspace, *, limit: int) -> list[Pin]:
    """Pins that wait for a person, newest first."""
    waiting = pins_of(workspace).filter(status__in=NEEDS_ATTENTION)
    return list(waiting.order_by("-updated_at")[:limit])


def recently_published(workspace: Workspace, *, limit: int) -> list[Pin]:
    """What went out last."""
    published = pins_of(workspace).filter(status=PinStatus.PUBLISHED)
    return list(published.order_by("-published_at")[:limit])


def count_published_since(workspace: Workspace, *, since: datetime) -> int:
    """How many Pins went out since an instant."""
    return workspace.pins.filter(status=PinStatus.PUBLISHED, published_at__gte=since).count()


def find_boards(connection: Connection, *, text: str, keep: str = "") -> BoardPage:
    """Boards whose name, or a section's name, holds `text`; the board `keep` comes first."""
    offered = (
        connection.boards.filter(gone_at=None)
        .prefetch_related(
            Prefetch("sections", BoardSection.objects.filter(gone_at=None).order_by("name"))
        )
        .order_by("name", "pk")
    )
    matching = offered
    if text:
        matching = offered.filter(
            Q(name__icontains=text) | Q(sections__name__icontains=text, sections__gone_at=None)
        ).distinct()
    found = list(matching[:BOARDS_SHOWN])
    if keep and all(board.pinterest_id != keep for board in found):
        found = [*offered.filter(pinterest_id=keep), *found]
    return BoardPage(boards=found, more=max(matching.count() - BOARDS_SHOWN, 0))


def board_list_of(connection: Connection) -> BoardList | None:
    """When the connection's boards were last read."""
    return BoardList.objects.filter(connection=connection).first()


def connections_to_read_boards_of(*, before: datetime) -> list[Connection]:
    """Working connections whose boards were last read before an instant, or never."""
    stale = Q(board_list=None) | Q(board_list__synced_at=None) | Q(board_list__synced_at__lt=before)
    return list(Connection.objects.filter(stale, status=ConnectionStatus.ACTIVE))


def boards_to_read_sections_of(connection: Connection, *, now: datetime) -> list[Board]:
    """Boards whose sections were never read, or half an hour ago."""
    before = now - timedelta(minutes=30)
    stale = Q(sections_synced_at=None) | Q(sections_synced_at__lt=before)
    return list(
        connection.boards.filter(stale, gone_at=None).order_by(
            F("sections_synced_at").asc(nulls_first=True), "pk"
        )
    )


def media_of(workspace: Workspace, media_id: RowId) -> Media | None:
    """One of the workspace's pictures."""
    return Media.objects.filter(workspace=workspace, pk=media_id).first()


def attempts_of(pin: Pin) -> list[AttemptWithLooks]:
    """What was tried with a Pin, newest first, with how often its board was looked at."""
    attempts = pin.attempts.annotate(looks_count=Count("looks")).order_by("-number")
    return [AttemptWithLooks(attempt, attempt.looks_count) for attempt in attempts]
