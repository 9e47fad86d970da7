"""Gates in the database: a process that comes to one waits there, and can be killed.

They are triggers of the run's own database, each taking a lock that only the run ever holds
against it. Where the product runs there are none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TypeVar

import psycopg

Answer = TypeVar("Answer")

_FUNCTION = """
CREATE OR REPLACE FUNCTION chaos_gate() RETURNS trigger AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint);
    RETURN NEW;
END
$$ LANGUAGE plpgsql
"""
_BEFORE = """
CREATE TRIGGER chaos_{key} BEFORE {event} ON {table}
    FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION chaos_gate({key})
"""
# Deferred: it runs inside of COMMIT. Whoever dies there has committed and does not know it.
_AT_COMMIT = """
CREATE CONSTRAINT TRIGGER chaos_{key} AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION chaos_gate({key})
"""
_WAITING = """
SELECT activity.application_name
FROM pg_locks JOIN pg_stat_activity activity USING (pid)
WHERE locktype = 'advisory' AND NOT granted AND objid = %s
"""


class Gate(IntEnum):
    """A place in the life of a Pin. The odd ones are before a commit, the even ones inside it."""

    CLAIMING = 1
    CLAIMED = 2
    ATTEMPT_OPENING = 3
    ATTEMPT_OPENED = 4
    RESULT_ARRIVING = 5
    RESULT_STORED = 6
    LOOK_BEGINNING = 7
    LOOK_BEGUN = 8
    ADOPTING = 9
    ADOPTED = 10
    GIVING_UP = 11
    GIVEN_UP = 12
    PLANNING = 13
    PLANNED = 14


_PIN = "publishing_pin"
_PLACES = {
    Gate.CLAIMING: (_PIN, "UPDATE", "OLD.status = 'scheduled' AND NEW.status = 'claimed'"),
    Gate.ATTEMPT_OPENING: ("publishing_attempt", "INSERT", "true"),
    Gate.RESULT_ARRIVING: (
        "publishing_attempt",
        "UPDATE",
        "OLD.outcome = 'open' AND NEW.outcome = 'published'",
    ),
    Gate.LOOK_BEGINNING: ("publishing_look", "INSERT", "true"),
    Gate.ADOPTING: (_PIN, "UPDATE", "OLD.status = 'uncertain' AND NEW.status = 'published'"),
    Gate.GIVING_UP: (_PIN, "UPDATE", "OLD.status = 'sending' AND NEW.status = 'uncertain'"),
    Gate.PLANNING: (_PIN, "UPDATE", "OLD.status = 'draft' AND NEW.status = 'scheduled'"),
}


class Gates:
    """The gates of one database, seen from a connection of the run's own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: psycopg.Connection | None = None

    def build(self) -> None:
        """Put the triggers in place, once the tables are there; all gates are open."""
        session = self._connected()
        session.execute(_FUNCTION)
        for gate, (table, event, when) in _PLACES.items():
            words = {"table": table, "event": event, "when": when}
            session.execute(_BEFORE.format(key=int(gate), **words))
            session.execute(_AT_COMMIT.format(key=int(gate) + 1, **words))

    @contextmanager
    def closed(self, gate: Gate, *, patience: float) -> Iterator[str | None]:
        """Close a gate and give the name of the process that came to it, None when none did."""
        give_up_at = time.monotonic() + patience
        session = self._connected()
        if not _eventually(lambda: self._try_to_close(session, gate), give_up_at):
            yield None
            return
        try:
            yield _eventually(lambda: self._who_waits(session, gate), give_up_at)
        finally:
            session.execute("SELECT pg_advisory_unlock(%s)", [int(gate)])

    def close(self) -> None:
        """End the connection; whatever it held is open."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _connected(self) -> psycopg.Connection:
        if self._session is None or self._session.closed:
            self._session = psycopg.connect(self._url, autocommit=True)
        return self._session

    def _try_to_close(self, session: psycopg.Connection, gate: Gate) -> bool:
        row = session.execute("SELECT pg_try_advisory_lock(%s)", [int(gate)]).fetchone()
        return bool(row and row[0])

    def _who_waits(self, session: psycopg.Connection, gate: Gate) -> str | None:
        row = session.execute(_WAITING, [int(gate)]).fetchone()
        return row[0] if row else None


def _eventually(ask: Callable[[], Answer], give_up_at: float) -> Answer:
    """Ask until the answer is something, or the time is over; returns the last answer."""
    while not (answer := ask()) and time.monotonic() < give_up_at:
        time.sleep(0.01)
    return answer
