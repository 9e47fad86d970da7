"""Bounds of what a Pin may say and show, and of what is said about it. Pure."""

from __future__ import annotations

from typing import Final

KEYWORDS_LIMIT: Final = 1_000
"""Characters. Ours: Pinterest's API has no field for them."""


HOLD_HOURS = 24
"""How late a Pin goes out unasked in a workspace that has not chosen otherwise."""


FEWEST_SLIDES = 2


MOST_SLIDES = 5


TITLE_LIMIT = 100


DESCRIPTION_LIMIT = 800


LINK_LIMIT = 2048


ALT_TEXT_LIMIT = 500
"""Lengths in characters, as `POST /pins` takes them (official description 5.23)."""
