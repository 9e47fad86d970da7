"""How a button looks on a page: the stylesheet to copy, which also draws the preview. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CLASS: Final = "pinapp-pin-it"
USUAL_WORDS: Final = "Pin it"
OWN: Final = "own"

# Ground, ink, ground under the pointer. The red is Pinterest's own.
_COLORS: Final = {
    "red": ("#e60023", "#ffffff", "#ad081b"),
    "dark": ("#1b1b1b", "#ffffff", "#3d3d3d"),
    "light": ("#ffffff", "#1b1b1b", "#ededed"),
}
_RADII: Final = {"round": "999px", "soft": "8px", "square": "0"}
_SIZES: Final = {"small": "0.875rem", "usual": "1rem", "large": "1.1875rem"}

LOOKS: Final = (
    ("red", "Red"),
    ("dark", "Dark"),
    ("light", "Light"),
    (OWN, "As your page's links"),
)
SHAPES: Final = (("round", "Round"), ("soft", "Soft corners"), ("square", "Square"))
SIZES: Final = (("small", "Small"), ("usual", "Usual"), ("large", "Large"))


@dataclass(frozen=True, slots=True)
class ButtonStyle:
    """Words, and names of a look, a shape and a size."""

    words: str = USUAL_WORDS
    look: str = "red"
    shape: str = "round"
    size: str = "usual"

    @property
    def css_class(self) -> str:
        """The class of the link; empty where it looks as the page's own links do."""
        return "" if self.look == OWN else CLASS


def stylesheet(style: ButtonStyle) -> str:
    """The rules for the page's stylesheet; empty where the page's own do."""
    if style.look == OWN:
        return ""
    ground, ink, pointed = _COLORS[style.look]
    return f"""\
.{CLASS} {{
  display: inline-block;
  padding: 0.6em 1.2em;
  border: 1px solid {pointed if style.look == "light" else ground};
  border-radius: {_RADII[style.shape]};
  background: {ground};
  color: {ink};
  font-size: {_SIZES[style.size]};
  font-weight: 600;
  line-height: 1.25;
  text-decoration: none;
}}
.{CLASS}:hover {{ background: {pointed}; color: {ink}; }}
.{CLASS}:focus-visible {{ outline: 3px solid {ink}; outline-offset: -6px; }}"""
