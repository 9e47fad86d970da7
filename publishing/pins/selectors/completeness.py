"""What a Pin lacks before it can go out."""

from __future__ import annotations

from publishing.models import Pin


def missing_from(pin: Pin) -> str:
    """What a Pin lacks, in words ("a board and a picture"); empty when it is complete."""
    if pin.connection is not None and not pin.connection.is_active:
        return f"{pin.connection} to be connected"
    picture = "a cover picture" if pin.video_id else "a picture"
    parts = {
        "an account": pin.connection is not None,
        "a board": pin.board is not None,
        picture: pin.has_picture,
    }
    return " and ".join(words for words, is_there in parts.items() if not is_there)
