"""Colour spaces told by numbers instead of a profile, written as the profile they stand for.

PNG tells gamma and primaries, or the code points of ITU-T H.273 as AVIF and HEIC do. Everything
after that reads ICC profiles only.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

Point = tuple[float, float]
_Rows = list[list[float]]

_D65: Final = (0.3127, 0.3290)
_D50_XYZ: Final = (0.9642, 1.0, 0.8249)
_BRADFORD: Final = [
    [0.8951, 0.2664, -0.1614],
    [-0.7502, 1.7135, 0.0367],
    [0.0389, -0.0685, 1.0296],
]
_STEPS: Final = 1024
_HDR_WHITE_NITS: Final = 203.0
"""What ITU-R BT.2408 takes for the white of a page in pictures of high dynamic range."""


class Primaries(NamedTuple):
    """The white point and the three primaries of a space, as CIE x and y."""

    white: Point
    red: Point
    green: Point
    blue: Point


SRGB: Final = Primaries(_D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_RGB: Final = Primaries(_D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
_PRIMARIES: Final = {
    1: SRGB,
    4: Primaries((0.310, 0.316), (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: Primaries(_D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: Primaries(_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    7: Primaries(_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    9: Primaries(_D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: Primaries((0.314, 0.351), (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    12: Primaries(_D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}


def _srgb(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _pq(value: float) -> float:
    """SMPTE ST 2084; what is brighter than a page's white is clipped."""
    root = value ** (1 / 78.84375)
    nits = 10_000 * (max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578)
    return float(min(nits / _HDR_WHITE_NITS, 1.0))


def _hlg(value: float) -> float:
    """ARIB STD-B67, with three quarters of the signal as a page's white."""
    return min(_hlg_scene(value) / _hlg_scene(0.75), 1.0)


def _hlg_scene(value: float) -> float:
    if value <= 0.5:
        return value * value / 3
    return float((2.718281828 ** ((value - 0.55991073) / 0.17883277) + 0.28466892) / 12)


def _power(exponent: float) -> Callable[[float], float]:
    return lambda value: float(value**exponent)


_TRANSFERS: Final[dict[int, Callable[[float], float]]] = {
    4: _power(2.2),
    5: _power(2.8),
    8: _power(1.0),
    16: _pq,
    18: _hlg,
}


@dataclass(frozen=True, slots=True)
class ColourSpace:
    """Primaries, and how a stored value (0 to 1) becomes light (0 to 1)."""

    primaries: Primaries
    to_light: Callable[[float], float]

    @classmethod
    def of_codes(cls, *, primaries: int, transfer: int) -> ColourSpace | None:
        """Of code points of H.273; None where they say nothing that is known, or just sRGB.

        The curve of television counts as that of sRGB, as browsers take it in stills.
        """
        if primaries not in _PRIMARIES or (primaries == 1 and transfer not in _TRANSFERS):
            return None
        return cls(_PRIMARIES[primaries], _TRANSFERS.get(transfer, _srgb))

    @classmethod
    def of_gamma(cls, exponent: float, primaries: Primaries | None = None) -> ColourSpace | None:
        """Of a plain power; None for one that no screen has."""
        if not 0.5 <= exponent <= 5:
            return None
        return cls(primaries or SRGB, _power(exponent))

    def profile(self, *, grey: bool) -> bytes | None:
        """The space as an ICC profile (version 2), of one channel or of three.

        None where the primaries make no space.
        """
        curve = _curve(self.to_light)
        if grey:
            return _write(b"GRAY", {b"wtpt": _xyz(_D50_XYZ), b"kTRC": curve})
        try:
            matrix = _to_d50(self.primaries)
        except ZeroDivisionError:
            return None
        if max(abs(number) for row in matrix for number in row) > 2:
            return None
        columns = list(zip(*matrix, strict=True))
        return _write(
            b"RGB ",
            {
                b"wtpt": _xyz(_D50_XYZ),
                **{name: _xyz(columns[n]) for n, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
                **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
            },
        )


def _curve(to_light: Callable[[float], float]) -> bytes:
    values = [round(to_light(step / (_STEPS - 1)) * 65535) for step in range(_STEPS)]
    return struct.pack(
        f">4s4xI{_STEPS}H", b"curv", _STEPS, *(min(max(v, 0), 65535) for v in values)
    )


def _xyz(values: tuple[float, ...]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(value * 65536) for value in values))


def _write(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Head, table of tags, tags; each begins at a multiple of four."""
    at, table, bodies = 132 + 12 * len(tags), b"", b""
    for name, body in tags.items():
        table += struct.pack(">4sII", name, at + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    size = at + len(bodies)
    head = struct.pack(
        ">I4x4s4s4s4s12x4s", size, b"\x02\x40\x00\x00", b"mntr", space, b"XYZ ", b"acsp"
    )
    head += bytes(24) + struct.pack(">I3i", 1, *(round(v * 65536) for v in _D50_XYZ))
    return head.ljust(128, b"\x00") + struct.pack(">I", len(tags)) + table + bodies


def _to_d50(space: Primaries) -> _Rows:
    """From the space's red, green and blue to XYZ under D50, adapted as Bradford has it."""
    white = _to_xyz(space.white)
    corners = [_to_xyz(point) for point in space[1:]]
    columns = [[corner[row] for corner in corners] for row in range(3)]
    shares = _apply(_invert(columns), white)
    matrix = [[columns[row][n] * shares[n] for n in range(3)] for row in range(3)]
    here, there = _apply(_BRADFORD, white), _apply(_BRADFORD, list(_D50_XYZ))
    scale = [[there[row] / here[row] if row == n else 0.0 for n in range(3)] for row in range(3)]
    return _times(_times(_invert(_BRADFORD), _times(scale, _BRADFORD)), matrix)


def _to_xyz(point: Point) -> list[float]:
    x, y = point
    return [x / y, 1.0, (1 - x - y) / y]


def _apply(matrix: _Rows, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _times(one: _Rows, other: _Rows) -> _Rows:
    columns = list(zip(*other, strict=True))
    return [[sum(a * b for a, b in zip(row, col, strict=True)) for col in columns] for row in one]


def _invert(matrix: _Rows) -> _Rows:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    cofactors = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    determinant = a * cofactors[0][0] + b * cofactors[1][0] + c * cofactors[2][0]
    return [[each / determinant for each in row] for row in cofactors]
