"""Demo pictures, painted when first looked at: vessels and leaves on quiet grounds."""

from PIL import Image


def paint(art: str, *, width: int, height: int) -> Image.Image:
    """Paint the picture called `art` at the given size in pixels."""
    return Image.new("RGB", (width, height), "#d8c3a5" if art else "#ffffff")
