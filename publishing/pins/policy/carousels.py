"""What makes a carousel that Pinterest takes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from publishing.choices.bounds import FEWEST_SLIDES, MOST_SLIDES

Size = tuple[int, int]
"""Width and height in pixels."""


class CarouselRejected(ValueError):
    """The pictures make no carousel; the text says why and what to do.

    `odd` are the positions, from 0, of the pictures whose size is not that of the others.
    """

    def __init__(self, message: str, *, odd: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.odd = tuple(odd)


def check_carousel(sizes: Sequence[Size]) -> None:
    """Raise CarouselRejected unless there are 2 to 5 pictures, all of one size.

    Where sizes differ, the one that most pictures have is taken for the right one; among equals
    the first picture's.
    """
    count = len(sizes)
    if count < FEWEST_SLIDES:
        raise CarouselRejected("A carousel shows 2 to 5 pictures. Add another one.")
    if count > MOST_SLIDES:
        surplus = count - MOST_SLIDES
        raise CarouselRejected(
            f"A carousel shows 2 to 5 pictures, and these are {count}. Remove {surplus} of them."
        )
    wanted = Counter(sizes).most_common(1)[0][0]
    odd = [position for position, size in enumerate(sizes) if size != wanted]
    if odd:
        raise CarouselRejected(_unequal(sizes, wanted, odd), odd=odd)


def _unequal(sizes: Sequence[Size], wanted: Size, odd: Sequence[int]) -> str:
    width, height = wanted
    named = ", ".join(f"picture {at + 1} ({_words(sizes[at])})" for at in odd)
    return (
        f"Pinterest takes a carousel only when all pictures have the same size, here {width} by "
        f"{height} pixels. Crop or replace {named}."
    )


def _words(size: Size) -> str:
    return f"{size[0]} by {size[1]}"
