"""What a click and a fetch cost at the doors, beside bare views of the same server."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection as database

from accounts.policy import Role
from interactions.models import Entity, Interaction, Site
from interactions.policy.tokens import mint
from interactions.services.signing import add_signing_key
from pinapp.supervisor import readiness
from pinapp.supervisor.service import Service
from tests import factories
from tests.application import free_ports
from tests.bench.bare_views import TABLE
from tests.bench.load import Load, request, send
from tests.bench.rows import Row
from tests.bench.world import World, start

ORIGIN = "https://shop.example"
REQUESTS, ROUNDS = 6000, 5
FEW, MANY = 10_000, 5_000_000
CLICKS_TO_A_TOKEN = 20
_CRAWLER = "Pinterest/0.2 (+https://www.pinterest.com/bot.html)"
_PERSON = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Safari/537.36"
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A site with an entity, what its tokens are signed with, and its picture's file."""

    site: Site
    entity: Entity
    key_id: str
    secret: str
    picture: Path


def make_shop(world: World) -> Shop:
    """A site with room for all that is sent here."""
    workspace = factories.WorkspaceFactory(name="Bench")
    owner = factories.member(workspace, "olga", Role.OWNER)
    site = Site.objects.create(
        workspace=workspace,
        name="Shop",
        origins=[ORIGIN],
        daily_limit=2_000_000_000,
        created_by=owner,
    )
    key, secret = add_signing_key(site, now=datetime.now(UTC))
    data = factories.picture((600, 900))
    entity = Entity.objects.create(
        site=site,
        title="Bowl",
        page_url=f"{ORIGIN}/bowl",
        image_sha256=hashlib.sha256(data).hexdigest(),
        content_type="image/jpeg",
        size=len(data),
        width=600,
        height=900,
    )
    default_storage.save(entity.file_name, ContentFile(data))
    with database.cursor() as cursor:
        cursor.execute(TABLE)
    picture = world.folder / "picture.jpg"
    picture.write_bytes(data)
    return Shop(site, entity, key.key_id, secret, picture)


def measure_clicks(world: World, shop: Shop) -> list[Row]:
    """`POST /interactions` beside a view that does one INSERT."""
    loads = _in_turn(world, shop, ours=_clicks, bare=_bare_clicks, status="201")
    return [
        Row(
            "Clicks a second, beside a bare view with one INSERT",
            *_rates(loads),
            "≥ 1.0",
        )
    ]


def measure_pictures(world: World, shop: Shop) -> list[Row]:
    """The media address beside a view that sends the same bytes."""
    loads = _in_turn(world, shop, ours=_fetches, bare=_bare_fetches, status="200")
    slowest = {who: median(load.p99_ms for load in found) for who, found in loads.items()}
    return [
        Row(
            "Pictures a second for Pinterest, beside a bare view with the same bytes",
            *_rates(loads),
            "≥ 0.6",
        ),
        Row(
            "99 of 100 pictures within, the resolver silent, beside the bare view's",
            slowest["ours"],
            "ms",
            slowest["bare"],
            "≤ 3",
        ),
    ]


def measure_millions(world: World, shop: Shop) -> list[Row]:
    """Both with five million interactions in the table, beside ten thousand, turn by turn."""
    Interaction.objects.all().delete()
    fill_up(shop, count=FEW)
    database.close()
    database.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one
    world.copy_database("pinapp", "pinapp_few")
    fill_up(shop, count=MANY - FEW)
    costs: dict[tuple[str, int], list[Load]] = {}
    with ExitStack() as stack:
        ports = {
            count: stack.enter_context(server(world, shop, f"with_{count}", name))
            for count, name in ((FEW, "pinapp_few"), (MANY, "pinapp"))
        }
        for round_ in range(ROUNDS + 1):
            for (count, port), (what, make) in itertools.product(ports.items(), _BOTH.items()):
                load = send(port, make(shop, _ENOUGH[what]))
                if round_:  # the first one warms up
                    costs.setdefault((what, count), []).append(load)
    return [
        Row(
            f"A {what} with {MANY:,} interactions, beside {FEW:,}",
            _cost(costs[what, MANY]),
            "ms",
            _cost(costs[what, FEW]),
            "≤ 1.2",
        )
        for what in _BOTH
    ]


def fill_up(shop: Shop, *, count: int) -> None:
    """Interactions of the last year with a piece of evidence each."""
    with database.cursor() as cursor:
        cursor.execute(_FILL, {"count": count, "site": shop.site.pk, "entity": shop.entity.pk})
        cursor.execute("VACUUM ANALYZE interactions_interaction")
        cursor.execute("VACUUM ANALYZE interactions_evidence")


@contextmanager
def servers(world: World, shop: Shop) -> Iterator[tuple[int, int]]:
    """Ports of our server and of the bare one, each started anew."""
    with (
        server(world, shop, "ours", "pinapp") as ours,
        server(world, shop, "bare", "pinapp", "tests.bench.bare_asgi:application") as bare,
    ):
        yield ours, bare


@contextmanager
def server(
    world: World,
    shop: Shop,
    name: str,
    database_name: str,
    application: str = "pinapp.asgi:application",
) -> Iterator[int]:
    """The port of a server on one of the databases."""
    (port,) = free_ports(1)
    environment = {
        **world.environment,
        "DATABASE_URL": world.database_url(database_name),
        "BENCH_PICTURE": str(shop.picture),
        # Each request comes from an address of its own, which a proxy of ours names.
        "TRUSTED_PROXIES": "1",
        "DNS_RESOLVER": "127.0.0.1:9",
        "LOG_LEVEL": "ERROR",
    }
    with ExitStack() as stack:
        start(_server(name, port, application), world.folder, environment, stack)
        yield port


