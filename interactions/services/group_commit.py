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
    __slots__ = ("error", "is_done", "result", "row")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.is_done = False
        self.result: Result | None = None
        self.error: Exception | None = None


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
        self._pen = threading.Lock()
        self._line: deque[_Ticket[Row, Result]] = deque()

    def submit(self, row: Row) -> Result:
        """Return what came of the row once it is written. Raises TooBusy, and its own fault."""
        if len(self._line) >= self._most:
            raise TooBusy
        ticket: _Ticket[Row, Result] = _Ticket(row)
        self._line.append(ticket)
        with self._pen:
            while not ticket.is_done:
                self._write_those_in_line()
        if ticket.error is not None:
            raise ticket.error
        return ticket.result  # type: ignore[return-value]  # set where there is no error

    def _write_those_in_line(self) -> None:
        batch = [self._line.popleft() for _ in range(min(len(self._line), LARGEST_BATCH))]
        try:
            results = self._write([ticket.row for ticket in batch])
        except self._faults:
            for ticket in batch:
                self._write_alone(ticket)
            return
        except BaseException:
            # Nobody may wait for ever for a writer that is gone.
            for ticket in batch:
                ticket.error, ticket.is_done = TooBusy(), True
            raise
        for ticket, result in zip(batch, results, strict=True):
            ticket.result, ticket.is_done = result, True

    def _write_alone(self, ticket: _Ticket[Row, Result]) -> None:
        try:
            (ticket.result,) = self._write([ticket.row])
        except self._faults as error:
            ticket.error = error
        ticket.is_done = True
