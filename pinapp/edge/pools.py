"""Threads that do one kind of work each, so that one kind never waits for another."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class Busy(Exception):
    """As much waits for these threads as may wait."""


class Reply(Generic[Result]):
    """How a thread answers the loop, once: by what a job gave or raised, or before its end."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Result] = self._loop.create_future()

    def give(self, result: Result) -> None:
        """Hand over the result; the job may go on. Called by the thread."""
        self._call(self._settle, result)

    def fail(self, error: BaseException) -> None:
        """Hand over why there is none. Called by the thread."""
        self._call(self._refuse, error)

    def _call(self, function: Callable[[Any], None], what: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, what)
        except RuntimeError:
            logger.debug("nobody_waits_any_more")  # the loop has ended with the process

    def _settle(self, result: Result) -> None:
        if not self.future.done():
            self.future.set_result(result)

    def _refuse(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Pool:
    """`threads` threads, begun with the first job; at most `most_waiting` jobs wait for them."""

    def __init__(self, name: str, *, threads: int, most_waiting: int) -> None:
        self.name = name
        self._threads = threads
        self._most_waiting = most_waiting
        self._jobs: queue.SimpleQueue[tuple[Callable[[Reply[Any]], None], Reply[Any]]] = (
            queue.SimpleQueue()
        )
        self._begun = False

    async def run(self, job: Callable[[], Result]) -> Result:
        """What the job gives in one of the threads. Raises Busy, and what the job raises."""

        def whole(reply: Reply[Result]) -> None:
            reply.give(job())

        return await self.start(whole)

    async def start(self, job: Callable[[Reply[Result]], None]) -> Result:
        """What the job replies, which may go on after it. Raises Busy, and what it raises."""
        if self._jobs.qsize() >= self._most_waiting:
            raise Busy(self.name)
        if not self._begun:
            self._begin()
        reply: Reply[Result] = Reply()
        self._jobs.put((job, reply))
        return await reply.future

    def _begin(self) -> None:
        """Not before the first job: the process may have been forked in the meantime."""
        self._begun = True
        for number in range(self._threads):
            threading.Thread(target=self._work, name=f"{self.name}-{number}", daemon=True).start()

    def _work(self) -> None:
        while True:
            job, reply = self._jobs.get()
            try:
                job(reply)
            except BaseException as error:
                # The edge of a thread: it is raised to whoever waits for the job.
                reply.fail(error)
            # Not kept until the next job comes: it holds a request and its answer.
            del job, reply
