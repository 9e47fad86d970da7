"""Somebody at the web pages: publishes drafts, tries again when the server dies under the click."""

from __future__ import annotations

import secrets
import string
import threading
import time

import requests

from tests.chaos.stage import Stage

_TIMEOUT_S = 20.0
_PAUSE_S = 0.4


class Person:
    """Clicks "Publish now" on one draft after another, in a thread of its own."""

    def __init__(self, stage: Stage, *, session: str, drafts: list[str]) -> None:
        self._stage = stage
        self._drafts = list(drafts)
        self._wanted = threading.Semaphore(0)
        self._over = threading.Event()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._browser = requests.Session()
        self._browser.trust_env = False
        token = "".join(secrets.choice(string.ascii_letters) for _ in range(32))
        self._browser.cookies.update({"sessionid": session, "csrftoken": token})
        self._browser.headers["X-CSRFToken"] = token
        self.clicks = 0
        self.lost_clicks = 0

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
        self._wanted.release()

    def stop(self) -> None:
        self._over.set()
        self._wanted.release()
        if self._thread.is_alive():
            self._thread.join()
        self._browser.close()

    def _run(self) -> None:
        while self._drafts:
            if not self._hurry.is_set():
                self._wanted.acquire()
            if self._over.is_set():
                return
            self._publish(self._drafts[0])
            self._drafts.pop(0)

    def _publish(self, pin: str) -> None:
        """Click until the server has answered: a click may be lost with its answer."""
        while not self._over.is_set():
            self.clicks += 1
            try:
                answer = self._browser.post(
                    f"{self._stage.web_url}/pins/{pin}/publish-now/",
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
