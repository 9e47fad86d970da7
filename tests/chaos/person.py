"""Somebody at the web pages: publishes drafts and answers what PinApp asks.

Clicks again when the server dies under the click, and looks at the board before answering.
"""

from __future__ import annotations

import secrets
import string
import threading
import time
from collections.abc import Mapping

import requests

from sandbox.remote import SandboxControl
from tests.chaos.ledger import Ledger
from tests.chaos.stage import Stage
from tests.chaos.verdict import content_of_pin, content_of_row

_TIMEOUT_S = 20.0
_PAUSE_S = 0.5
_IN_BETWEEN = {"claimed", "sending"}


class Person:
    """Clicks through the day, in a thread of its own."""

    def __init__(self, stage: Stage, *, session: str, drafts: list[str]) -> None:
        self._stage = stage
        self._drafts = list(drafts)
        self._wanted = threading.Semaphore(0)
        self._over = threading.Event()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ledger = Ledger(stage.url("person"))
        self._control = SandboxControl(stage.sandbox_url)
        self._browser = requests.Session()
        self._browser.trust_env = False
        token = "".join(secrets.choice(string.ascii_letters) for _ in range(32))
        self._browser.cookies.update({"sessionid": session, "csrftoken": token})
        self._browser.headers["X-CSRFToken"] = token
        self.clicks = 0
        self.lost_clicks = 0
        self.answers: dict[str, str] = {}
        """By the Pin that asked: why, and what the person said."""

    @property
    def has_drafts(self) -> bool:
        return bool(self._drafts)

    def start(self) -> None:
        self._thread.start()

    def ask_to_publish(self) -> None:
        """Have the next draft published now."""
        self._wanted.release()

    def publish_the_rest(self) -> None:
        """Have all others published; they are done some time after."""
        self._hurry.set()

    def stop(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._ledger.close()
        self._control.close()
        self._browser.close()

    def _run(self) -> None:
        while not self._over.is_set():
            if self._drafts and (self._hurry.is_set() or self._wanted.acquire(timeout=_PAUSE_S)):
                self._click(f"{self._drafts[0]}/publish-now/", {})
                self._drafts.pop(0)
            else:
                self._over.wait(_PAUSE_S)
            for pin in self._ledger.questions():
                self._answer(pin)

    def _answer(self, pin: str) -> None:
        """Look at the board, and say what is there."""
        ours = self._ledger.pins()
        asking = next(row for row in ours if row.id == pin)
        content = content_of_row(asking)
        twins = [row for row in ours if content_of_row(row) == content and row.id != pin]
        if any(row.status in _IN_BETWEEN for row in twins):
            return  # what is there in a moment may be the twin's
        known = {row.pinterest_id for row in twins}
        there = [each.id for each in self._control.pins() if content_of_pin(each) == content]
        unknown = [number for number in there if number not in known]
        said = "it is there" if unknown else "it is not there, send it"
        self.answers[pin] = (
            f"{asking.title}: asked ({asking.question}) after {asking.attempts} attempts, "
            f"{asking.uncertain} of them uncertain; answered: {said}"
        )
        if unknown:
            self._click(f"{pin}/answer/", {"answer": "found", "address": unknown[0]})
        else:
            self._click(f"{pin}/answer/", {"answer": "send"})

    def _click(self, page: str, form: Mapping[str, str]) -> None:
        """Click until the server has answered: a click may be lost with its answer."""
        while not self._over.is_set():
            self.clicks += 1
            try:
                answer = self._browser.post(
                    f"{self._stage.web_url}/pins/{page}",
                    data=form,
                    allow_redirects=False,
                    timeout=_TIMEOUT_S,
                )
            except requests.RequestException:
                self.lost_clicks += 1
            else:
                if answer.status_code == requests.codes.found:
                    return
                self.lost_clicks += 1
            time.sleep(_PAUSE_S)
