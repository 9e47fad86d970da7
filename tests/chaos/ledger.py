"""PinApp's rows as the run sees them, read past the product, in plain SQL."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.rows import namedtuple_row

_RECONNECT_S = 60.0

_ROWS = """
SELECT pin.id::text, pin.status, pin.question, pin.problem, pin.pinterest_id, pin.title,
       pin.description, pin.link, board.pinterest_id AS board,
       coalesce(section.pinterest_id, '') AS section,
       (SELECT count(*) FROM publishing_attempt WHERE pin_id = pin.id) AS attempts,
       (SELECT count(*) FROM publishing_attempt WHERE pin_id = pin.id AND outcome = 'uncertain')
           AS uncertain
FROM publishing_pin pin
JOIN publishing_board board ON board.id = pin.board_id
LEFT JOIN publishing_boardsection section ON section.id = pin.section_id
ORDER BY pin.title, pin.id
"""


class Ledger:
    """A connection that outlives restarts of the server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: psycopg.Connection[Any] | None = None

    def pins(self) -> Sequence[Any]:
        """All Pins of ours with where they stand."""
        return self._ask(_ROWS)

    def by_status(self) -> dict[str, int]:
        return dict(self._ask("SELECT status, count(*) FROM publishing_pin GROUP BY status"))

    def questions(self) -> list[str]:
        """The ids of the Pins that ask a person."""
        return [
            row[0] for row in self._ask("SELECT id::text FROM publishing_pin WHERE question <> ''")
        ]

    def make_due(self, pins: Sequence[str]) -> None:
        """Let the time of planned Pins come now."""
        self._ask(
            "UPDATE publishing_pin SET scheduled_at = now(), due_at = now()"
            " WHERE id::text = ANY(%s) AND status = 'scheduled' RETURNING id",
            list(pins),
        )

    def workers_sending(self, title: str) -> list[int]:
        """The process ids of the workers that have an open attempt at a Pin of this title."""
        rows = self._ask(
            "SELECT DISTINCT worker FROM publishing_attempt attempt"
            " JOIN publishing_pin pin ON pin.id = attempt.pin_id"
            " WHERE attempt.outcome = 'open' AND pin.title = %s",
            title,
        )
        return [int(row[0].rpartition(":")[2]) for row in rows]

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _ask(self, query: LiteralString, *values: Any) -> list[Any]:
        give_up_at = time.monotonic() + _RECONNECT_S
        while True:
            try:
                if self._session is None:
                    self._session = psycopg.connect(
                        self._url, autocommit=True, row_factory=namedtuple_row
                    )
                return self._session.execute(query, values).fetchall()
            except psycopg.OperationalError:
                with contextlib.suppress(psycopg.Error):
                    self.close()
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.1)
