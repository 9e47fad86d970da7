"""Links to Pinterest's dialog. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

DIALOG: Final = "https://www.pinterest.com/pin/create/button/"


def dialog_link(*, page_url: str, media: str, description: str) -> str:
    """A link that opens the dialog with a page, its picture and words for the Pin.

    Pinterest's own script takes a value apart by `decodeURIComponent`, to which `+` is a plus
    sign: a space is `%20`.
    """
    values = {"url": page_url, "media": media, "description": description}
    return f"{DIALOG}?" + "&".join(
        f"{name}={quote(text, safe='')}" for name, text in values.items()
    )
