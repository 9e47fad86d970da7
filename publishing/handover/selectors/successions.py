"""Questions about one account in another's place, and what hangs on the answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import Connection, ConnectionStatus, Succession, Workspace
from publishing.choices.reach import ReachResult
from publishing.choices.statuses import PinStatus
from publishing.handover.policy.reach import MOVABLE
from publishing.models import Pin
from publishing.pins.selectors.pins import with_cards

SAMPLES = 5
"""Pins shown of each board."""

STAYING = (PinStatus.CLAIMED, PinStatus.SENDING, PinStatus.UNCERTAIN)
"""On their way or in doubt: they stay with their account whatever is answered."""


@dataclass(slots=True)
class Place:
    """A board, or a section of it, that Pins of the earlier account are meant for."""

    board_id: str
    section_id: str
    board_name: str
    section_name: str
    count: int
    result: ReachResult | None = None
    note: str = ""
    samples: list[Pin] = field(default_factory=list)


def successions_of(workspace: Workspace) -> QuerySet[Succession]:
    """A workspace's questions and answers, with both accounts."""
    return workspace.successions.select_related(
        "earlier", "later", "schedule_decided_by", "history_decided_by"
    )


def open_successions(workspace: Workspace) -> QuerySet[Succession]:
    """What is still to be answered: there is something to keep or to merge, and it makes sense.

    It makes none while the earlier account is back, or the later one is lost too.
    """
    of_earlier = Pin.objects.filter(connection=OuterRef("earlier"))
    to_move = Exists(of_earlier.filter(status__in=MOVABLE))
    published = Exists(of_earlier.filter(status=PinStatus.PUBLISHED))
    return (
        successions_of(workspace)
        .filter(later__status=ConnectionStatus.ACTIVE)
        .exclude(earlier__status=ConnectionStatus.ACTIVE)
        .filter(
            Q(to_move, keeps_schedule=None) | Q(published, merges_history=None),
        )
        .order_by("asked_at", "pk")
    )


def movable_pins(earlier: Connection) -> QuerySet[Pin]:
    """Pins of an account that may be handed over, those that have a board."""
    return Pin.objects.filter(connection=earlier, status__in=MOVABLE, board__isnull=False)


def places_of(succession: Succession) -> list[Place]:
    """Where the earlier account's Pins were to go, the most wanted first; three queries."""
    places = {
        (row["board__pinterest_id"], row["section__pinterest_id"] or ""): Place(
            board_id=row["board__pinterest_id"],
            section_id=row["section__pinterest_id"] or "",
            board_name=row["board__name"],
            section_name=row["section__name"] or "",
            count=row["count"],
        )
        for row in movable_pins(succession.earlier)
        .values("board__pinterest_id", "section__pinterest_id", "board__name", "section__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "board__name", "section__name", "board__pinterest_id")
    }
    for reach in succession.reach.all():
        place = places.get((reach.board_id, reach.section_id))
        if place is not None:
            place.result, place.note = ReachResult(reach.result), reach.note
    for pin in _samples(succession.earlier):
        if pin.board is not None:
            section_id = pin.section.pinterest_id if pin.section else ""
            places[(pin.board.pinterest_id, section_id)].samples.append(pin)
    return list(places.values())


def _samples(earlier: Connection) -> QuerySet[Pin]:
    return (
        with_cards(movable_pins(earlier))
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("board_id"), F("section_id")],
                order_by=[F("scheduled_at").asc(nulls_last=True), "pk"],
            )
        )
        .filter(place__lte=SAMPLES)
        .order_by("scheduled_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Left:
    """Pins of the earlier account that the schedule's answer does not touch."""

    published: int
    staying: int
    without_board: int


def left_of(earlier: Connection) -> Left:
    """What else an account has; one query."""
    boardless = Q(board__isnull=True, status__in=MOVABLE)
    counts = Pin.objects.filter(connection=earlier).aggregate(
        published=Count("pk", filter=Q(status=PinStatus.PUBLISHED)),
        staying=Count("pk", filter=Q(status__in=STAYING)),
        without_board=Count("pk", filter=boardless),
    )
    return Left(**counts)
