"""Asking things that may not answer: each question has two seconds, and one thread at most."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

Answer = TypeVar("Answer")

PATIENCE = 2.0
"""Seconds. Whoever watches this server should be answered while its surroundings hang."""


class NoAnswer(Exception):
    """The question is still being asked."""


class _Asked(Generic[Answer]):
    """One question under way in a thread of its own."""

    def __init__(self, question: Callable[[], Answer]) -> None:
        self._question = question
        self._answer: list[Answer] = []
        self._error: Exception | None = None
        self.thread = threading.Thread(target=self._ask, name="health-question", daemon=True)
        self.thread.start()

    def _ask(self) -> None:
        try:
            self._answer.append(self._question())
        except Exception as error:
            # Whatever it is: a thread can't raise it to who asked, so `result` does.
            self._error = error

    def result(self) -> Answer:
        """Raises NoAnswer, or what the question raised."""
        if self._error is not None:
            raise self._error
        if not self._answer:
            raise NoAnswer
        return self._answer[0]


class Bounded:
    """Questions by name. One that hangs is not asked again before it has come back."""

    def __init__(self) -> None:
        self._asking: dict[str, _Asked[object]] = {}
        self._lock = threading.Lock()

    def ask(self, questions: Mapping[str, Callable[[], object]]) -> dict[str, Callable[[], object]]:
        """Ask all at once; what comes back gives each answer, or raises what stood in its way."""
        with self._lock:
            for name, question in questions.items():
                before = self._asking.get(name)
                if before is None or not before.thread.is_alive():
                    self._asking[name] = _Asked(question)
            asked = {name: self._asking[name] for name in questions}
        give_up_at = time.monotonic() + PATIENCE
        for each in asked.values():
            each.thread.join(max(give_up_at - time.monotonic(), 0))
        return {name: each.result for name, each in asked.items()}
