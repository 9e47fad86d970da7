"""What a Pin lacks before it can go out."""

from __future__ import annotations

from publishing.models import Pin


def missing_from(pin: Pin) -> str:
    """What a Pin lacks, in words ("a board and a picture"); empty when it is complete."""
    if pin.connection is not None and not pin.connection.is_active:
        return f"{pin.connection} to be connected"
    parts = {"an account": pin.connection, "a board": pin.board, "a picture": pin.media}
    return " and ".join(words for words, part in parts.items() if part is None)
