"""Whether this server can do its work: what `/readyz`, the dashboard and the alarms go by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connections
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from health import sources
from health.heartbeats import last_beats
from health.patience import Bounded, NoAnswer
from health.policy import MISSED_AFTER, Kind, is_silent
from health.sources import Missed, Stop
from health.text import length
from health.troubles import Trouble, read_troubles

_bounded = Bounded()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be well. `code` never changes; `age_s` is seconds where it has an age."""

    code: str
    ok: bool
    message: str
    remedy: str = ""
    age_s: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knows about this server's health."""

    beats: dict[Kind, datetime]
    missed: list[Missed]
    stop: Stop | None


@dataclass(frozen=True, slots=True)
class Report:
    """All checks; `facts` is None when the database could not be asked."""

    checks: list[Check]
    facts: Facts | None

    @property
    def is_ready(self) -> bool:
        return all(check.ok for check in self.checks)

    def has_failed(self, code: str) -> bool:
        return any(check.code == code and not check.ok for check in self.checks)


def examine(*, now: datetime | None = None) -> Report:
    """Look at everything, for two seconds at the most (four while the cache hangs)."""
    moment = now or timezone.now()
    processes = [_process(trouble) for trouble in read_troubles(settings.VAR_DIR)]
    surroundings = _bounded.ask({"broker": _ping_broker, "cache": _ping_cache})
    checks = [
        _reach("broker", surroundings["broker"], _BROKER_AWAY),
        _reach("cache", surroundings["cache"], _CACHE_AWAY),
    ]
    cache_answers = checks[1].ok
    asked = _bounded.ask({"database": lambda: _read(moment, limits_known=cache_answers)})
    database = _reach("database", asked["database"], _DATABASE_AWAY)
    facts = asked["database"]() if database.ok else None
    if not isinstance(facts, Facts):
        return Report(checks=[database, *checks, *processes], facts=None)
    return Report(
        checks=[
            database,
            *checks,
            *(_heart(kind, facts.beats.get(kind), now=moment) for kind in Kind),
            _missed(facts.missed, now=moment),
            _stop(facts.stop, now=moment),
            *processes,
        ],
        facts=facts,
    )


_BROKER_AWAY = (
    "The broker does not answer, so workers are given nothing to do.",
    "Start it, or correct CELERY_BROKER_URL. No Pin is lost meanwhile.",
)
_CACHE_AWAY = (
    "The cache does not answer. It keeps Pinterest's rate limits; without it nothing is sent.",
    "Start it, or correct CACHE_URL. No Pin is lost meanwhile.",
)
_DATABASE_AWAY = (
    "The database does not answer.",
    "Start it, or correct DATABASE_URL. Nothing is published meanwhile.",
)
_AWAY = (DatabaseError, redis.RedisError, BrokerError, OSError, NoAnswer)


def _ping_broker() -> None:
    with current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=2, interval_start=0.1)


def _ping_cache() -> None:
    cache.get("readyz")


def _read(now: datetime, *, limits_known: bool) -> Facts:
    try:
        return Facts(
            beats=last_beats(),
            missed=sources.missed(now=now, after=MISSED_AFTER, limits_known=limits_known),
            stop=sources.stop(),
        )
    finally:
        # It runs in a thread of its own, which must not keep a connection of the pool.
        connections.close_all()


def _reach(code: str, answer: Callable[[], object], away: tuple[str, str]) -> Check:
    try:
        answer()
    except _AWAY:
        message, remedy = away
        return Check(code, ok=False, message=message, remedy=remedy)
    return Check(code, ok=True, message=f"The {code} answers.")


def _heart(kind: Kind, last: datetime | None, *, now: datetime) -> Check:
    if last is None:
        message = f"No {kind} has ever been seen."
    else:
        age = max(round((now - last).total_seconds()), 0)
        message = f"A {kind} was last seen {length(age)} ago."
    return Check(
        kind.value,
        ok=not is_silent(last, now=now),
        message=message,
        remedy=f"Start the {kind}, or look at its log." if is_silent(last, now=now) else "",
        age_s=None if last is None else age,
    )


def _process(trouble: Trouble) -> Check:
    """Said where a supervisor of ours runs the processes and one of them kept ending lately.

    Once it stays up again this is a remark, which holds nothing up.
    """
    how = "was killed" if trouble.was_killed else f"ended with code {trouble.code}"
    then = _since(trouble)
    remedy = f"Look at what {trouble.name}.log says last."
    if trouble.was_killed:
        remedy += " What is killed by nobody was out of memory: give the machine more of it."
    return Check(
        f"process_{trouble.name}",
        # Pins go out without the demo's shop.
        ok=trouble.is_over or trouble.name == "shop",
        message=f"The process {trouble.name!r} ended {trouble.deaths} times lately; the last time "
        f"it {how}, and {then}.",
        remedy=remedy,
    )


def _since(trouble: Trouble) -> str:
    if left := trouble.seconds_left:
        return f"it is started again in {length(left)}"
    return "it has run for more than a minute since" if trouble.is_over else "it runs"


def _missed(missed: list[Missed], *, now: datetime) -> Check:
    if not missed:
        return Check("overdue", ok=True, message="No Pin has missed its time.", age_s=0)
    count, oldest = sum(each.count for each in missed), min(each.oldest for each in missed)
    age = round((now - oldest).total_seconds())
    who = "1 Pin has missed its time; it" if count == 1 else f"{count} Pins missed their time; one"
    return Check(
        "overdue",
        ok=False,
        message=f"{who} was due {length(age)} ago.",
        remedy="Mend what else is reported here. Otherwise look at the workers' logs.",
        age_s=age,
    )


def _stop(stop: Stop | None, *, now: datetime) -> Check:
    if stop is None:
        return Check("app_stop", ok=True, message="Pinterest accepts this server's app.")
    return Check(
        "app_stop",
        ok=False,
        message=f"Publishing is stopped: {stop.message}",
        remedy=f"{stop.remedy} Then an owner presses “Try again” on any page.",
        age_s=round((now - stop.since).total_seconds()),
    )
