"""What is done to a decoded picture: flattened, scaled down, measured."""

from typing import Final

from PIL import Image

_WITH_ALPHA: Final = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_SAMPLE_SIDE: Final = 64
_SAMPLE_COLOURS: Final = 6


def has_transparency(image: Image.Image) -> bool:
    """Whether any pixel lets the background through."""
    if image.mode not in _WITH_ALPHA and "transparency" not in image.info:
        return False
    lowest = image.convert("RGBA").getchannel("A").getextrema()[0]
    return isinstance(lowest, int | float) and lowest < 255


def flatten(image: Image.Image) -> Image.Image:
    """Return RGB, transparent parts laid on white as most sites show them."""
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image.convert("RGB")


def find_dominant_colour(image: Image.Image) -> str:
    """Name the colour that covers the most, as `#rrggbb`."""
    side = (_SAMPLE_SIDE, _SAMPLE_SIDE)
    sample = flatten(shrink(image, side))
    counted = sample.quantize(_SAMPLE_COLOURS).convert("RGB").getcolors(_SAMPLE_SIDE**2) or []
    _, colour = max(counted, key=lambda entry: entry[0])
    red, green, blue = colour if isinstance(colour, tuple) else (0, 0, 0)
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"


def shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scale down before anything else: converting 60 million pixels to look at 4,096 is waste."""
    if image.mode in ("RGB", "RGBA", "L"):
        return image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return image.resize(size, Image.Resampling.NEAREST)
