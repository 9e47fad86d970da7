"""How much of what Pinterest allows a pull of 1,000 connections' days uses, and what it costs."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import requests
from django.conf import settings
from django.db import connection as database

from accounts.models import Connection, Workspace
from accounts.policy import Role
from analytics.models import DayRow, Series
from analytics.services.watching import keep_all_connected
from pinterest.figures import ACCOUNT_METRICS
from sandbox.logs import RequestEntry
from sandbox.remote import SandboxControl
from tests import factories
from tests.bench.content import connect
from tests.bench.rows import Row
from tests.bench.world import World

CONNECTIONS = 1_000
SHARED_ACCOUNTS = 5
A_MINUTE = 60
"""Looks at figures that Pinterest allows an account in each minute of its clock."""
DAYS = "/v5/user_account/analytics"


def measure(world: World) -> Iterator[list[Row]]:
    """Accounts that many workspaces share, so that the limit binds; then an account for each."""
    with SandboxControl(world.sandbox_url) as sandbox:
        yield _measure_limited(world, sandbox)
        _clear()
        yield _measure_free(world, sandbox)
        _clear()


def _measure_limited(world: World, sandbox: SandboxControl) -> list[Row]:
    """Only whole minutes count, for which there is more to read than is allowed."""
    _connect_all(sandbox, accounts=SHARED_ACCOUNTS)
    calls = [each for each in _pull_all(world, sandbox, seconds=330) if each.path == DAYS]
    by_minute = Counter(each.at.replace(second=0, microsecond=0) for each in calls)
    first, *whole, _last = sorted(by_minute)
    allowed = SHARED_ACCOUNTS * A_MINUTE
    refused = sum(each.status == 429 for each in calls)
    print(f"  calls by minute: {[by_minute[each] for each in (first, *whole, _last)]}")
    what = f"The days of {CONNECTIONS:,} connections of {SHARED_ACCOUNTS} accounts"
    return [
        Row(
            f"{what}: calls in each whole minute, beside what Pinterest allows",
            sum(by_minute[each] for each in whole) / len(whole),
            "calls/min",
            allowed,
            "≥ 0.8",
        ),
        Row(f"{what}: calls that Pinterest refused for its limit", refused, "calls", goal="≤ 0"),
    ]


def _measure_free(world: World, sandbox: SandboxControl) -> list[Row]:
    """No limit binds an account with one call: what is measured is PinApp beside bare requests."""
    tokens = _connect_all(sandbox, accounts=CONNECTIONS)
    bare = _bare_loop(world, tokens)
    began = _pull_all(world, sandbox, seconds=300)
    calls = [each.at for each in began if each.path == DAYS]
    pulled = len(calls) / (max(calls) - min(calls)).total_seconds()
    return [
        Row(
            f"First pull of {CONNECTIONS:,} accounts, 90 days each written down, beside bare "
            f"requests by as many threads ({settings.FIGURES_AT_ONCE})",
            pulled,
            "accounts/s",
            bare,
        )
    ]


def _connect_all(sandbox: SandboxControl, *, accounts: int) -> list[str]:
    """1,000 connections, each in a workspace of its own; the tokens, one for each."""
    made = [sandbox.add_account(f"measured-{accounts}-{number}") for number in range(accounts)]
    tokens = []
    for number, account in zip(range(CONNECTIONS), itertools.cycle(made), strict=False):
        granted = sandbox.issue_token(account)
        tokens.append(granted.access_token)
        workspace = factories.WorkspaceFactory(name=f"Measured {number}")
        owner = factories.member(workspace, f"m{accounts}-{number}", Role.OWNER)
        connect(
            workspace,
            owner,
            account=factories.wire_account(account),
            access=granted.access_token,
            refresh=granted.refresh_token,
        )
    keep_all_connected(now=datetime.now(UTC))
    # Of best Pins and lists nothing is measured here.
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    Series.objects.update(best_pins_next_at=tomorrow, pins_next_at=tomorrow)
    return tokens


def _pull_all(world: World, sandbox: SandboxControl, *, seconds: float) -> list[RequestEntry]:
    """Let the workers read until all is read; what the sandbox was asked meanwhile."""
    before = len(sandbox.requests())
    with world.processes("pinapp", sends=8):
        give_up_at = time.monotonic() + seconds
        while (left := Series.objects.filter(pulled_at=None).count()) > 0:
            if time.monotonic() > give_up_at:
                raise AssertionError(f"{left} of {CONNECTIONS} connections were not read")
            time.sleep(0.5)
    rows, expected = DayRow.objects.count(), CONNECTIONS * 90
    if rows != expected:
        raise AssertionError(f"{rows} days were written down, not {expected}")
    database.close()
    return sandbox.requests()[before:]


def _bare_loop(world: World, tokens: Sequence[str]) -> float:
    """What threads that do nothing but the same two calls get through, accounts a second."""
    today = datetime.now(UTC).date()
    query = {
        "start_date": (today - timedelta(days=89)).isoformat(),
        "end_date": today.isoformat(),
        "metric_types": ",".join(ACCOUNT_METRICS),
    }
    work, lock = iter(tokens), threading.Lock()

    def get() -> None:
        with requests.Session() as session:
            session.trust_env = False
            while True:
                with lock:
                    token = next(work, None)
                if token is None:
                    return
                headers = {"Authorization": f"Bearer {token}"}
                for address, params in ((DAYS, query), ("/v5/user_account", {})):
                    answer = session.get(
                        f"{world.sandbox_url}{address}", params=params, headers=headers, timeout=30
                    )
                    answer.raise_for_status()

    threads = [threading.Thread(target=get) for _ in range(settings.FIGURES_AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(tokens) / (time.perf_counter() - began)


def _clear() -> None:
    Series.objects.all().delete()
    Connection.objects.all().delete()
    Workspace.objects.all().delete()
