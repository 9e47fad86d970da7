"""What claiming 100 due Pins costs, beside the bare statement and beside fewer planned Pins."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db import connection as database

from publishing.delivery.services import claims
from publishing.models import Pin
from tests.bench.content import Studio, fill_up
from tests.bench.rows import Row
from tests.bench.world import World

FEW, MANY = 10_000, 1_000_000
ROUNDS = 21
WARM_UP = 3
CLAIMED = 100
_BARE = """
UPDATE publishing_pin SET status = 'claimed', claimed_at = %s WHERE id IN (
    SELECT id FROM publishing_pin WHERE status = 'scheduled' AND due_at <= %s
    ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT 100
) RETURNING id
"""


def measure(world: World, studio: Studio) -> list[Row]:
    """Claim from a small and from a large table in turn, by the engine and by the statement."""
    fill_up(studio.boards, studio.media, count=FEW)
    _vacuum()
    database.close()
    world.copy_database("pinapp", "many")
    with using("many"):
        fill_up(studio.boards, studio.media, count=MANY - FEW)
        _vacuum()
    times: dict[tuple[str, str], list[float]] = {}
    for round_ in range(ROUNDS + WARM_UP):
        for name in ("pinapp", "many"):
            with using(name):
                # A worker keeps its line to the database: what a new one costs is not the claim's.
                for claim in CLAIMS.values():
                    _one_round(studio, claim)
                for how, claim in CLAIMS.items():
                    took = _one_round(studio, claim)
                    if round_ >= WARM_UP:
                        times.setdefault((name, how), []).append(took)
    figures = {key: 1000 * median(values) for key, values in times.items()}
    with using("many"):
        holding = 1000 * median(_time(_hold) for _ in range(ROUNDS))
    Pin.objects.all().delete()
    return [
        Row(
            f"Claiming 100 due Pins of {MANY:,} planned, beside {FEW:,}",
            figures["many", "engine"],
            "ms",
            figures["pinapp", "engine"],
            "≤ 1.2",
        ),
        Row(
            f"Claiming 100 due Pins of {MANY:,} planned, beside the bare UPDATE",
            figures["many", "engine"],
            "ms",
            figures["many", "bare"],
            "≤ 1.5",
        ),
        Row(
            f"Claiming 100 due Pins of {FEW:,} planned, beside the bare UPDATE",
            figures["pinapp", "engine"],
            "ms",
            figures["pinapp", "bare"],
            "≤ 1.5",
        ),
        Row(f"Holding Pins of lost accounts, {MANY:,} planned", holding, "ms"),
    ]


@contextmanager
def using(name: str):
    """Talk to another database of the server."""
    before = database.settings_dict["NAME"]
    if before == name:
        yield
        return
    database.close()
    database.settings_dict["NAME"] = name
    try:
        yield
    finally:
        database.close()
        database.settings_dict["NAME"] = before


def _one_round(studio: Studio, claim: Callable[[datetime], int]) -> float:
    """Make 100 Pins due, time their claiming, and put them back."""
    now = datetime.now(UTC)
    due = _some_of_many_boards(studio)
    Pin.objects.filter(pk__in=due).update(due_at=now - timedelta(minutes=1))
    database.ensure_connection()
    started = time.perf_counter()
    claimed = claim(now)
    took = time.perf_counter() - started
    if claimed != CLAIMED:
        raise AssertionError(f"{claimed} Pins were claimed instead of {CLAIMED}")
    Pin.objects.filter(pk__in=due).update(
        status="scheduled", claimed_at=None, due_at=now + timedelta(days=365)
    )
    return took


def _some_of_many_boards(studio: Studio) -> list[object]:
    boards = studio.boards[:: len(studio.boards) // CLAIMED][:CLAIMED]
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT p.id FROM publishing_pin p WHERE p.board_id = b.id"
            " AND p.status = 'scheduled' ORDER BY p.due_at, p.id LIMIT 1)"
            " FROM publishing_board b WHERE b.id = ANY(%s)",
            [[board.pk for board in boards]],
        )
        return [row[0] for row in cursor.fetchall()]


def _by_engine(now: datetime) -> int:
    return len(claims.claim_due(now=now, limit=CLAIMED))


def _by_statement(now: datetime) -> int:
    with database.cursor() as cursor:
        cursor.execute(_BARE, [now, now])
        return len(cursor.fetchall())


CLAIMS = {"engine": _by_engine, "bare": _by_statement}


def _hold() -> None:
    claims.hold_due_without_connection(now=datetime.now(UTC))


def _time(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _vacuum() -> None:
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE publishing_pin")
