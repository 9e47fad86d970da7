"""One round of what the scheduler and its workers do, at a moment a test chooses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connections

from publishing.choices.statuses import PinStatus
from publishing.delivery.services import claims, engine
from publishing.models import Pin
from publishing.pins.services import pins
from publishing.pins.services.pins import PinContent, Plan
from publishing.reconcile.services import reconcile


def publish_due(*, now: datetime, worker: str = "worker-1") -> list[str]:
    """Claim all Pins that are due and send them; returns their ids in that order."""
    handled: list[str] = []
    while claimed := claims.claim_due(now=now, limit=100):
        fresh = [each for each in claimed if each not in handled]
        for pin_id in fresh:
            engine.publish(pin_id=pin_id, worker=worker, clock=lambda: now)
        handled += fresh
        if len(fresh) < len(claimed):  # what had to wait is due again at once
            claims.give_back(Pin.objects.filter(pk__in=claimed, status=PinStatus.CLAIMED))
            break
    return handled


def look_at_boards(*, now: datetime) -> None:
    """Look at all boards with Pins in doubt."""
    for board in reconcile.boards_to_settle(now=now):
        reconcile.settle_board(
            connection_id=board.connection_id, board_id=board.board_id, clock=lambda: now
        )


def attempt_facts(pin: Pin) -> list[tuple[Any, ...]]:
    """What the ledger says of a Pin, oldest attempt first."""
    return [
        (each.number, each.outcome, each.http_status, each.code, each.message)
        for each in pin.attempts.order_by("number")
    ]


def content_of(pin: Pin, **changes: Any) -> PinContent:
    """What a Pin shows and where it goes, with changes."""
    return replace(pins.content_of(pin), **changes)


def plan_at(moment: datetime) -> Plan:
    return Plan(at=moment, time_zone="Europe/Berlin")


def in_threads(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls at the same moment, each with a database connection of its own."""
    start, results, errors = threading.Barrier(len(calls)), [], []

    def run(call: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            results.append(call())
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    return results
