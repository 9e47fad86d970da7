"""Identifiers and secrets: the same ones for the same seed."""

import hashlib
import random
import secrets
import threading

_FIRST: dict[str, int] = {
    "account": 783_000_000_000_000_000,
    "board": 549_755_000_000_000_000,
    "section": 5_197_000_000_000_000_000,
    "pin": 1_099_000_000_000_000_000,
    "media": 5_212_000_000_000_000_000,
}


class Ids:
    """Hands out ids (18 or 19 digits, growing) and secrets; thread-safe."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311 - must repeat for a seed; guards nothing
        self.last: dict[str, int] = dict(_FIRST)
        self._rid = self._random.randrange(10**15, 10**16)

    def entity(self, kind: str) -> str:
        """The next id of `account`, `board`, `section`, `pin` or `media`: a decimal string."""
        with self._lock:
            self.last[kind] += self._random.randrange(1_000, 1_000_000)
            return str(self.last[kind])

    def secret(self, prefix: str) -> str:
        """A new token or code, such as `pina_…`."""
        with self._lock:
            return f"{prefix}_{self._random.getrandbits(320):080X}"

    def request_id(self) -> str:
        """A new value for `x-pinterest-rid`; never the same twice."""
        with self._lock:
            self._rid += self._random.randrange(1, 1_000_000)
            return str(self._rid)

    def leap(self, last: dict[str, int]) -> None:
        """Continue after a restart, far beyond `last`.

        A crash may lose the last second of state; ids and tokens handed out in that second
        must not be handed out again for something else.
        """
        with self._lock:
            fresh = secrets.randbits(128)
            self._random = random.Random(fresh)  # noqa: S311 - local test tokens only
            self._rid = self._random.randrange(10**15, 10**16)
            for kind, value in last.items():
                self.last[kind] = value + self._random.randrange(10**10, 10**11)


def digest(secret: str) -> str:
    """What the sandbox keeps of a token, code or app secret instead of the thing itself."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
