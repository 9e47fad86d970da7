"""What is done to a decoded picture: turned upright, brought to sRGB, flattened, measured."""

import contextlib
import io
import struct
from typing import Final

from PIL import Image, ImageCms

_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WITH_ALPHA: Final = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_PLAIN_MODES: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
_SAMPLE_SIDE: Final = 64
_SAMPLE_COLOURS: Final = 6


def turn_upright(image: Image.Image) -> Image.Image:
    """Apply the orientation a camera wrote into EXIF; a broken EXIF block says nothing."""
    orientation = None
    with contextlib.suppress(SyntaxError, ValueError, KeyError, TypeError, OSError, struct.error):
        orientation = image.getexif().get(_ORIENTATION)
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def bring_to_srgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """Convert to sRGB by the embedded profile, so that it can be thrown away unseen.

    Returns the very same picture when there is nothing to convert. CMYK without a profile and
    16-bit greys become plain 8-bit colours.
    """
    if image.mode.startswith("I"):
        # Pillow clips 16-bit greys when it converts them; scale them instead.
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if icc_profile:
        converted = _apply_profile(image, icc_profile)
        if converted is not None:
            return converted
    return image if image.mode in _PLAIN_MODES else _to_plain_colours(image)


def has_transparency(image: Image.Image) -> bool:
    """Whether any pixel lets the background through."""
    if image.mode not in _WITH_ALPHA and "transparency" not in image.info:
        return False
    lowest = image.convert("RGBA").getchannel("A").getextrema()[0]
    return isinstance(lowest, int | float) and lowest < 255


def flatten(image: Image.Image) -> Image.Image:
    """Return RGB, transparent parts laid on white as Pinterest shows them."""
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


def _apply_profile(image: Image.Image, icc_profile: bytes) -> Image.Image | None:
    """Convert by the profile; None when it is broken or does not fit the picture."""
    plain = image if image.mode in ("RGB", "RGBA", "CMYK", "L") else _to_plain_colours(image)
    alpha = plain.getchannel("A") if plain.mode == "RGBA" else None
    colours = plain.convert("RGB") if alpha else plain
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
        if _is_srgb(source) and image.mode != "CMYK":
            return image if image.mode in _PLAIN_MODES else None
        converted = ImageCms.profileToProfile(
            colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if converted is not None and alpha is not None:
        converted.putalpha(alpha)
    return converted


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    description = profile.profile.profile_description or ""
    return "srgb" in description.lower()


def _to_plain_colours(image: Image.Image) -> Image.Image:
    transparent = image.mode in _WITH_ALPHA or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")
