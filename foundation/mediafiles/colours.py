"""Bring a picture's colours to sRGB, so that what says how they were meant can be left out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageCms

from foundation.mediafiles.colour_spaces import ColourSpace

_WITH_ALPHA: Final = frozenset({"LA", "PA", "La", "RGBA", "RGBa"})
_GREY: Final = frozenset({"1", "L", "LA", "La"})
_KEPT: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
_INK: Final = frozenset({"CMYK", "LAB"})
# What a profile says its numbers are, and the mode that has those channels.
_MODE_OF_SPACE: Final = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
_SAMPLE: Final = (0, 1, 16, 40, 64, 96, 128, 160, 192, 224, 240, 255)
_LAB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
_UNSEEN: Final = 2
"""Levels of 255 by which a profile may differ from sRGB and still count as that."""


def to_srgb(
    image: Image.Image, *, profile: bytes | None, space: ColourSpace | None = None
) -> Image.Image:
    """Convert by the embedded ICC profile, or by what else says how the colours were meant.

    Of eight bits a channel. Returns the very same picture where there is nothing to convert. A
    profile that is broken, or of other channels than the picture, says nothing; inks without one
    are converted plainly. The picture's alpha stays as it is.
    """
    # cICP stands above a profile; where a space is given besides one, it is such.
    for candidate in _candidates(image, profile, space):
        if (converted := _apply(image, candidate)) is not None:
            return converted
    if image.mode == "LAB":
        return _transform(image, _LAB, "RGB") or image.convert("L")
    return image if image.mode in _KEPT else _plain(image)


def has_alpha(image: Image.Image) -> bool:
    """Whether it can have clear parts, in a channel or as one clear colour."""
    return image.mode in _WITH_ALPHA or "transparency" in image.info


def _candidates(
    image: Image.Image, profile: bytes | None, space: ColourSpace | None
) -> Sequence[bytes]:
    written = space.profile(grey=image.mode in _GREY) if space and image.mode not in _INK else None
    return [each for each in (written, profile) if each]


def _apply(image: Image.Image, icc_profile: bytes) -> Image.Image | None:
    """Convert by a profile; None when it is broken or does not fit the picture."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
        mode = _MODE_OF_SPACE.get(source.profile.xcolor_space.strip())
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return None
    if mode is None or mode != _channels_of(image):
        return None
    if mode in ("RGB", "L") and _is_srgb(source, mode):
        return image if image.mode in _KEPT else _plain(image)
    alpha = image.convert("RGBA").getchannel("A") if has_alpha(image) else None
    converted = _transform(_only_colours(image, mode), source, "RGB")
    if converted is None:
        return None
    if mode == "L":
        converted = converted.getchannel("G")
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _channels_of(image: Image.Image) -> str:
    if image.mode in _INK:
        return image.mode
    return "L" if image.mode in _GREY else "RGB"


def _only_colours(image: Image.Image, mode: str) -> Image.Image:
    if image.mode == mode:
        return image
    bare = image.convert("RGBA") if has_alpha(image) and mode == "RGB" else image
    return bare.convert(mode)


def _is_srgb(source: ImageCms.ImageCmsProfile, mode: str) -> bool:
    """Whether its colours come out as they go in. Names don't tell: "Linear sRGB" is not it."""
    if mode == "L":
        sample = Image.frombytes("L", (len(_SAMPLE), 1), bytes(_SAMPLE))
    else:
        levels = _SAMPLE[::2]
        triples = bytes(v for r in levels for g in levels for b in levels for v in (r, g, b))
        sample = Image.frombytes("RGB", (len(triples) // 3, 1), triples)
    out = _transform(sample, source, "RGB")
    if out is None:
        return False
    before = sample.convert("RGB").tobytes()
    return all(abs(a - b) <= _UNSEEN for a, b in zip(before, out.tobytes(), strict=True))


def _transform(
    image: Image.Image, source: ImageCms.ImageCmsProfile, mode: str
) -> Image.Image | None:
    """As the profile's maker meant it, black on black; None when the two don't go together."""
    target = ImageCms.createProfile("sRGB")
    try:
        intent = ImageCms.Intent(ImageCms.getDefaultIntent(source))
        if intent is ImageCms.Intent.ABSOLUTE_COLORIMETRIC:  # would tint the page's white
            intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        return ImageCms.profileToProfile(
            image,
            source,
            target,
            renderingIntent=intent,
            outputMode=mode,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _plain(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if has_alpha(image) else "RGB")