def _in_turn(world: World, shop: Shop, *, ours, bare, status: str) -> dict[str, list[Load]]:
    loads: dict[str, list[Load]] = {"ours": [], "bare": []}
    with servers(world, shop) as ports:
        for round_ in range(ROUNDS + 1):
            for who, port, make in zip(("ours", "bare"), ports, (ours, bare), strict=True):
                load = send(port, make(shop, REQUESTS))
                if load.statuses != {status: REQUESTS}:
                    raise AssertionError(f"{who} answered {load.statuses}")
                if round_:  # the first one warms up
                    loads[who].append(load)
    return loads


def _rates(loads: dict[str, list[Load]]) -> tuple[float, str, float]:
    ours, bare = (median(load.rate for load in loads[who]) for who in ("ours", "bare"))
    return ours, "a second", bare


def _cost(loads: Sequence[Load]) -> float:
    """Milliseconds of the server for one answer."""
    return 1000 / median(load.rate for load in loads)


def _clicks(shop: Shop, count: int) -> list[bytes]:
    tokens = _tokens(shop)
    return [
        request(
            "POST",
            "/interactions",
            headers={**_common(), "Content-Type": "text/plain;charset=UTF-8"},
            body=json.dumps(
                {
                    "site": shop.site.key,
                    "entity": shop.entity.key,
                    "action": "pinit",
                    "token": next(tokens),
                    "nonce": _nonce(),
                    "landing": _nonce(),
                    "page_url": f"{ORIGIN}/bowl",
                    "trusted": True,
                }
            ).encode(),
        )
        for _ in range(count)
    ]


def _bare_clicks(shop: Shop, count: int) -> list[bytes]:
    body = {"site": shop.site.key, "entity": shop.entity.key, "page_url": f"{ORIGIN}/bowl"}
    return [
        request(
            "POST",
            "/bare",
            headers={**_common(), "Content-Type": "text/plain;charset=UTF-8"},
            body=json.dumps({**body, "nonce": _nonce()}).encode(),
        )
        for _ in range(count)
    ]


def _fetches(shop: Shop, count: int) -> list[bytes]:
    tokens = _tokens(shop)
    return [
        request(
            "GET",
            f"/interactions/verify/pinit/{next(tokens)}.{_nonce()}.jpg",
            headers={**_common(), "User-Agent": _CRAWLER},
        )
        for _ in range(count)
    ]


def _bare_fetches(shop: Shop, count: int) -> list[bytes]:
    return [
        request("GET", f"/picture/{_nonce()}.jpg", headers={**_common(), "User-Agent": _CRAWLER})
        for _ in range(count)
    ]


def _common() -> dict[str, str]:
    address = ".".join(str(secrets.randbelow(223) + 1) for _ in range(4))
    return {"Origin": ORIGIN, "User-Agent": _PERSON, "X-Forwarded-For": address}


def _tokens(shop: Shop) -> Iterator[str]:
    """Page tokens, a new one after every few clicks, as from many visitors."""
    for number in itertools.count():
        token = mint(
            key=shop.secret.encode(),
            key_id=shop.key_id,
            site=shop.site.key,
            entity=shop.entity.key,
            page=f"p{secrets.randbelow(10**9)}-{number}",
            expires_at=datetime.now(UTC) + timedelta(days=2),
        )
        yield from itertools.repeat(token, CLICKS_TO_A_TOKEN)


_BOTH = {"click": _clicks, "picture": _fetches}
# A round of pictures is to last as long as one of clicks: fetches of the round before are carried
# over meanwhile, and are to weigh the same in each.
_ENOUGH = {"click": REQUESTS, "picture": 4 * REQUESTS}


def _nonce() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def _server(name: str, port: int, application: str) -> Service:
    return Service(
        name=name,
        command=(
            *(sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--http", "1"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            application,
        ),
        is_ready=lambda _log: readiness.answers_http(
            f"http://127.0.0.1:{port}/healthz", host="testserver"
        ),
        grace_seconds=3.0,
        passes_on_death=True,
    )


_FILL = """
WITH made AS (
    INSERT INTO interactions_interaction (
        id, site_id, entity_id, action, nonce, page, page_url, level, policy_version,
        is_abuse, is_suspect, created_at, clicked_at
    )
    SELECT
        -- Of version 7, as ours are: with the time in front.
        (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(random()::text), 1, 3)
            || 'a' || substr(md5(random()::text), 1, 15))::uuid,
        %(site)s, %(entity)s, 'pinit', gen_random_uuid(), 'home', 'https://shop.example/bowl', 1, 1,
        false, false, at, at
    FROM (
        SELECT now() - (%(count)s - n) * interval '1 year' / %(count)s AS at
        FROM generate_series(1, %(count)s) n
    ) t
    RETURNING id, created_at
)
INSERT INTO interactions_evidence (
    interaction_id, kind, at, method, user_agent, address_key, referer_origin, verdict, ptr,
    detail, policy_version, minute
)
SELECT id, 'click', created_at, 'POST', 'Mozilla/5.0', substr(md5(id::text), 1, 22), '', '', '',
    '', 1, date_trunc('minute', created_at)
FROM made
"""
