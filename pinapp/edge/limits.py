"""How much may come, and how slowly. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

KB, MB, GB = 1024, 1024**2, 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a body. What is more than `open` is taken from members alone, and lies on disk.

    `large` are patterns of the addresses at which members may send more than `members`.
    """

    open: int = 64 * KB
    members: int = 128 * MB
    large: tuple[tuple[re.Pattern[str], int], ...] = ()
    at_once: int = 6
    """Bodies on disk that one person may be sending."""

    room: int = 256 * MB
    """Bytes that stay free on the disk."""

    grace_s: float = 15.0
    """Seconds that any body may take."""

    pace: int = 8 * KB
    """Bytes a second that a body must come in by after that."""

    let_go_s: float = 5.0
    """Seconds for which a refused body is thrown away, so that its sender gets to read why."""

    patience_s: float = 30.0
    """Seconds in which a client must have taken the next piece of an answer."""

    def of_member(self, path: str) -> int:
        """What a member may send to an address."""
        return next((most for each, most in self.large if each.fullmatch(path)), self.members)

    def seconds_for(self, received: int) -> float:
        """How long a body may have taken by the time that so many bytes of it are here."""
        return self.grace_s + received / self.pace
