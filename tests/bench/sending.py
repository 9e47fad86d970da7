"""How late Pins go out under load, and how many a second beside a bare loop of `requests`."""

from __future__ import annotations

import base64
import itertools
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import quantiles

import requests
from django.db import connection as database
from django.db.models import Max, Min

from publishing.models import Attempt, Pin
from sandbox.faults import Fault
from sandbox.remote import SandboxControl
from tests.bench.content import PICTURE, Studio, plan_pins
from tests.bench.rows import Row
from tests.bench.world import World

ANSWER_S = 0.1
RATE, SECONDS = 50, 60
ON_ONE_BOARD = 50
LEAST_SHARE = {8: 0.9, 32: 0.4}
BARE_S = 8.0
PINS = {8: 600, 32: 1500}


def slow_down(sandbox: SandboxControl) -> None:
    """Answer each new Pin after 100 ms, and set no limit: what is measured is PinApp."""
    sandbox.arm(Fault(route="POST /v5/pins", kind="latency", seconds=ANSWER_S, times=None))
    sandbox.set_quota("org_write", 1_000_000)
    sandbox.set_quota("universal", 1_000_000)


def measure_lateness(world: World, studio: Studio, *, sends: int = 16) -> list[Row]:
    """Plan 50 Pins a second for a minute and see when each is on Pinterest."""
    with world.processes("pinapp", sends=sends, workers=2):
        first = datetime.now(UTC) + timedelta(seconds=5)
        plan_pins(
            studio.boards,
            studio.media,
            count=RATE * SECONDS,
            first=first,
            apart=timedelta(seconds=1 / RATE),
        )
        _wait_for_all(RATE * SECONDS, seconds=SECONDS + 60)
    late = [
        (published_at - scheduled_at).total_seconds()
        for published_at, scheduled_at in Pin.objects.filter(status="published").values_list(
            "published_at", "scheduled_at"
        )
    ]
    if len(late) != RATE * SECONDS:
        raise AssertionError(f"{len(late)} of {RATE * SECONDS} Pins were published")
    marks = quantiles(late, n=100)
    what = f"Lateness at {RATE} Pins/s for {SECONDS} s, the answer's {ANSWER_S * 1000:.0f} ms in it"
    Pin.objects.all().delete()
    return [
        Row(f"{what}: half of them within", marks[49], "s", goal="≤ 1"),
        Row(f"{what}: 99 of 100 within", marks[98], "s", goal="≤ 3"),
    ]


def measure_one_board(world: World, studio: Studio) -> list[Row]:
    """Plan many Pins of one second on one board and see when the last is on Pinterest."""
    with world.processes("pinapp", sends=8):
        first = datetime.now(UTC) + timedelta(seconds=10)
        plan_pins(studio.boards[:1], studio.media, count=ON_ONE_BOARD, first=first)
        _wait_for_all(ON_ONE_BOARD, seconds=120)
    last = Pin.objects.aggregate(last=Max("published_at"))["last"]
    Pin.objects.all().delete()
    return [
        Row(
            f"{ON_ONE_BOARD} Pins of one second on one board: the last after, beside the answers' "
            "time alone",
            (last - first).total_seconds(),
            "s",
            ON_ONE_BOARD * ANSWER_S,
            "≤ 2",
        )
    ]


def measure_throughput(world: World, studio: Studio) -> list[Row]:
    """Send as fast as may be with 8 and with 32 in flight, by a bare loop and by the engine."""
    rows = []
    for in_flight, share in LEAST_SHARE.items():
        bare = _bare_loop(world, studio, in_flight=in_flight)
        engine = _engine(world, studio, in_flight=in_flight)
        rows.append(
            Row(
                f"Throughput with {in_flight} in flight, beside a bare loop of requests",
                engine,
                "Pins/s",
                bare,
                f"≥ {share}",
            )
        )
    return rows


def _engine(world: World, studio: Studio, *, in_flight: int) -> float:
    count = PINS[in_flight]
    plan_pins(studio.boards, studio.media, count=count, first=datetime.now(UTC) + timedelta(days=1))
    # A process of Python computes on one core at a time.
    with world.processes("pinapp", sends=in_flight, workers=1 if in_flight <= 8 else 2):
        now = datetime.now(UTC)
        Pin.objects.filter(status="scheduled").update(scheduled_at=now, due_at=now)
        _wait_for_all(count, seconds=120)
    span = Attempt.objects.aggregate(first=Min("started_at"), last=Max("finished_at"))
    Pin.objects.all().delete()
    return count / (span["last"] - span["first"]).total_seconds()


def _bare_loop(world: World, studio: Studio, *, in_flight: int) -> float:
    """What so many threads that do nothing but `requests.post` get through."""
    work = itertools.cycle(_bodies(studio))
    lock, done = threading.Lock(), 0
    end_at = time.perf_counter() + BARE_S

    def post() -> None:
        nonlocal done
        with requests.Session() as session:
            while time.perf_counter() < end_at:
                with lock:
                    token, body = next(work)
                answer = session.post(
                    f"{world.sandbox_url}/v5/pins",
                    data=body,
                    headers={
                        "Authorization": f"Bearer {token}",
                        "Content-Type": "application/json",
                    },
                    timeout=30,
                )
                answer.raise_for_status()
                with lock:
                    done += 1

    threads = [threading.Thread(target=post) for _ in range(in_flight)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done / (time.perf_counter() - started)


def _bodies(studio: Studio) -> Iterator[tuple[str, bytes]]:
    picture = base64.b64encode(PICTURE).decode()
    for board in studio.boards:
        body = {
            "board_id": board.pinterest_id,
            "title": "A bare Pin",
            "description": "One of many.",
            "link": "https://shop.example/p/1",
            "media_source": {
                "source_type": "image_base64",
                "content_type": "image/jpeg",
                "data": picture,
            },
        }
        yield studio.token_of(board), json.dumps(body).encode()


def _wait_for_all(count: int, *, seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if Pin.objects.filter(status="published").count() >= count:
            break
        time.sleep(0.5)
    else:
        raise AssertionError(
            f"{Pin.objects.filter(status='published').count()} of {count} Pins were published"
        )
    database.close()
