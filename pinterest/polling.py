"""How long to wait between looks at a video that Pinterest processes."""

from typing import Final

_FIRST_S: Final = (1, 2, 4, 8)
_LATER_S: Final = 10
GIVE_UP_AFTER_S: Final = 600


def poll_delay(looks: int) -> int | None:
    """Return the seconds to wait after so many looks; None when ten minutes are used up.

    1, 2, 4, 8, then every 10 seconds, as Pinterest's own quickstart does. Raises ValueError for
    a negative number of looks.
    """
    if looks < 0:
        raise ValueError("Looks are counted from zero.")
    delay = _FIRST_S[looks] if looks < len(_FIRST_S) else _LATER_S
    return delay if waited_after(looks) + delay <= GIVE_UP_AFTER_S else None


def waited_after(looks: int) -> int:
    """Add up the seconds waited before the look that follows so many looks."""
    return sum(_FIRST_S[:looks]) + _LATER_S * max(0, looks - len(_FIRST_S))
