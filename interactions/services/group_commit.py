"""Writing together what arrives together: one commit for all that wait, before any is answered.

There is no thread for it. Whoever finds the pen free writes for everybody in the line; those
behind find their own row written when their turn comes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Row = TypeVar("Row")
Result = TypeVar("Result")

LARGEST_BATCH = 64


class TooBusy(Exception):
    """The line is full; nothing was written."""


class _Ticket(Generic[Row, Result]):
    """A row in the line. Its lock is held until the row is written, or its turn to write comes."""

    __slots__ = ("error", "has_pen", "is_done", "result", "row", "wait")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.wait = threading.Lock()
        self.wait.acquire()
        self.has_pen = False
        self.is_done = False
        self.result: Result | None = None
        self.error: BaseException | None = None


class GroupCommit(Generic[Row, Result]):
    """Writes rows in batches with `write`, which gives a result for each row in its order.

    Where a batch fails with one of `faults`, each of its rows is written by itself, so that one
    bad row fails alone. `most` bounds the line.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Row]], Sequence[Result]],
        *,
        faults: tuple[type[Exception], ...],
        most: int = 1000,
    ) -> None:
        self._write = write
        self._faults = faults
        self._most = most
        self._mutex = threading.Lock()
        self._line: deque[_Ticket[Row, Result]] = deque()
        self._somebody_writes = False

    def submit(self, row: Row) -> Result:
        """Return what came of the row once it is written. Raises TooBusy, and its own fault."""
        ticket: _Ticket[Row, Result] = _Ticket(row)
        with self._mutex:
            if len(self._line) >= self._most:
                raise TooBusy
            self._line.append(ticket)
            if not self._somebody_writes:
                self._somebody_writes = ticket.has_pen = True
        if not ticket.has_pen:
            ticket.wait.acquire()
        if not ticket.is_done:
            self._write_those_in_line()
        if ticket.error is not None:
            raise ticket.error
        return ticket.result  # type: ignore[return-value]  # set where there is no error

    def _write_those_in_line(self) -> None:
        """Write the batch at the head of the line, our own row in it, and hand on the pen."""
        with self._mutex:
            batch = [self._line.popleft() for _ in range(min(len(self._line), LARGEST_BATCH))]
        try:
            self._write_batch(batch)
        finally:
            # Also when something else went wrong: nobody may wait for ever.
            with self._mutex:
                next_one = self._line[0] if self._line else None
                if next_one is None:
                    self._somebody_writes = False
            if next_one is not None:
                next_one.has_pen = True
                next_one.wait.release()
            for ticket in batch:
                if not ticket.is_done:
                    ticket.error, ticket.is_done = TooBusy(), True
                if not ticket.has_pen:
                    ticket.wait.release()

    def _write_batch(self, batch: Sequence[_Ticket[Row, Result]]) -> None:
        try:
            results = self._write([ticket.row for ticket in batch])
        except self._faults:
            for ticket in batch:
                self._write_alone(ticket)
            return
        for ticket, result in zip(batch, results, strict=True):
            ticket.result, ticket.is_done = result, True

    def _write_alone(self, ticket: _Ticket[Row, Result]) -> None:
        try:
            (ticket.result,) = self._write([ticket.row])
        except self._faults as error:
            ticket.error = error
        ticket.is_done = True
