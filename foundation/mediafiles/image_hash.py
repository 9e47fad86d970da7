"""What a picture looks like in 256 bits, so that the same picture is known in another file.

A difference hash: the picture is brought to 17 by 16 greys, and each bit says whether a grey is
clearly brighter than the one to its right. Scaling, another quality and a small change of light
leave most bits as they are; another picture differs in about half of those that are set.
"""

import struct
from itertools import pairwise
from typing import Final

from PIL import Image

from foundation.mediafiles.pixels import flatten, shrink

LIKENESS_BITS: Final = 256
LIKENESS_DIGITS: Final = LIKENESS_BITS // 4
_SIDE: Final = 16
# Scaled down to a multiple first: shapes of one hundredth of the picture still weigh in.
_SAMPLE: Final = ((_SIDE + 1) * 10, _SIDE * 10)
# A step counts from this share of the picture's whole range of greys; below it is noise.
_CLEARLY: Final = 0.02
# Grey levels (0 to 255) between the darkest and the brightest part: less is an even surface.
_FLATTEST: Final = 24.0
# Bits that a picture must have set to be told from others.
_FEWEST_SET: Final = 8


def find_likeness(image: Image.Image) -> str:
    """Return 64 hexadecimal digits; empty for a picture too even to be told from another."""
    if image.mode == "P":
        # Dithered colours only mean something together, and palettes can't be averaged.
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    greys = flatten(shrink(image, _SAMPLE)).convert("L").convert("F")
    raw = greys.resize((_SIDE + 1, _SIDE), Image.Resampling.BOX).tobytes()
    levels = struct.unpack(f"={(_SIDE + 1) * _SIDE}f", raw)
    span = max(levels) - min(levels)
    bits = 0
    for start in range(0, len(levels), _SIDE + 1):
        for left, right in pairwise(levels[start : start + _SIDE + 1]):
            bits = bits << 1 | (left - right > span * _CLEARLY)
    if span < _FLATTEST or bits.bit_count() < _FEWEST_SET:
        return ""
    return f"{bits:0{LIKENESS_DIGITS}x}"


def likeness_distance(one: str, other: str) -> int:
    """Count the bits in which two of them differ: 0 is the same look, about 100 another.

    Raises ValueError for an empty one, and for what is no hash.
    """
    if {len(one), len(other)} != {LIKENESS_DIGITS}:
        raise ValueError("A likeness has 64 hexadecimal digits.")
    return (int(one, 16) ^ int(other, 16)).bit_count()
